//! The organization secret, for who could replace it.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Which, confirm, render};
use crate::app::App;
use crate::domain::permit::{ModifySecurity, Permit};
use crate::domain::{confirmation, secret};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::Page;
use crate::web::profile::confirmation::Confirm;

/// GET /profile/secrets/organization
pub async fn show(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
) -> Result<HttpResponse, Error> {
    let (keys, email) = (app.keys.clone(), permit.actor.email.clone());
    let secret = app
        .write(move |tx| {
            let confirmed = confirmation::of_session(tx, &permit.actor)?;
            confirmed
                .map(|confirmed| secret::reveal_of_organization(tx, &keys, &permit, &confirmed))
                .transpose()
        })
        .await?;
    let errors = FieldErrors::default();
    render(&page, Which::Organization, (secret, &email), errors)
}

/// POST /profile/secrets/organization
pub async fn create(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
    form: Form<Confirm>,
) -> Result<HttpResponse, Error> {
    confirm(&app, &page, Which::Organization, permit.actor, form.0).await
}
