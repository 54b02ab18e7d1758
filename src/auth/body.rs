//! Bodies, bounded in bytes and in time.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::web::Data;
use futures_util::StreamExt as _;

use crate::app::App;
use crate::error::Error;
use crate::patience::Patience;

/// The bytes of a body, at most `largest`.
///
/// # Errors
/// [`Error::TooLarge`] for more; [`Error::Slow`] and [`Error::Malformed`] when they do not all arrive.
pub fn read(
    request: &HttpRequest,
    payload: Payload,
    largest: usize,
) -> impl Future<Output = Result<Vec<u8>, Error>> + use<> {
    let app = request.app_data::<Data<App>>();
    let time = app.map_or_else(Patience::default, |app| app.patience).body;
    async move {
        tokio::time::timeout(time, collect(payload, largest))
            .await
            .map_err(|_| Error::Slow)?
    }
}

async fn collect(mut payload: Payload, largest: usize) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("The body did not arrive whole."))?;
        if body.len() + chunk.len() > largest {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
