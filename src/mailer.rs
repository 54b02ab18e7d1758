//! How mail leaves: by the SMTP server of the settings; without one, into the log.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Category;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use url::{Host, Url};

use crate::config::Config;

/// How long one step of the conversation with the mail server may take.
const STEP: Duration = Duration::from_secs(20);
/// How long all of it may take.
const WHOLE: Duration = Duration::from_mins(1);

const URL_WANTED: &str = "TENANTRY_SMTP_URL must be like smtps://user:password@mail.company.example, or \
     smtp://localhost for a relay on this machine; ?tls=required after smtp:// asks for encryption. \
     Write other than letters and digits of user and password as percent and two hex digits.";
const BOTH_WANTED: &str = "TENANTRY_SMTP_URL names only one of user and password.";
const TLS_WANTED: &str =
    "TENANTRY_SMTP_URL would send its password in the clear. Use smtps://, or add ?tls=required.";
const FROM_WANTED: &str =
    "TENANTRY_MAIL_FROM must name the sender of mail, like Tenantry <no-reply@company.example>.";

/// A mail, ready to leave.
pub struct Mail {
    /// What makes it this mail, should it arrive twice: a few letters and digits.
    pub id: String,
    /// Address, as stored.
    pub to: String,
    /// Whose address it is.
    pub name: String,
    /// Subject.
    pub subject: &'static str,
    /// For readers of plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Why a mail did not leave, in words without its address.
#[derive(Debug)]
pub enum Failure {
    /// Another time it may.
    Passing(String),
    /// It never will.
    Final(String),
}

/// How mail leaves.
pub struct Mailer(Option<Smtp>);

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// The mailer of the settings.
    ///
    /// # Errors
    /// A sentence that names the setting and no password.
    pub fn new(config: &Config, public_url: &Url) -> Result<Self, String> {
        let Some(url) = &config.smtp_url else {
            return Ok(Self(None));
        };
        let from = config.mail_from.as_deref().unwrap_or_default();
        Ok(Self(Some(Smtp {
            transport: builder(url, public_url)?.timeout(Some(STEP)).build(),
            from: from.parse().map_err(|_| FROM_WANTED.to_owned())?,
        })))
    }

    /// Whether there is no mail server, so that mail is only written to the log.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.0.is_none()
    }

    /// Sends a mail, or writes it to the log.
    ///
    /// # Errors
    /// [`Failure`], which says whether to try again.
    pub async fn send(&self, mail: Mail) -> Result<(), Failure> {
        let Some(smtp) = &self.0 else {
            tracing::info!("mail is off; this would go to {}:\n{}", mail.to, mail.text);
            return Ok(());
        };
        let message = message(mail, &smtp.from)?;
        match tokio::time::timeout(WHOLE, smtp.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::Passing("the mail server is too slow".to_owned())),
        }
    }
}

fn builder(text: &str, public_url: &Url) -> Result<AsyncSmtpTransportBuilder, String> {
    let url = Url::parse(text).map_err(|_| URL_WANTED)?;
    let encrypted = url.scheme() == "smtps"
        || url
            .query_pairs()
            .any(|(name, value)| name == "tls" && value == "required");
    match (url.username(), url.password()) {
        ("", None) => {}
        ("", Some(_)) | (_, None) => return Err(BOTH_WANTED.to_owned()),
        _ if !encrypted => return Err(TLS_WANTED.to_owned()),
        _ => {}
    }
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(text).map_err(|_| URL_WANTED)?;
    Ok(match public_url.host() {
        // A path in the URL is another name to be known by.
        Some(Host::Domain(name)) if url.path().len() <= 1 => {
            builder.hello_name(ClientId::Domain(name.to_owned()))
        }
        _ => builder,
    })
}

fn message(mail: Mail, from: &Mailbox) -> Result<Message, Failure> {
    let to = address(&mail.to)
        .ok_or_else(|| Failure::Final("no mail can be sent to such an address".to_owned()))?;
    let id = format!("<{}@{}>", mail.id, from.email.domain());
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(mail.name), to))
        .subject(mail.subject)
        .message_id(Some(id))
        .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))
        .map_err(|error| Failure::Final(error.to_string()))?;
    // RFC 3834: nobody's absence is to be answered.
    message.headers_mut().insert_raw(HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    ));
    Ok(message)
}

/// The stored address as mail servers understand it: its domain in IDNA form.
fn address(stored: &str) -> Option<Address> {
    let (local, domain) = stored.rsplit_once('@')?;
    Address::new(local, idna::domain_to_ascii(domain).ok()?).ok()
}

/// What a server answers may quote the address, so only the code is kept.
fn failure(error: &Error) -> Failure {
    match error.status() {
        Some(code) => {
            let words = format!("the mail server answered {code}");
            // 53x is about user and password of the setting, not about this mail.
            if error.is_permanent() && code.category != Category::Unspecified3 {
                Failure::Final(words)
            } else {
                Failure::Passing(words)
            }
        }
        None if error.is_response() => {
            Failure::Passing("the mail server’s answer is not understood".to_owned())
        }
        None => Failure::Passing(error.to_string()),
    }
}
