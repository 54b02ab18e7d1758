//! Activating an account again.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::app::App;
use crate::domain::account;
use crate::domain::permit::{EditAccounts, Permit};
use crate::error::Error;
use crate::web::page::{Notice, Page};
use crate::web::paths;

/// POST /security/accounts/{account}/activation
pub async fn create(
    app: Data<App>,
    page: Page,
    permit: Permit<EditAccounts>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let account = app
        .write(move |tx| account::activate(tx, &permit, id))
        .await?;
    let notice = Notice::done(format!("{} was activated.", account.name))
        .rest("Its earlier jobs do not come back.");
    page.see_other(&paths::account(id), &notice)
}
