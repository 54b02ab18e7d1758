//! One's own user secret.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Which, confirm, render};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::{confirmation, secret};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::Page;
use crate::web::profile::confirmation::Confirm;

/// GET /profile/secrets/user
pub async fn show(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Error> {
    let (keys, email) = (app.keys.clone(), actor.email.clone());
    let secret = app
        .write(move |tx| {
            let confirmed = confirmation::of_session(tx, &actor)?;
            confirmed
                .map(|confirmed| secret::reveal_own(tx, &keys, &confirmed))
                .transpose()
        })
        .await?;
    let errors = FieldErrors::default();
    render(&page, Which::User, (secret, &email), errors)
}

/// POST /profile/secrets/user
pub async fn create(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<Confirm>,
) -> Result<HttpResponse, Error> {
    confirm(&app, &page, Which::User, actor, form.0).await
}
