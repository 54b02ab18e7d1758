//! Replacing one's own user secret, after a page that says what it breaks and asks for the password.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::{Which, examine};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::{confirmation, secret};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};
use crate::web::profile::confirmation::Confirm;

#[derive(Template)]
#[template(path = "profile/reset.html")]
struct New<'a> {
    page: &'a Page,
    email: &'a str,
    errors: FieldErrors,
}

/// GET /profile/secrets/user/reset/new
pub async fn new(page: Page, SignedIn(actor): SignedIn) -> Result<HttpResponse, Error> {
    page.ok(&New {
        page: &page,
        email: &actor.email,
        errors: FieldErrors::default(),
    })
}

/// POST /profile/secrets/user/reset. The new secret is read like any other, on the page that it leads to.
pub async fn create(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<Confirm>,
) -> Result<HttpResponse, Error> {
    let (stored, errors) = examine(&app, &actor, form.0).await?;
    if !errors.is_empty() {
        return page.refused(&New {
            page: &page,
            email: &actor.email,
            errors,
        });
    }
    let keys = app.keys.clone();
    app.write(move |tx| {
        let confirmed = confirmation::confirm(tx, &actor, stored.as_deref())?;
        secret::reset_own(tx, &keys, &confirmed)
    })
    .await?;
    let notice = Notice::done("Your user secret was reset.").rest(
        "The former one has stopped working. Put the new one into every script that uses it.",
    );
    page.see_other(Which::User.path(), &notice)
}
