//! Removing one's own second factor, after a page that asks for the present password.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::state;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::two_factor;
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Notice, Page, see_other};
use crate::web::profile::also_ended;
use crate::web::profile::confirmation::{Confirm, examine};

#[derive(Template)]
#[template(path = "profile/removal.html")]
struct New<'a> {
    page: &'a Page,
    errors: FieldErrors,
    email: &'a str,
}

/// GET /profile/two-factor/removal/new
pub async fn new(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Error> {
    if !state(&app, &actor).await?.is_removable() {
        return Ok(see_other("/profile"));
    }
    page.ok(&New {
        page: &page,
        errors: FieldErrors::default(),
        email: &actor.email,
    })
}

/// POST /profile/two-factor/removal
pub async fn create(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<Confirm>,
) -> Result<HttpResponse, Error> {
    let (_, errors) = examine(&app, &actor, form.0).await?;
    if !errors.is_empty() {
        return page.refused(&New {
            page: &page,
            errors,
            email: &actor.email,
        });
    }
    let ended = app.write(move |tx| two_factor::remove(tx, &actor)).await?;
    let notice = Notice::done("Your second factor was removed.");
    page.see_other("/profile", &notice.rest(also_ended(ended)))
}
