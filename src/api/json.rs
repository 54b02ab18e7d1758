//! JSON bodies as extractors: bounded, and with our own errors, which name the key that is wrong.

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa::openapi::{Content, Response, ResponseBuilder};

use super::call::{Answers, Description, Takes};
use crate::auth::body;
use crate::error::Error;

/// Bytes of a body.
pub(super) const LARGEST: usize = 1024 * 1024;

/// A type that a whole body is read as. Keys that it does not have are ignored, for clients send whole objects back; only
/// the password policy refuses them, as its guide says.
pub trait Body: DeserializeOwned + 'static {
    /// What the body begins with. Without it, an array would be taken for an object's values in their order.
    const OPENS: char = '{';
}

/// The media type of every body, either way.
pub const JSON: &str = "application/json";

/// A JSON body: of a call, or of its answer.
pub struct Json<T>(pub T);

/// An answer with no body.
pub struct Done;

impl<T: Body> FromRequest for Json<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.headers().get(CONTENT_TYPE);
        let ours = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                let essence = kind.split(';').next().unwrap_or_default().trim();
                essence.eq_ignore_ascii_case(JSON)
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

impl<T: Serialize> Responder for Json<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self.0)
    }
}

impl Responder for Done {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

impl<T: Body + ToSchema> Takes for Json<T> {
    fn describe(description: &mut Description) {
        description.schema::<T>();
        description.body = Some(T::name().into_owned());
        description.refuse(408, "The body did not arrive within 20 seconds.");
        description.refuse(413, "The body is larger than 1 MiB.");
        description.refuse(415, "The body is no application/json.");
    }
}

impl<T: Serialize + ToSchema> Answers for Json<T> {
    fn describe(description: &mut Description) {
        let schema = description.schema::<T>();
        description.answer = ResponseBuilder::new()
            .description("Done.")
            .content(JSON, Content::new(Some(schema)))
            .build();
    }
}

impl Answers for Done {
    fn describe(description: &mut Description) {
        description.answer = Response::new("Done. There is no body.");
    }
}

fn decode<T: Body>(body: &[u8]) -> Result<T, Error> {
    let text = std::str::from_utf8(body).map_err(|_| Error::Malformed("The body is not UTF-8."))?;
    // No text of ours may hold it, and PostgreSQL keeps none that does.
    if text.contains("\\u0000") {
        return Err(Error::Malformed("The body holds a NUL character."));
    }
    if !text.trim_start().starts_with(T::OPENS) {
        return Err(Error::Malformed(if T::OPENS == '{' {
            "The body needs to be a JSON object."
        } else {
            "The body needs to be a JSON array."
        }));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (key, error) = (error.path().to_string(), error.into_inner());
        Error::Unread(if error.is_data() {
            // Of the whole body, the path is a point.
            let key = if key == "." { "The body" } else { &key };
            format!("{key} {}", expected(&error.to_string()))
        } else {
            not_json(&error)
        })
    })?;
    json.end()
        .map_err(|error| Error::Unread(not_json(&error)))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> String {
    format!(
        "The body is not JSON: line {}, column {}.",
        error.line(),
        error.column()
    )
}

/// What the key needs to be. The value itself is left out: it may be a password.
fn expected(text: &str) -> String {
    if text.starts_with("unknown field") {
        return "is not a key of this call.".to_owned();
    }
    // In an object of a list; what the body itself needs, a call asks for in its own words.
    if let Some((_, rest)) = text.split_once("missing field `")
        && let Some((key, _)) = rest.split_once('`')
    {
        return format!("needs {key}, which is missing.");
    }
    let wanted = text.rsplit_once("expected ").map(|(_, wanted)| wanted);
    match wanted.and_then(|wanted| wanted.split(" at line").next()) {
        Some("i64" | "i32") => "needs to be a whole number.".to_owned(),
        Some(wanted) if !wanted.starts_with("struct") => format!("needs to be {wanted}."),
        Some(_) => "needs to be an object.".to_owned(),
        None => "is not understood.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, decode};
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Thing {
        first_name: Option<String>,
        active: Option<bool>,
        size: Option<i64>,
        parts: Vec<Thing>,
    }
    impl Body for Thing {}

    fn refused(body: &str) -> String {
        decode::<Thing>(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_wrong_key_is_named() {
        assert_eq!(
            refused(r#"{"firstName": 5}"#),
            "firstName needs to be a string."
        );
        assert_eq!(
            refused(r#"{"active": "yes"}"#),
            "active needs to be a boolean."
        );
        assert_eq!(
            refused(r#"{"size": 1.5}"#),
            "size needs to be a whole number."
        );
        assert_eq!(
            refused(r#"{"parts": [{}, {"active": 0}]}"#),
            "parts[1].active needs to be a boolean."
        );
        assert_eq!(
            refused(r#"{"parts": [7]}"#),
            "parts[0] needs to be an object."
        );
        assert_eq!(
            refused("{\n \"size\": 1,}"),
            "The body is not JSON: line 2, column 12."
        );
        assert_eq!(refused("{} {}"), "The body is not JSON: line 1, column 4.");
        assert_eq!(refused("[]"), "The body needs to be a JSON object.");
        assert_eq!(
            refused(r#"{"firstName": "a\u0000"}"#),
            "The body holds a NUL character."
        );
    }

    #[test]
    fn keys_that_are_not_ours_are_ignored() {
        let thing: Thing =
            decode(br#"{"id": "x", "firstName": "Zo\u00eb", "size": null}"#).unwrap();
        assert_eq!(
            (thing.first_name.as_deref(), thing.size),
            (Some("Zo\u{eb}"), None)
        );
    }
}
