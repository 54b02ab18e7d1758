//! Turns every error into the API's status and its one shape of body.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use actix_web::middleware::Next;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::origin;
use crate::error::{Error, FieldErrors, Kind};

/// The body of every refusal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refusal<'a> {
    /// 24 hex digits, in the header and in the server's log too.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    request_id: &'a str,
    /// A sentence.
    message: &'a str,
}

/// Middleware: renders whatever went wrong further in.
///
/// # Errors
/// What the inner service answers.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    if response.status().is_success() {
        return Ok(response);
    }
    let (request, inner) = response.into_parts();
    let error = inner.error().and_then(|error| error.as_error::<Error>());
    origin::log_fault(&request, inner.status(), inner.error());
    let status = error.map_or(inner.status(), status_of);
    let mut outer = HttpResponse::build(status).json(Refusal {
        request_id: &origin::of(&request).request_id,
        message: &message(status, error),
    });
    for (name, value) in inner.headers() {
        if [RETRY_AFTER, ALLOW].contains(name) {
            outer.headers_mut().append(name.clone(), value.clone());
        }
    }
    if request.method() == actix_web::http::Method::HEAD {
        outer = outer.set_body(BoxBody::new(()));
        outer.headers_mut().remove(CONTENT_TYPE);
    }
    Ok(ServiceResponse::new(request, outer))
}

/// Where the API answers otherwise than the console, which shows a refused form again.
fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Refused(_) | Error::Changed(_) => StatusCode::CONFLICT,
        Error::Oneself(_) => StatusCode::FORBIDDEN,
        Error::Invalid(errors) => match errors.kind() {
            Kind::Wrong => StatusCode::BAD_REQUEST,
            Kind::Taken => StatusCode::CONFLICT,
            Kind::Forbidden => StatusCode::FORBIDDEN,
        },
        other => other.status(),
    }
}

fn message(status: StatusCode, error: Option<&Error>) -> String {
    let sentence = match (error, status.as_u16()) {
        (
            Some(
                Error::Refused(sentence)
                | Error::Barred(sentence)
                | Error::Oneself(sentence)
                | Error::Unread(sentence)
                | Error::Gone(sentence),
            ),
            _,
        ) => return sentence.clone(),
        (Some(Error::Invalid(errors)), _) => return in_words(errors),
        (Some(Error::Changed(name)), _) => {
            return format!("{name} was changed by somebody else at this moment. Try again.");
        }
        (Some(Error::Malformed(sentence) | Error::NoneFound(sentence)), _) => sentence,
        (_, 401) => "No active user belongs to these credentials.",
        (_, 403) => "You do not hold the privilege that this needs.",
        (_, 404) => "This was not found.",
        (_, 405) => "This address does not take this method.",
        (_, 408) => "The request took too long to arrive.",
        (_, 413) => "This is too large: a body holds up to 1 MiB, what a job sends up to 64 KiB.",
        (_, 415) => "The body needs to be JSON, with the media type application/json.",
        (_, 429) => "Too many requests. Wait for the seconds in Retry-After.",
        (_, 503) => "The server is busy. Nothing was changed. Try again.",
        (_, 500..) => "Something went wrong. Nothing was changed.",
        _ => "The request was not understood.",
    };
    sentence.to_owned()
}

/// Every field that is wrong, under the key that the API gives it.
fn in_words(errors: &FieldErrors) -> String {
    let parts: Vec<_> = errors
        .iter()
        .map(|(field, message)| format!("{}: {message}", key_of(field)))
        .collect();
    parts.join(" ")
}

/// `first_name` is `firstName`; the boxes of the two administrator roles are one list.
fn key_of(field: &str) -> String {
    if matches!(field, "org_admin" | "account_admin") {
        return "roles".to_owned();
    }
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |key, word| key + &crate::domain::text::capital(word))
}
