//! Activity as a file.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::activity::{self, ActivityQuery, Event};
use crate::domain::permit::{Permit, ViewLogs};
use crate::error::Error;
use crate::web::csv::{self, Sheet};
use crate::web::forms::Query;

const HEAD: [&str; 15] = [
    "Time (UTC)",
    "Actor ID",
    "Actor",
    "Actor Email",
    "Event",
    "What",
    "Target Kind",
    "Target ID",
    "Target",
    "Account ID",
    "Channel",
    "Address",
    "Request",
    "Outcome",
    "Details",
];

/// GET /activity/export
pub async fn show(
    app: Data<App>,
    permit: Permit<ViewLogs>,
    query: Query<ActivityQuery>,
) -> Result<HttpResponse, Error> {
    let query = ActivityQuery {
        after: String::new(),
        before: String::new(),
        ..query.0
    };
    let mut search = query.parse(&app.keys, &permit)?;
    let search = app
        .read(move |db| search.look_up(db).map(|()| search))
        .await?;
    app.write(move |tx| activity::note_export(tx, &permit, &query))
        .await?;
    let name = format!("activity-{}.csv", app.clock.now().date());
    let search = Arc::new(search);
    csv::send(&name, &HEAD, None, move |after| {
        let (app, search) = (app.clone(), Arc::clone(&search));
        async move {
            app.read(move |db| {
                let (events, next) = search.chunk(db, after)?;
                let mut sheet = Sheet::new();
                for event in &events {
                    row(&mut sheet, event)?;
                }
                Ok((sheet, next.map(Some)))
            })
            .await
        }
    })
}

fn row(sheet: &mut Sheet, event: &Event) -> Result<(), Error> {
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    sheet.row(&[
        &event.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        &id(event.actor_id),
        &event.actor_name,
        &event.actor_email,
        &event.code,
        event.what(),
        &event.target_kind,
        &id(event.target_id),
        &event.target_name,
        &id(event.account_id),
        &event.channel,
        &event.address,
        &event.request_id,
        &event.outcome,
        &event.details,
    ])
}
