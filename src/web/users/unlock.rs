//! Unlocking a user, after a page that says what it does.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::UserPath;
use super::confirmation::{Asking, Confirmation, Question, ask};
use crate::app::App;
use crate::domain::lockout;
use crate::domain::permit::{EditUsers, Permit};
use crate::error::Error;
use crate::web::back;
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

const QUESTION: Question = Question {
    deed: "unlock",
    button: "Unlock",
    ask: "Unlock ",
    consequence: |name| format!("{name} can sign in again at once."),
};

/// GET /security/accounts/{account}/users/{user}/unlock/new
pub async fn new(
    app: Data<App>,
    page: Page,
    asking: Asking<EditUsers>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    ask(&app, &page, asking, &request, &QUESTION).await
}

/// POST /security/accounts/{account}/users/{user}/unlock
pub async fn create(
    app: Data<App>,
    page: Page,
    permit: Permit<EditUsers>,
    path: Path<UserPath>,
    form: Form<Confirmation>,
) -> Result<HttpResponse, Error> {
    let path = *path;
    let name = app
        .write(move |tx| lockout::unlock(tx, &permit, path.account, path.user))
        .await?;
    let notice = Notice::done(format!("{name} was unlocked."));
    page.see_other(&back::checked(&form.0.back, path.account), &notice)
}
