//! Turns every error into a page.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use askama::Template;

use super::page::{Notice, Page, Viewer, see_other};
use super::paths;
use crate::auth::authenticate::{halfway, has_ended};
use crate::auth::origin;
use crate::domain::session::Stage;
use crate::error::Error;

#[derive(Template)]
#[template(path = "errors/show.html")]
struct Show<'a> {
    page: &'a Page,
    status: u16,
    heading: &'a str,
    sentence: &'a str,
    back: &'a str,
    back_label: &'a str,
    request_id: &'a str,
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
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    // A refused form has its page already.
    if !failed || (response.response().error().is_none() && has_page(&response)) {
        return Ok(response);
    }
    let (request, inner) = response.into_parts();
    let error = inner.error().and_then(|error| error.as_error::<Error>());
    origin::log_fault(&request, status, inner.error());
    let rendered = answer(&request, status, error);
    let mut outer =
        rendered.unwrap_or_else(|_| HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR));
    // The session middleware's cookies and Retry-After stay; the body and its kind are ours.
    for (name, value) in inner.headers() {
        if [SET_COOKIE, RETRY_AFTER, ALLOW].contains(name) {
            outer.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(ServiceResponse::new(request, outer))
}

fn has_page(response: &ServiceResponse) -> bool {
    response.headers().contains_key(CONTENT_TYPE)
}

fn answer(
    request: &actix_web::HttpRequest,
    status: StatusCode,
    error: Option<&Error>,
) -> Result<HttpResponse, Error> {
    if let Some(Error::SignedOut) = error {
        return signed_out(request);
    }
    let page = Page::of(request)?;
    let (heading, sentence) = words(status, error);
    let security = page.viewer.as_ref().map(Viewer::security);
    let (back, back_label) = match security {
        None => ("/", "Go to the start page"),
        Some(Some("/security/accounts")) => ("/security/accounts", "Go to Accounts"),
        Some(Some(path)) => (path, "Go to Security"),
        Some(None) => ("/profile", "Go to My Profile"),
    };
    page.send(
        status,
        &Show {
            page: &page,
            status: status.as_u16(),
            heading,
            sentence: &sentence,
            back,
            back_label,
            request_id: &origin::of(request).request_id,
        },
    )
}

/// Nobody is signed in: to the sign-in page, and back afterwards where that makes sense.
fn signed_out(request: &actix_web::HttpRequest) -> Result<HttpResponse, Error> {
    let wanted = request
        .uri()
        .path_and_query()
        .map_or("/", actix_web::http::uri::PathAndQuery::as_str);
    let next = if request.method() == Method::GET {
        wanted
    } else {
        ""
    };
    if let Some((_, stage)) = halfway(request) {
        return Ok(see_other(&paths::sign_in(stage, next)));
    }
    let login = paths::sign_in(Stage::Full, next);
    if has_ended(request) {
        let notice = Notice::info("Your session has ended.").rest("Sign in to go on.");
        return Page::of(request)?.see_other(&login, &notice);
    }
    Ok(see_other(&login))
}

fn words(status: StatusCode, error: Option<&Error>) -> (&'static str, String) {
    let (heading, sentence) = match (status.as_u16(), error) {
        (
            _,
            Some(Error::Refused(sentence) | Error::Barred(sentence) | Error::Oneself(sentence)),
        ) => {
            return ("This was refused", sentence.clone());
        }
        (_, Some(Error::Changed(name))) => {
            return (
                "Nothing was changed",
                format!(
                    "{name} was changed by somebody else since you opened this page. Check it and try again."
                ),
            );
        }
        (_, Some(Error::Malformed(sentence))) => ("This request was not understood", *sentence),
        (_, Some(Error::CrossSite)) => (
            "This request did not come from Tenantry",
            "Open the console at its own address and try again there. If this is its address, the setting TENANTRY_PUBLIC_URL has to name it.",
        ),
        (400, _) => (
            "This request was not understood",
            "Go back and try again with the links and buttons of the page.",
        ),
        (401 | 403, _) => (
            "You are not allowed to open this page",
            "Ask an Org Admin if you need it.",
        ),
        (404, _) => (
            "This page was not found",
            "It may have been deleted, or the address is not complete.",
        ),
        (405, _) => (
            "This address does not work that way",
            "Go back and use the links and buttons of the page.",
        ),
        (408, _) => ("This request took too long to arrive", "Try again."),
        (413, _) => (
            "This is too large",
            "A form holds up to 64 KiB. Shorten what you entered and try again.",
        ),
        (415, _) => (
            "This request was not understood",
            "Go back and send the form of the page.",
        ),
        (422, _) => (
            "This was refused",
            "A field of the form is not right. Go back and check it.",
        ),
        (429, _) => (
            "Too many attempts",
            "Too many attempts came from your address. Wait a few minutes and try again.",
        ),
        (503, _) => (
            "Tenantry is busy",
            "Nothing was changed. Wait a few seconds and try again.",
        ),
        (500.., _) => (
            "Something went wrong",
            "Nothing was changed. Tell your administrator the number below if it happens again.",
        ),
        _ => (
            "This request was refused",
            "Go back and try again with the links and buttons of the page.",
        ),
    };
    (heading, sentence.to_owned())
}
