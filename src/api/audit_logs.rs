//! The audit trail, newest first.

use std::collections::BTreeMap;

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::paging::Listed;
use super::query::Query;
use crate::app::App;
use crate::domain::activity::{Asked, Event};
use crate::domain::paging::Page;
use crate::domain::permit::{Permit, ViewLogs};
use crate::error::Error;

/// An event. Its keys are written as the original writes them here.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditRecord)]
pub struct Record {
    id: i64,
    /// RFC 3339, in UTC.
    #[schema(format = DateTime)]
    timestamp: String,
    /// A stable code.
    action: String,
    #[schema(required)]
    user_id: Option<i64>,
    user_email: String,
    #[schema(required)]
    account_id: Option<i64>,
    org_id: i64,
    entity_type: String,
    #[schema(required)]
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
#[derive(Serialize, ToSchema)]
#[schema(as = AuditDetail)]
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
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct List {
    /// The first day, like `2026-11-24`, or the first moment, like `2026-11-24T08:00:00Z`.
    #[param(format = "date-or-time", nullable = false)]
    from: Option<String>,
    /// The last day, or the last moment.
    #[param(format = "date-or-time", nullable = false)]
    to: Option<String>,
    /// Only what this user did, or had done to it.
    #[param(nullable = false)]
    user_id: Option<i64>,
    /// Only what was done in this account.
    #[param(nullable = false)]
    account_id: Option<i64>,
    /// The token of a page, as the page before it told it.
    #[param(format = "page-token", nullable = false)]
    next_page: Option<String>,
    /// Rows of a page; 200 when nothing is said.
    #[param(minimum = 1, maximum = 2000, nullable = false)]
    page_size: Option<i64>,
}

/// GET /audit-logs
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewLogs>,
    query: Query<List>,
) -> Result<Listed<Record>, Error> {
    list(&app, permit, query.0, false).await
}

/// GET /audit-logs/authentication
pub async fn authentication(
    app: Data<App>,
    permit: Permit<ViewLogs>,
    query: Query<List>,
) -> Result<Listed<Record>, Error> {
    list(&app, permit, query.0, true).await
}

async fn list(
    app: &App,
    permit: Permit<ViewLogs>,
    query: List,
    authentication: bool,
) -> Result<Listed<Record>, Error> {
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
    Ok(Listed::of(page, |event| Record::of(event, organization)))
}
