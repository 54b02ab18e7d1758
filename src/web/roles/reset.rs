//! Giving every role its default privileges back, after a page that says so.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::app::App;
use crate::domain::permit::{ConfigureRoles, Permit};
use crate::domain::role;
use crate::error::Error;
use crate::web::page::{Notice, Page};

#[derive(Template)]
#[template(path = "roles/reset.html")]
struct New<'a> {
    page: &'a Page,
}

/// GET /security/roles/reset/new
pub async fn new(page: Page, _: Permit<ConfigureRoles>) -> Result<HttpResponse, Error> {
    page.ok(&New { page: &page })
}

/// POST /security/roles/reset
pub async fn create(
    app: Data<App>,
    page: Page,
    permit: Permit<ConfigureRoles>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| role::reset(tx, &permit)).await?;
    let notice = Notice::done("The roles have their default privileges again.");
    page.see_other("/security/roles", &notice)
}
