//! The start page: nobody stays here.

use actix_web::{HttpRequest, HttpResponse};

use super::page::{Page, see_other};
use crate::auth::authenticate::halfway;
use crate::error::Error;

/// GET /
pub async fn show(page: Page, request: HttpRequest) -> HttpResponse {
    see_other(match &page.viewer {
        Some(viewer) => viewer.security().unwrap_or("/profile"),
        None if halfway(&request).is_some() => "/login/password",
        None => "/login",
    })
}

/// GET /security
pub async fn security(page: Page) -> Result<HttpResponse, Error> {
    let viewer = page.viewer.as_ref().ok_or(Error::SignedOut)?;
    viewer.security().map(see_other).ok_or(Error::Forbidden)
}
