//! What the organization demands at sign-in besides the password.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;

use super::{Refused, answer};
use crate::app::App;
use crate::domain::permit::{ModifySecurity, Permit};
use crate::domain::two_factor;
use crate::error::Error;
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

/// The card, as chosen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Demand {
    method: String,
}

/// POST /security/settings/two-factor
pub async fn update(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
    form: Form<Demand>,
) -> Result<HttpResponse, Error> {
    let again = permit.clone();
    let outcome = app
        .write(move |tx| two_factor::demand(tx, &permit, &form.0.method))
        .await;
    let notice = Notice::done("Two-factor authentication was updated.")
        .rest("It counts from everybody’s next sign-in on.");
    answer(&app, &page, again, outcome, (Refused::default(), notice)).await
}
