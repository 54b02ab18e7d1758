//! Accounts.

pub mod roles;
pub mod users;

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::{Body, Done, Json};
use super::paging::Listed;
use super::query::Query;
use crate::app::App;
use crate::db::Tx;
use crate::domain::account::{self, Changes, NewAccount};
use crate::domain::ceql::{self, Accounts};
use crate::domain::paging::Asked;
use crate::domain::permit::{AddAccounts, DeleteAccounts, EditAccounts, Permit, ViewAccounts};
use crate::error::Error;

/// An account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    id: i64,
    name: String,
    description: String,
    active: bool,
    company_id: i64,
    created_date: NaiveDate,
    updated_date: NaiveDate,
    external_id: String,
    #[serde(rename = "defaultAccount")]
    is_default: bool,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl From<account::Account> for Account {
    fn from(account: account::Account) -> Self {
        Self {
            id: account.id,
            name: account.name,
            description: account.description,
            active: account.active,
            company_id: account.organization_id,
            created_date: account.created_at.date(),
            updated_date: account.updated_at.date(),
            external_id: account.external_id,
            is_default: account.is_default,
            kind: if account.is_default {
                "Default"
            } else {
                "CompanyAccount"
            },
        }
    }
}

/// What the list of accounts takes.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct List {
    /// A condition in CEQL, like `name LIKE 'A%' AND defaultAccount = false`.
    #[param(format = "ceql", max_length = 2000, nullable = false)]
    r#where: Option<String>,
    /// Rows to pass over.
    #[param(minimum = 0, nullable = false)]
    offset: Option<i64>,
    /// The token of a page, as the page before it told it; instead of `offset`.
    #[param(format = "page-token", nullable = false)]
    next_page: Option<String>,
    /// Rows of a page; 200 when nothing is said.
    #[param(minimum = 1, maximum = 2000, nullable = false)]
    page_size: Option<i64>,
    /// Whether inactive accounts are listed, too.
    include_inactive: bool,
}

/// A new account.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewAccount)]
pub struct New {
    /// What another system calls the account.
    #[serde(default)]
    #[schema(required, max_length = 200, min_length = 1, format = "line")]
    external_id: String,
    /// The external id when nothing is said.
    #[schema(max_length = 200, min_length = 1, format = "line")]
    name: Option<String>,
    /// The external id when nothing is said.
    #[schema(max_length = 2000, format = "lines")]
    description: Option<String>,
}

impl Body for New {}

/// What is to change of an account. What is left out, or null, stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountChanges)]
pub struct Sent {
    /// What another system calls the account.
    #[schema(max_length = 200, min_length = 1, format = "line")]
    external_id: Option<String>,
    /// What lists call it.
    #[schema(max_length = 200, min_length = 1, format = "line")]
    name: Option<String>,
    /// For people.
    #[schema(max_length = 2000, format = "lines")]
    description: Option<String>,
    /// Whether its users may sign in and call.
    active: Option<bool>,
}

impl Body for Sent {}

/// What a change of an account takes.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Permanence {
    /// With `active: false`: whether it is for good.
    pub permanent: bool,
}

/// GET /accounts
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewAccounts>,
    query: Query<List>,
) -> Result<Listed<Account>, Error> {
    let (keys, query) = (app.keys.clone(), query.0);
    let filter = query.r#where.as_deref().map(ceql::filter::<Accounts>);
    let filter = filter.transpose()?;
    let asked = Asked {
        page_size: query.page_size,
        offset: query.offset,
        next_page: query.next_page,
    };
    let page = app
        .read(move |db| {
            let inactive_too = query.include_inactive;
            account::list(db, &keys, &permit, inactive_too, filter.as_ref(), &asked)
        })
        .await?
        .or_none("No accounts found")?;
    Ok(Listed::of(page, Account::from))
}

/// POST /accounts
pub async fn create(
    app: Data<App>,
    permit: Permit<AddAccounts>,
    body: Json<New>,
) -> Result<Json<Account>, Error> {
    let sent = body.0;
    let external_id = sent.external_id;
    let input = NewAccount {
        name: sent.name.unwrap_or_else(|| external_id.clone()),
        description: sent.description.unwrap_or_else(|| external_id.clone()),
        external_id: Some(external_id),
    };
    let account = app
        .write(move |tx| account::add(tx, &permit, &input))
        .await?;
    Ok(Json(Account::from(account)))
}

/// GET /accounts/{account}
pub async fn show(
    app: Data<App>,
    permit: Permit<ViewAccounts>,
    id: Path<i64>,
) -> Result<Json<Account>, Error> {
    let account = app
        .read(move |db| account::find(db, permit.reach, *id))
        .await?;
    Ok(Json(Account::from(account)))
}

/// PATCH and PUT /accounts/{account}
pub async fn update(
    app: Data<App>,
    permit: Permit<EditAccounts>,
    id: Path<i64>,
    query: Query<Permanence>,
    body: Json<Sent>,
) -> Result<Json<Account>, Error> {
    let (id, sent, permanent) = (*id, body.0, query.0.permanent);
    let account = app
        .write(move |tx| {
            let changes = Changes {
                version: None,
                name: sent.name,
                description: sent.description,
                external_id: sent.external_id,
            };
            account::update(tx, &permit, id, &changes)?;
            set_active(tx, &permit, id, sent.active, permanent)?;
            account::find(tx.db(), permit.reach, id)
        })
        .await?;
    Ok(Json(Account::from(account)))
}

fn set_active(
    tx: &mut Tx<'_>,
    permit: &Permit<EditAccounts>,
    id: i64,
    active: Option<bool>,
    permanent: bool,
) -> Result<(), Error> {
    match active {
        Some(true) => drop(account::activate(tx, permit, id)?),
        Some(false) if permanent => {
            drop(account::delete(tx, &permit.actor.permit()?, id, None)?);
        }
        Some(false) => drop(account::deactivate(tx, permit, id)?),
        None => {}
    }
    Ok(())
}

/// DELETE /accounts/{account}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<DeleteAccounts>,
    id: Path<i64>,
) -> Result<Done, Error> {
    app.write(move |tx| account::delete(tx, &permit, *id, None))
        .await?;
    Ok(Done)
}
