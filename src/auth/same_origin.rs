//! Unsafe requests are believed only from our own pages.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::error::Error;

/// Middleware: refuses unsafe methods unless the browser says that the request comes from the public origin.
///
/// # Errors
/// What the inner service answers.
pub async fn same_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let public = request
        .app_data::<Data<App>>()
        .map(|app| app.public_origin.clone())
        .unwrap_or_default();
    if request.method().is_safe() || is_ours(request.headers(), &public) {
        Ok(next.call(request).await?.map_into_boxed_body())
    } else {
        Ok(request.error_response(Error::CrossSite))
    }
}

/// `Sec-Fetch-Site` decides where it is sent; else `Origin` has to be ours; neither: not ours.
fn is_ours(headers: &HeaderMap, public: &str) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == public,
        (None, None) => false,
    }
}
