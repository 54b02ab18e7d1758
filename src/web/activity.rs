//! Activity: what was done, by whom, on what, from where.

pub mod export;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::forms::Query;
use super::page::{Page, see_other};
use super::paths;
use crate::app::App;
use crate::domain::activity::{self, ActivityQuery, COUNTED, Event, LOOKED_AT};
use crate::domain::permit::{Permit, Reach, ViewAccounts, ViewLogs};
use crate::domain::text::thousands;
use crate::error::Error;

const PATH: &str = "/activity";
/// Accounts that a select still serves; beyond, the account is asked for by its id.
const CHOICES: usize = 200;

#[derive(Template)]
#[template(path = "activity/index.html")]
struct Index<'a> {
    page: &'a Page,
    filter: &'a ActivityQuery,
    accounts: Accounts,
    kinds: Vec<(&'static str, &'static str)>,
    events: Vec<Event>,
    /// How far back was looked, when that ended the page.
    looked: Option<String>,
    total: String,
    export: String,
    previous: Option<String>,
    next: Option<String>,
}

/// How the account is asked for.
enum Accounts {
    /// Not at all: only one is within reach.
    Own,
    /// By a choice of all: id, name, chosen.
    Choice(Vec<(String, String, bool)>),
    /// By its id.
    Id,
}

/// GET /activity
pub async fn index(
    app: Data<App>,
    page: Page,
    permit: Permit<ViewLogs>,
    query: Query<ActivityQuery>,
) -> Result<HttpResponse, Error> {
    let (query, keys) = (query.0, app.keys.clone());
    let mut search = query.parse(&keys, &permit)?;
    let organization = match permit.reach {
        Reach::Organization(organization) => Some(organization),
        Reach::Account { .. } => None,
    };
    // Names of accounts are shown to those who may see accounts.
    let named = permit.actor.may::<ViewAccounts>();
    let (found, choices, search) = app
        .read(move |db| {
            search.look_up(db)?;
            let choices = match organization {
                Some(organization) if named => activity::accounts_of(db, organization, CHOICES)?,
                _ => None,
            };
            Ok((search.page(db, &keys)?, choices, search))
        })
        .await?;
    if search.is_before_all(&found) {
        return Ok(see_other(&paths::activity(PATH, &query, "", "")));
    }
    let accounts = match (organization, choices) {
        (None, _) => Accounts::Own,
        (Some(_), None) => Accounts::Id,
        (Some(_), Some(choices)) => Accounts::Choice(
            choices
                .into_iter()
                .map(|(id, name)| (id.to_string(), name))
                .map(|(id, name)| (id.clone(), name, id == query.account))
                .collect(),
        ),
    };
    let at = |after: &str, before: &str| paths::activity(PATH, &query, after, before);
    page.ok(&Index {
        page: &page,
        accounts,
        kinds: activity::kinds(),
        looked: found.reached.map(|day| {
            let looked_at = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
            format!(
                "{} events were looked at for this page, {} {day}.",
                thousands(looked_at),
                if query.before.is_empty() {
                    "back to"
                } else {
                    "up to"
                },
            )
        }),
        total: total(found.events.len(), found.total),
        export: paths::activity("/activity/export", &query, "", ""),
        previous: found.previous.map(|token| at("", &token)),
        next: found.next.map(|token| at(&token, "")),
        events: found.events,
        filter: &query,
    })
}

fn total(shown: usize, total: Option<i64>) -> String {
    match total {
        Some(total) if total > COUNTED => format!("{shown} of more than {}", thousands(COUNTED)),
        Some(total) => format!("{shown} of {}", thousands(total)),
        None => format!("{shown} shown"),
    }
}
