//! The one error type: what went wrong, and the status it has. No HTML and no JSON here.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};

/// What is wrong with a field. The first of these that a form has decides what an API call is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Not what it has to be.
    Wrong,
    /// It has to be unique, and somebody has it.
    Taken,
    /// A rule forbids it.
    Forbidden,
}

/// Messages of a refused form, each under the name of its field, in the order they were found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, String, Kind)>);

impl FieldErrors {
    /// Notes that `field` is wrong; `message` is a sentence that names the way out.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.note(field, message, Kind::Wrong);
    }

    /// Notes what is wrong with `field`, and of what kind that is.
    pub fn note(&mut self, field: &'static str, message: impl Into<String>, kind: Kind) {
        self.0.push((field, message.into(), kind));
    }

    /// The kind that comes first.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let kinds = self.0.iter().map(|(.., kind)| *kind);
        kinds.min().unwrap_or(Kind::Wrong)
    }

    /// The first message for `field`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, ..)| *name == field)
            .map(|(_, message, _)| message.as_str())
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All messages with their fields.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0
            .iter()
            .map(|(field, message, _)| (*field, message.as_str()))
    }

    /// `Ok` when nothing was found.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that was found.
    pub fn into_result(self) -> Result<(), Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }
}

/// Everything that can stand between a request and its answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or out of the caller's reach: the two answer alike.
    #[error("not found")]
    NotFound,
    /// A list of the API that holds nothing; the sentence says of what.
    #[error("{0}")]
    NoneFound(&'static str),
    /// Known caller, missing privilege.
    #[error("forbidden")]
    Forbidden,
    /// Nobody is signed in.
    #[error("not signed in")]
    SignedOut,
    /// An unsafe request that did not come from our own pages.
    #[error("cross-site request")]
    CrossSite,
    /// A rule of the domain says no; the sentence names the way out.
    #[error("{0}")]
    Refused(String),
    /// Something that nobody may, whatever they hold; the sentence names it.
    #[error("{0}")]
    Barred(String),
    /// Something that nobody does to oneself; the sentence names the way out.
    #[error("{0}")]
    Oneself(String),
    /// Input that the form can be shown again with.
    #[error("invalid input")]
    Invalid(FieldErrors),
    /// A request that no form of ours sends.
    #[error("{0}")]
    Malformed(&'static str),
    /// An API call that is not understood; the sentence names the key or parameter.
    #[error("{0}")]
    Unread(String),
    /// Somebody else changed it first; the name of what was changed.
    #[error("{0} was changed meanwhile")]
    Changed(String),
    /// Was there, and was removed for good.
    #[error("{0}")]
    Gone(String),
    /// More than the limit.
    #[error("too large")]
    TooLarge,
    /// The request did not arrive in time.
    #[error("too slow")]
    Slow,
    /// Not a kind of body that is understood.
    #[error("unsupported media type")]
    MediaType,
    /// Too many failures or links of one address, or calls of one user; seconds to wait.
    #[error("too many attempts")]
    TooMany(u64),
    /// Busy, or the database is away. The text is for the log only.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Our own fault. The text is for the log only.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoneFound(_) => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Barred(_) | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Refused(_) | Self::Oneself(_) | Self::Changed(_) | Self::Invalid(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Malformed(_) | Self::Unread(_) => StatusCode::BAD_REQUEST,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Unavailable(_) => Some(5),
            _ => None,
        }
    }

    /// An internal error that keeps only what kind of thing went wrong.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

/// The bare status; a middleware of each front end writes the page or the body.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        if let Some(seconds) = self.retry_after() {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        response.finish()
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Db};
        match error {
            Db::NotFound => Self::NotFound,
            // The driver's text may carry values of the row ("Key (email)=(...)"), so only the kind is kept.
            Db::DatabaseError(Kind::ClosedConnection, _) | Db::BrokenTransactionManager => {
                Self::Unavailable("the database connection was lost".to_owned())
            }
            Db::DatabaseError(Kind::Unknown, info) => unknown(info.message()),
            Db::DatabaseError(kind, info) => Self::Internal(format!(
                "database: {kind:?} on {}",
                info.constraint_name()
                    .or_else(|| info.table_name())
                    .unwrap_or("an unnamed constraint")
            )),
            other => Self::Internal(format!("database: {other}")),
        }
    }
}

/// Errors without a kind of their own: a busy, full or vanished database is nobody's bug.
fn unknown(message: &str) -> Error {
    const PASSING: [&str; 8] = [
        "database is locked",
        "disk is full",
        "server closed the connection",
        "terminating connection",
        "no connection to the server",
        "the database system is",
        "connection not open",
        "SSL connection has been closed",
    ];
    if PASSING.iter().any(|passing| message.contains(passing)) {
        Error::Unavailable("the database cannot be used now".to_owned())
    } else {
        Error::Internal(format!(
            "database: {}",
            message.lines().next().unwrap_or_default()
        ))
    }
}

impl From<r2d2::Error> for Error {
    fn from(error: r2d2::Error) -> Self {
        Self::Unavailable(format!("no database connection: {error}"))
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(format!("template: {error}"))
    }
}
