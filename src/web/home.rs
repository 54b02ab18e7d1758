//! The start page: nobody stays here.

use actix_web::HttpResponse;

use super::page::{Page, see_other};
use crate::error::Error;

/// GET /
pub async fn show(page: Page) -> HttpResponse {
    see_other(match &page.viewer {
        Some(viewer) if viewer.security => "/security/accounts",
        Some(_) => "/profile",
        None => "/login",
    })
}

/// GET /security
pub async fn security(page: Page) -> Result<HttpResponse, Error> {
    match &page.viewer {
        Some(viewer) if viewer.security => Ok(see_other("/security/accounts")),
        Some(_) => Err(Error::Forbidden),
        None => Err(Error::SignedOut),
    }
}
