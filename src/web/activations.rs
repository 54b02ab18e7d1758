//! The Active checkboxes of several users with one Update, confirmed first where somebody will be deactivated.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::accounts::{self, Viewing};
use super::back;
use super::forms::{Form, Query};
use super::page::{Notice, Page, see_other};
use super::panel::{self, Panel};
use super::paths;
use crate::app::App;
use crate::domain::account;
use crate::domain::activation::{self, Affected, Change, Done};
use crate::domain::panel::PanelQuery;
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::text::{capital, counted, thousands};
use crate::error::Error;

/// A page of users, and some to spare.
const MOST: usize = 60;

#[derive(Template)]
#[template(path = "activations/new.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    account_name: String,
    deactivated: Vec<Affected>,
    activated: Vec<Affected>,
    jobs: i64,
    action: String,
    hidden: Vec<(&'static str, String)>,
    cancel: &'a str,
}

/// The changes to confirm, as they stand in the address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    change: Vec<String>,
    back: String,
}

/// The table's form, or that of the confirmation page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Update {
    /// Every row as it was shown.
    row: Vec<String>,
    /// The users whose box is selected.
    active: Vec<i64>,
    /// The changes that were confirmed.
    change: Vec<String>,
    back: String,
}

fn parse(texts: &[String]) -> Result<Vec<Change>, Error> {
    if texts.len() > MOST {
        return Err(Error::Malformed("The form has too many rows."));
    }
    let changes: Vec<Change> = texts
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, _>>()?;
    let twice = |(place, change): (usize, &Change)| {
        changes[..place]
            .iter()
            .any(|other| other.user == change.user)
    };
    if changes.iter().enumerate().any(twice) {
        return Err(Error::Malformed("A row of the form stands in it twice."));
    }
    Ok(changes)
}

impl Update {
    /// The boxes that differ from what was shown.
    fn differences(&self) -> Result<Vec<Change>, Error> {
        let mut changes = parse(&self.row)?;
        changes.retain_mut(|change| {
            let wanted = self.active.contains(&change.user);
            let differs = change.active != wanted;
            change.active = wanted;
            differs
        });
        Ok(changes)
    }
}

/// GET /security/accounts/{account}/activations/new
pub async fn new(
    app: Data<App>,
    page: Page,
    permits: Viewing,
    permit: Permit<EditUsers>,
    id: Path<i64>,
    asked: Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let changes = parse(&asked.0.change)?;
    let back = if asked.0.back.is_empty() {
        back::from_referer(&request, id)
    } else {
        back::checked(&asked.0.back, id)
    };
    if changes.iter().all(|change| change.active) {
        return Ok(see_other(&back));
    }
    let (keys, viewing, reach) = (app.keys.clone(), permits.0, permit.reach);
    let path = format!("{}/activations/new", paths::account(id));
    let asked = changes.clone();
    let read = app
        .read(move |db| {
            let account = account::find(db, reach, id)?;
            let panel = panel::read(
                db,
                &keys,
                &viewing,
                &PanelQuery::default(),
                Some(&account),
                &path,
            )?;
            let affected = activation::affected(db, reach, id, &asked);
            Ok((account, panel, affected, viewing))
        })
        .await?;
    let (account, panel, affected, viewing) = read;
    let affected = match affected {
        Ok(affected) => affected,
        Err(error) => return refuse(&app, page, (viewing, permits.1), (id, &back), error).await,
    };
    let (activated, deactivated): (Vec<_>, Vec<_>) = affected
        .into_iter()
        .zip(&changes)
        .filter(|(it, change)| it.user.active != change.active)
        .map(|(it, _)| it)
        .partition(|it| !it.user.active);
    if deactivated.is_empty() {
        return Ok(see_other(&back));
    }
    let hidden = changes
        .iter()
        .map(|change| ("change", change.to_string()))
        .chain([("back", back.clone())])
        .collect();
    page.ok(&New {
        page: &page,
        panel,
        account_name: account.name,
        jobs: deactivated.iter().map(|it| it.jobs).sum(),
        deactivated,
        activated,
        action: format!("{}/activations", paths::account(id)),
        hidden,
        cancel: &back,
    })
}

/// POST /security/accounts/{account}/activations
pub async fn create(
    app: Data<App>,
    page: Page,
    permits: Viewing,
    permit: Permit<EditUsers>,
    id: Path<i64>,
    form: Form<Update>,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let form = form.0;
    let back = back::checked(&form.back, id);
    let confirmed = !form.change.is_empty();
    let changes = if confirmed {
        parse(&form.change)?
    } else {
        form.differences()?
    };
    if changes.is_empty() {
        let notice = Notice::info("Nothing was changed.")
            .rest("Clear or select the Active box of a user first, then press Update.");
        return page.see_other(&back, &notice);
    }
    if !confirmed && changes.iter().any(|change| !change.active) {
        let changes: Vec<String> = changes.iter().map(Change::to_string).collect();
        let mut parameters: Vec<(&str, &str)> = changes
            .iter()
            .map(|change| ("change", change.as_str()))
            .collect();
        parameters.push(("back", &back));
        let path = format!("{}/activations/new", paths::account(id));
        return Ok(see_other(&paths::with_query(&path, &parameters)));
    }
    match app
        .write(move |tx| activation::apply(tx, &permit, id, &changes))
        .await
    {
        Ok(done) => page.see_other(&back, &told(&done)),
        Err(error) => refuse(&app, page, permits, (id, &back), error).await,
    }
}

/// Shows the list as it is now, and why nothing was changed.
async fn refuse(
    app: &App,
    page: Page,
    permits: Viewing,
    (id, back): (i64, &str),
    error: Error,
) -> Result<HttpResponse, Error> {
    let nothing = Notice::refused("Nothing was changed.");
    let (status, notice) = match error {
        Error::Changed(name) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            nothing.rest(format!(
                "{name} was changed by somebody else since you opened this page. Check the list and try again."
            )),
        ),
        Error::Refused(sentence) | Error::Oneself(sentence) => (StatusCode::UNPROCESSABLE_ENTITY, nothing.rest(sentence)),
        Error::NotFound => (
            StatusCode::NOT_FOUND,
            nothing.rest("Somebody you chose is not in this account any more. Check the list and try again."),
        ),
        other => return Err(other),
    };
    let (list, panel) = back::state(back, id);
    let request = accounts::Request::new(id, list, panel).with_status(status);
    accounts::render(app, &page.with(notice), permits, request).await
}

fn told(done: &Done) -> Notice {
    let stopped = capital(&format!(
        "{} stopped.",
        counted(done.stopped, "job was", "jobs were")
    ));
    match (done.deactivated.as_slice(), done.activated.as_slice()) {
        ([], []) => Notice::info("Nothing was changed."),
        ([name], []) => Notice::done(format!("{name} was deactivated.")).rest(stopped),
        ([], [name]) => {
            Notice::done(format!("{name} was activated.")).rest("Earlier jobs do not come back.")
        }
        (off, on) => {
            let count = i64::try_from(off.len() + on.len()).unwrap_or(i64::MAX);
            let notice = Notice::done(format!("{} users were updated.", thousands(count)));
            if off.is_empty() {
                notice.rest("Earlier jobs do not come back.")
            } else {
                notice.rest(stopped)
            }
        }
    }
}
