//! What the server does by itself, at start and once a day: it removes executions of jobs after thirty days, and audit
//! events that are older than the setting.

use std::time::Duration;

use actix_web::web::Data;
use chrono::TimeDelta;

use crate::app::App;
use crate::domain::{execution, retention};
use crate::error::Error;

const DAY: Duration = Duration::from_hours(24);

/// Starts the upkeep; it ends with the server.
pub fn start(app: Data<App>) {
    actix_web::rt::spawn(async move {
        loop {
            tell("audit events", trim(&app).await);
            tell("executions", trim_executions(&app).await);
            tokio::time::sleep(DAY).await;
        }
    });
}

fn tell(what: &str, removed: Result<i64, Error>) {
    match removed {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "old {what} were removed"),
        // What is left is tried again tomorrow.
        Err(error) => tracing::error!("old {what} could not be removed: {error}"),
    }
}

/// Removes the executions that have been kept long enough, in small transactions. Answers how many.
///
/// # Errors
/// When the database cannot be used; what was removed until then stays removed.
pub async fn trim_executions(app: &App) -> Result<i64, Error> {
    let before = app.clock.now() - execution::KEPT;
    let mut removed = 0;
    loop {
        match app.write(move |tx| execution::trim(tx, before)).await? {
            0 => return Ok(removed),
            step => removed += step,
        }
    }
}

/// Removes the audit events that are older than the setting says, in small transactions with room for others between
/// them. Answers how many.
///
/// # Errors
/// When the database cannot be used; what was removed until then stays removed, and is told of.
pub async fn trim(app: &App) -> Result<i64, Error> {
    let Some(days) = app.config.audit_retention_days else {
        return Ok(0);
    };
    let before = app.clock.now() - TimeDelta::days(i64::from(days));
    let mut removed = 0;
    for mut trimming in app.read(move |db| retention::all(db, before)).await? {
        loop {
            let (next, more) = app.write(move |tx| trimming.step(tx)).await?;
            trimming = next;
            if !more {
                break;
            }
        }
        removed += trimming.removed;
    }
    Ok(removed)
}
