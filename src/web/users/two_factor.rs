//! Taking a user’s second factor away, after a page that says what it does.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::UserPath;
use super::confirmation::{Asking, Confirmation, Question, ask};
use crate::app::App;
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::two_factor;
use crate::error::Error;
use crate::web::back;
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

const QUESTION: Question = Question {
    deed: "two-factor/reset",
    button: "Reset 2FA",
    ask: "Reset 2FA of ",
    consequence: |name| {
        format!(
            "The authenticator app and recovery codes of {name} stop working, and open sessions end."
        )
    },
};

/// GET /security/accounts/{account}/users/{user}/two-factor/reset/new
pub async fn new(
    app: Data<App>,
    page: Page,
    asking: Asking<EditUsers>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    ask(&app, &page, asking, &request, &QUESTION).await
}

/// POST /security/accounts/{account}/users/{user}/two-factor/reset
pub async fn create(
    app: Data<App>,
    page: Page,
    permit: Permit<EditUsers>,
    path: Path<UserPath>,
    form: Form<Confirmation>,
) -> Result<HttpResponse, Error> {
    let path = *path;
    let name = app
        .write(move |tx| two_factor::reset(tx, &permit, path.account, path.user))
        .await?;
    let notice = Notice::done(format!("The second factor of {name} was reset."));
    page.see_other(&back::checked(&form.0.back, path.account), &notice)
}
