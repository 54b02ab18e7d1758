//! How long sessions hold.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Refused, answer};
use crate::app::App;
use crate::domain::organization::{self, SessionLimits};
use crate::domain::permit::{ModifySecurity, Permit};
use crate::error::Error;
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

/// POST /security/settings/sessions
pub async fn update(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
    form: Form<SessionLimits>,
) -> Result<HttpResponse, Error> {
    let (input, again) = (form.0.clone(), permit.clone());
    let outcome = app
        .write(move |tx| organization::limit_sessions(tx, &permit, &input))
        .await;
    let refused = Refused {
        limits: Some(form.0),
        ..Refused::default()
    };
    let notice = Notice::done("The session limits were updated.")
        .rest("They hold for the sessions that are open now, too.");
    answer(&app, &page, again, outcome, (refused, notice)).await
}
