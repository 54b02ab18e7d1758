//! Forms and queries as extractors: bounded, strict about encoding, and with our own errors.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;

use crate::auth::body;
use crate::error::Error;

/// Bytes of a form.
const LARGEST: usize = 64 * 1024;

/// A form that was posted.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.headers().get(CONTENT_TYPE);
        let ours = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                let essence = kind.split(';').next().unwrap_or_default().trim();
                essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
            });
        let body = body::read(request, payload.take(), LARGEST);
        Box::pin(async move {
            if !ours {
                return Err(Error::MediaType);
            }
            decode(&body.await?).map(Self)
        })
    }
}

/// The parameters of the address.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(decode(request.query_string().as_bytes()).map(Self))
    }
}

/// Decodes what an HTML form writes; anything that no browser writes is refused, not guessed at.
///
/// # Errors
/// [`Error::Malformed`] for bad UTF-8, NUL, a field given twice, or a number that is none.
pub fn decode<T: DeserializeOwned>(encoded: &[u8]) -> Result<T, Error> {
    let text = percent_decode(encoded)
        .decode_utf8()
        .map_err(|_| Error::Malformed("The request is not UTF-8."))?;
    if text.contains('\0') {
        return Err(Error::Malformed("The request holds a NUL character."));
    }
    serde_html_form::from_bytes(encoded)
        .map_err(|_| Error::Malformed("A field of the request is not understood."))
}
