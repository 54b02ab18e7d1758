//! `Idempotency-Key`: a POST that is sent again, after an answer got lost, is not done again.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage as _, HttpResponse};
use futures_util::stream;
use tokio::time::sleep;

use super::json;
use crate::app::App;
use crate::auth::authenticate::actor;
use crate::auth::body;
use crate::db::Tx;
use crate::domain::keys::Keys;
use crate::domain::once::{self, Answer, Call};
use crate::error::Error;

const KEY: &str = "idempotency-key";
/// Tells that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key at most.
const LONGEST: usize = 255;
/// How often, and how far apart, it is tried again to note the end of a call.
const TRIES: usize = 60;
const PAUSE: Duration = Duration::from_secs(3);

/// Middleware: looks for the key, and for what it was answered before.
///
/// # Errors
/// What the inner service answers.
pub async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let call = match named(&mut request).await {
        Ok(Some(call)) => call,
        Ok(None) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => return Ok(request.error_response(error)),
    };
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Ok(request.error_response(Error::internal("no app")));
    };
    let (keys, begun) = (app.keys.clone(), call.clone());
    match app.write(move |tx| once::begin(tx, &keys, &begun)).await {
        Ok(Some(answer)) => {
            let response = replayed(answer).unwrap_or_else(HttpResponse::from_error);
            return Ok(request.into_response(response));
        }
        Ok(None) => {}
        Err(error) => return Ok(request.error_response(error)),
    }
    let (request, response) = next.call(request).await?.into_parts();
    let response = response.map_into_boxed_body();
    let response = if response.status().is_success() {
        keep(app, call, response)
            .await
            .unwrap_or_else(HttpResponse::from_error)
    } else {
        // It was refused, or failed: it may be tried again.
        note(app, move |_, tx| once::forget(tx, &call)).await;
        response
    };
    Ok(ServiceResponse::new(request, response))
}

/// Keeps the answer of a call that was done.
async fn keep(
    app: Data<App>,
    call: Call,
    response: HttpResponse<BoxBody>,
) -> Result<HttpResponse<BoxBody>, Error> {
    let (response, body) = response.into_parts();
    let body = to_bytes(body)
        .await
        .map_err(|_| Error::internal("an answer without a body"))?;
    let answer = Answer {
        status: response.status().as_u16(),
        body: body.to_vec(),
    };
    note(app, move |keys, tx| once::keep(tx, keys, &call, &answer)).await;
    Ok(response.set_body(BoxBody::new(body)))
}

/// Notes how a call ended. The call itself is over, so its answer stands even where this cannot be written at once: then
/// it is tried again, for a few minutes, while the answer is on its way.
async fn note(
    app: Data<App>,
    write: impl Fn(&Keys, &mut Tx<'_>) -> Result<(), Error> + Clone + Send + 'static,
) {
    if attempt(&app, write.clone()).await.is_ok() {
        return;
    }
    actix_web::rt::spawn(async move {
        for _ in 0..TRIES {
            sleep(PAUSE).await;
            if attempt(&app, write.clone()).await.is_ok() {
                return;
            }
        }
        tracing::error!("the end of a call with a key could not be noted");
    });
}

async fn attempt(
    app: &App,
    write: impl Fn(&Keys, &mut Tx<'_>) -> Result<(), Error> + Send + 'static,
) -> Result<(), Error> {
    let keys = app.keys.clone();
    app.write(move |tx| write(&keys, tx)).await
}

/// The call, if it is one with a key. The body is read, and put back for the handler.
async fn named(request: &mut ServiceRequest) -> Result<Option<Call>, Error> {
    let Some(key) = request.headers().get(KEY) else {
        return Ok(None);
    };
    let caller = actor(request.request());
    let (&Method::POST, Some(caller)) = (request.method(), caller) else {
        return Ok(None);
    };
    let key = key.to_str().ok().filter(|key| {
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        visible && (1..=LONGEST).contains(&key.len())
    });
    let key = key
        .ok_or(Error::Malformed(
            "Idempotency-Key has 1 to 255 visible ASCII characters.",
        ))?
        .to_owned();
    let app = request
        .app_data::<Data<App>>()
        .ok_or_else(|| Error::internal("no app"))?;
    let keys = app.keys.clone();
    let payload = request.take_payload();
    let body = body::read(request.request(), payload, json::LARGEST).await?;
    let content = format!("{}\n{}", request.uri(), hex::encode(&body));
    let call = Call::new(&keys, caller.id, &key, &content);
    let body = stream::once(async move { Ok(Bytes::from(body)) });
    request.set_payload(Payload::Stream {
        payload: Box::pin(body),
    });
    Ok(Some(call))
}

fn replayed(answer: Answer) -> Result<HttpResponse, Error> {
    let status = StatusCode::from_u16(answer.status).map_err(Error::internal)?;
    let mut response = HttpResponse::build(status);
    response.insert_header((REPLAYED, HeaderValue::from_static("true")));
    if answer.body.is_empty() {
        return Ok(response.finish());
    }
    response.insert_header((CONTENT_TYPE, "application/json"));
    Ok(response.body(answer.body))
}
