//! Deleting an account with its users, after a page that counts what goes and asks for its name.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::{Viewing, refuse};
use crate::app::App;
use crate::domain::account;
use crate::domain::panel::PanelQuery;
use crate::domain::permit::{DeleteAccounts, Permit, Reach, ViewAccounts};
use crate::domain::text::counted;
use crate::error::{Error, FieldErrors};
use crate::web::forms::{Form, Query};
use crate::web::page::{Notice, Page};
use crate::web::panel::{self, Panel};
use crate::web::paths;

#[derive(Template)]
#[template(path = "accounts/deletion.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    errors: FieldErrors,
    id: i64,
    name: String,
    typed: String,
    active: bool,
    users: i64,
    jobs: i64,
    instances: i64,
}

/// The account's name, typed to confirm.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Confirmation {
    name: String,
}

/// GET /security/accounts/{account}/deletion/new
pub async fn new(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<DeleteAccounts>,
    id: Path<i64>,
    query: Query<PanelQuery>,
) -> Result<HttpResponse, Error> {
    let asked = (id.into_inner(), permit.reach, query.0);
    render(
        &app,
        &page,
        viewing,
        asked,
        (String::new(), FieldErrors::default()),
    )
    .await
}

async fn render(
    app: &App,
    page: &Page,
    viewing: Permit<ViewAccounts>,
    (id, reach, query): (i64, Reach, PanelQuery),
    (typed, errors): (String, FieldErrors),
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let (panel, account, holdings) = app
        .read(move |db| {
            let account = account::find(db, reach, id)?;
            account::ensure_may_stop(db, &viewing.actor, &account)?;
            let path = format!("{}/deletion/new", paths::account(id));
            let panel = panel::read(db, &keys, &viewing, &query, Some(&account), &path)?;
            let holdings = account::holdings(db, &account)?;
            Ok((panel, account, holdings))
        })
        .await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.send(
        status,
        &New {
            page,
            panel,
            errors,
            id,
            name: account.name,
            typed,
            active: account.active,
            users: holdings.users,
            jobs: holdings.jobs,
            instances: holdings.instances,
        },
    )
}

/// POST /security/accounts/{account}/deletion
pub async fn create(
    app: Data<App>,
    page: Page,
    permits: Viewing,
    permit: Permit<DeleteAccounts>,
    id: Path<i64>,
    form: Form<Confirmation>,
) -> Result<HttpResponse, Error> {
    let (id, typed, reach) = (id.into_inner(), form.0.name, permit.reach);
    let name = typed.clone();
    match app
        .write(move |tx| account::delete(tx, &permit, id, Some(&name)))
        .await
    {
        Ok(loss) => {
            let users = counted(loss.users, "user", "users");
            let jobs = counted(loss.jobs, "job", "jobs");
            let instances = counted(loss.instances, "instance", "instances");
            let notice = Notice::done(format!("{} was deleted.", loss.name)).rest(format!(
                "It had {users}, {jobs} and {instances}. It stays under Inactive accounts."
            ));
            page.see_other("/security/accounts", &notice)
        }
        Err(Error::Invalid(errors)) => {
            let asked = (id, reach, PanelQuery::default());
            render(&app, &page, permits.0, asked, (typed, errors)).await
        }
        Err(Error::Refused(sentence) | Error::Oneself(sentence)) => {
            refuse(&app, page, permits, id, sentence).await
        }
        Err(error) => Err(error),
    }
}
