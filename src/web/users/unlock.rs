//! Unlocking a user, after a page that says what it does.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::UserPath;
use crate::app::App;
use crate::domain::account;
use crate::domain::lockout;
use crate::domain::panel::PanelQuery;
use crate::domain::permit::{EditUsers, Permit, ViewAccounts};
use crate::domain::user;
use crate::error::Error;
use crate::web::back;
use crate::web::forms::{Form, Query};
use crate::web::page::{Notice, Page};
use crate::web::panel::{self, Panel};
use crate::web::paths;

#[derive(Template)]
#[template(path = "users/unlock.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    id: i64,
    name: String,
    email: String,
    account_id: i64,
    back: &'a str,
}

/// The form of the confirmation page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Confirmation {
    back: String,
}

/// GET /security/accounts/{account}/users/{user}/unlock/new
pub async fn new(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<EditUsers>,
    path: Path<UserPath>,
    query: Query<PanelQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (path, keys) = (*path, app.keys.clone());
    let (user, panel) = app
        .read(move |db| {
            let account = account::find(db, permit.reach, path.account)?;
            let user = user::find(db, permit.reach, path.account, path.user)?;
            user::ensure_may_change(&permit.actor, &user, &account)?;
            let address = format!(
                "{}/users/{}/unlock/new",
                paths::account(account.id),
                user.id
            );
            let panel = panel::read(db, &keys, &viewing, &query.0, Some(&account), &address)?;
            Ok((user, panel))
        })
        .await?;
    page.ok(&New {
        page: &page,
        panel,
        id: user.id,
        name: user.full_name(),
        email: user.email,
        account_id: path.account,
        back: &back::from_referer(&request, path.account),
    })
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
