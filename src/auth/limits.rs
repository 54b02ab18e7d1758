//! What no page of ours sends is refused before anybody works on it.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use crate::error::Error;

/// Parameters in an address.
const PARAMETERS: usize = 64;
/// Bytes of a path or query.
const LONGEST: usize = 8192;

/// Middleware: refuses addresses that are too long or have too many parameters.
///
/// # Errors
/// What the inner service answers.
pub async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let query = request.query_string();
    let parameters = query.split('&').filter(|part| !part.is_empty()).count();
    if parameters > PARAMETERS || query.len() > LONGEST || request.path().len() > LONGEST {
        return Ok(request.error_response(Error::Malformed("The address is too long.")));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}
