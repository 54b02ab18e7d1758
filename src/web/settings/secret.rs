//! Resetting the organization token, after a page that says what it breaks; then the new one is shown.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::app::App;
use crate::domain::organization;
use crate::domain::permit::{ModifySecurity, Permit};
use crate::error::Error;
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "settings/secret.html")]
struct Show<'a> {
    page: &'a Page,
    /// The new secret, once it is there.
    secret: Option<String>,
}

/// GET /security/settings/secret/new
pub async fn new(page: Page, _: Permit<ModifySecurity>) -> Result<HttpResponse, Error> {
    page.ok(&Show {
        page: &page,
        secret: None,
    })
}

/// POST /security/settings/secret. Answers with the page itself: a redirect would have to carry the secret.
pub async fn create(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let secret = app
        .write(move |tx| organization::reset_secret(tx, &keys, &permit))
        .await?;
    page.ok(&Show {
        page: &page,
        secret: Some(secret),
    })
}
