//! Jobs: the caller's own, and for administrators those of others.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};

use super::json::{Body, Json};
use super::paging::{self, List};
use super::query::Query;
use super::values::{Millis, Scalar, texts};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::job::{self, Job, NewJob, Request};
use crate::domain::permit::{Permit, ScheduleJobs, ViewUsers};
use crate::error::Error;

/// A job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    id: String,
    name: String,
    description: String,
    kind: String,
    /// Always: two workers never hold the same job.
    disallow_concurrent: bool,
    trigger: Timing,
}

/// When a job runs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    state: &'static str,
    cron: String,
    /// Null when it never fires again.
    next_fire_time: Option<Millis>,
}

impl From<Job> for Shape {
    fn from(job: Job) -> Self {
        Self {
            id: job.id.to_string(),
            disallow_concurrent: true,
            trigger: Timing {
                state: job.state(),
                cron: job.cron,
                next_fire_time: job.next_fire_at.map(Millis::from),
            },
            name: job.name,
            description: job.description,
            kind: job.kind,
        }
    }
}

/// A job that was just scheduled.
#[derive(Serialize)]
pub struct Scheduled {
    id: String,
    name: String,
    schedule: String,
}

/// When a job is to run.
#[derive(Default, Deserialize)]
pub struct Trigger {
    #[serde(default)]
    cron: String,
}

/// A new job.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct New {
    name: String,
    description: Option<String>,
    /// GET when nothing is said.
    method: Option<String>,
    uri: String,
    headers: Option<BTreeMap<String, Scalar>>,
    query: Option<BTreeMap<String, Scalar>>,
    /// Any JSON.
    body: Option<serde_json::Value>,
    trigger: Trigger,
}

impl Body for New {}

impl From<New> for NewJob {
    fn from(new: New) -> Self {
        Self {
            name: new.name,
            description: new.description.unwrap_or_default(),
            request: Request {
                method: new.method.unwrap_or_else(|| "GET".to_owned()),
                uri: new.uri,
                headers: texts(new.headers.unwrap_or_default()),
                query: texts(new.query.unwrap_or_default()),
                body: new.body.map(|body| body.to_string()),
            },
            cron: new.trigger.cron,
        }
    }
}

/// Another schedule.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Reschedule {
    trigger: Trigger,
}

impl Body for Reschedule {}

/// GET /jobs
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| job::own(db, &keys, &actor, &query.0.into()))
        .await?;
    Ok(paging::reply(page, Shape::from))
}

/// POST /jobs
pub async fn create(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    body: Json<New>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let job = app
        .write(move |tx| job::schedule(tx, &keys, &permit, body.0.into()))
        .await?;
    Ok(HttpResponse::Ok().json(Scheduled {
        id: job.id.to_string(),
        name: job.name,
        schedule: job.cron,
    }))
}

/// GET /jobs/{job}
pub async fn show(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let job = app.read(move |db| job::find(db, &actor, *id)).await?;
    Ok(HttpResponse::Ok().json(Shape::from(job)))
}

/// DELETE /jobs/{job}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| job::delete(tx, &permit, *id)).await?;
    Ok(HttpResponse::Ok().finish())
}

/// PUT /jobs/{job}/enable
pub async fn enable(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    set_enabled(&app, permit, *id, true).await
}

/// PUT /jobs/{job}/disable
pub async fn disable(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    set_enabled(&app, permit, *id, false).await
}

async fn set_enabled(
    app: &App,
    permit: Permit<ScheduleJobs>,
    id: i64,
    enabled: bool,
) -> Result<HttpResponse, Error> {
    let job = app
        .write(move |tx| job::set_enabled(tx, &permit, id, enabled))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::from(job)))
}

/// PATCH /jobs/{job}/reschedule
pub async fn reschedule(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
    body: Json<Reschedule>,
) -> Result<HttpResponse, Error> {
    let job = app
        .write(move |tx| job::reschedule(tx, &permit, *id, &body.0.trigger.cron))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::from(job)))
}

/// GET /users/{user}/jobs
pub async fn of_user(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    user: Path<String>,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| job::of_user(db, &keys, &permit, &user, &query.0.into()))
        .await?;
    Ok(paging::reply(page, Shape::from))
}
