//! The start page: nobody stays here.

use actix_web::{HttpRequest, HttpResponse};

use super::page::{Page, see_other};
use super::paths;
use crate::auth::authenticate::halfway;
use crate::domain::session::Stage;
use crate::error::Error;

/// GET /
pub async fn show(page: Page, request: HttpRequest) -> HttpResponse {
    if let Some(viewer) = &page.viewer {
        return see_other(viewer.security().unwrap_or("/profile"));
    }
    let stage = halfway(&request).map_or(Stage::Full, |(_, stage)| stage);
    see_other(&paths::sign_in(stage, ""))
}

/// GET /security
pub async fn security(page: Page) -> Result<HttpResponse, Error> {
    let viewer = page.viewer.as_ref().ok_or(Error::SignedOut)?;
    viewer.security().map(see_other).ok_or(Error::Forbidden)
}
