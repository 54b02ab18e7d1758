//! The audit trail, newest first.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};

use super::paging;
use super::query::Query;
use crate::app::App;
use crate::domain::activity::{Asked, Event};
use crate::domain::paging::Page;
use crate::domain::permit::{Permit, ViewLogs};
use crate::error::Error;

/// An event. Its keys are written as the original writes them here.
#[derive(Serialize)]
pub struct Record {
    id: i64,
    /// RFC 3339, in UTC.
    timestamp: String,
    /// A stable code.
    action: String,
    user_id: Option<i64>,
    user_email: String,
    account_id: Option<i64>,
    org_id: i64,
    entity_type: String,
    entity_id: Option<i64>,
    entity_name: String,
    ip_address: String,
    channel: String,
    /// `done` or `refused`.
    outcome: String,
    /// Before and after of each changed field.
    details: BTreeMap<String, Detail>,
}

/// Before and after of one field, or a fact that has no before.
#[derive(Serialize)]
pub struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    after: String,
}

impl Record {
    fn of(event: Event, organization: i64) -> Self {
        let details = event.details();
        Self {
            id: event.id,
            timestamp: event.at.and_utc().to_rfc3339(),
            action: event.code,
            user_id: event.actor_id,
            user_email: event.actor_email,
            account_id: event.account_id,
            org_id: organization,
            entity_type: event.target_kind,
            entity_id: event.target_id,
            entity_name: event.target_name,
            ip_address: event.address,
            channel: event.channel,
            outcome: event.outcome,
            details: details
                .into_iter()
                .map(|(field, stored)| {
                    let (before, after) = (stored.before, stored.after);
                    (field, Detail { before, after })
                })
                .collect(),
        }
    }
}

/// What the trail is narrowed by.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct List {
    from: Option<String>,
    to: Option<String>,
    user_id: Option<i64>,
    account_id: Option<i64>,
    next_page: Option<String>,
    page_size: Option<i64>,
}

/// GET /audit-logs
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewLogs>,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    list(&app, permit, query.0, false).await
}

/// GET /audit-logs/authentication
pub async fn authentication(
    app: Data<App>,
    permit: Permit<ViewLogs>,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    list(&app, permit, query.0, true).await
}

async fn list(
    app: &App,
    permit: Permit<ViewLogs>,
    query: List,
    authentication: bool,
) -> Result<HttpResponse, Error> {
    let asked = Asked {
        from: query.from,
        to: query.to,
        user: query.user_id,
        account: query.account_id,
        authentication,
        next_page: query.next_page,
        page_size: query.page_size,
    };
    let (keys, organization) = (app.keys.clone(), permit.reach.organization());
    let mut search = asked.parse(&keys, &permit)?;
    let found = app
        .read(move |db| {
            search.look_up(db)?;
            search.page(db, &keys)
        })
        .await?;
    let page = Page {
        total: found.exact_total(),
        next: found.next,
        rows: found.events,
    };
    Ok(paging::reply(page, |event| Record::of(event, organization)))
}
