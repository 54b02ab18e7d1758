//! The password policy: changing it, and going back to the default.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Refused, answer};
use crate::app::App;
use crate::domain::password_policy::{self, EditPolicy};
use crate::domain::permit::{ModifySecurity, Permit};
use crate::error::Error;
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

/// POST /security/settings/password-policy
pub async fn update(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
    form: Form<EditPolicy>,
) -> Result<HttpResponse, Error> {
    let (input, again) = (form.0.clone(), permit.clone());
    let outcome = app
        .write(move |tx| password_policy::update(tx, &permit, &input))
        .await;
    let refused = Refused {
        policy: Some(form.0),
        ..Refused::default()
    };
    let notice = Notice::done("The password policy was updated.")
        .rest("Passwords in use today stay valid until they are changed.");
    answer(&app, &page, again, outcome, (refused, notice)).await
}

/// POST /security/settings/password-policy/reset
pub async fn destroy(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| password_policy::reset(tx, &permit))
        .await?;
    let notice = Notice::done("The password policy is the default policy again.");
    page.see_other("/security/settings", &notice)
}
