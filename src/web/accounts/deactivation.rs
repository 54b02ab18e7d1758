//! Deactivating an account, after a page that counts what stops.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use super::{Viewing, refuse};
use crate::app::App;
use crate::domain::account;
use crate::domain::panel::PanelQuery;
use crate::domain::permit::{EditAccounts, Permit, ViewAccounts};
use crate::domain::text::{capital, counted};
use crate::error::Error;
use crate::web::forms::Query;
use crate::web::page::{Notice, Page};
use crate::web::panel::{self, Panel};
use crate::web::paths;

#[derive(Template)]
#[template(path = "accounts/deactivation.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    id: i64,
    name: String,
    users: i64,
    jobs: i64,
    instances: i64,
}

/// GET /security/accounts/{account}/deactivation/new
pub async fn new(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<EditAccounts>,
    id: Path<i64>,
    query: Query<PanelQuery>,
) -> Result<HttpResponse, Error> {
    let (id, keys) = (id.into_inner(), app.keys.clone());
    let (panel, holdings) = app
        .read(move |db| {
            let account = account::find(db, permit.reach, id)?;
            account::ensure_may_stop(db, &viewing.actor, &account)?;
            let path = format!("{}/deactivation/new", paths::account(id));
            let panel = panel::read(db, &keys, &viewing, &query.0, Some(&account), &path)?;
            Ok((panel, account::holdings(db, &account)?))
        })
        .await?;
    page.ok(&New {
        page: &page,
        panel,
        id,
        name: holdings.name,
        users: holdings.users,
        jobs: holdings.jobs,
        instances: holdings.instances,
    })
}

/// POST /security/accounts/{account}/deactivation
pub async fn create(
    app: Data<App>,
    page: Page,
    viewing: Viewing,
    permit: Permit<EditAccounts>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    match app
        .write(move |tx| account::deactivate(tx, &permit, id))
        .await
    {
        Ok(loss) => {
            let jobs = counted(loss.jobs, "job was", "jobs were");
            let notice = Notice::done(format!("{} was deactivated.", loss.name))
                .rest(format!("{} stopped.", capital(&jobs)));
            page.see_other(&paths::account(id), &notice)
        }
        Err(Error::Refused(sentence) | Error::Oneself(sentence)) => {
            refuse(&app, page, viewing, id, sentence).await
        }
        Err(error) => Err(error),
    }
}
