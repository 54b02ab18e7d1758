//! Jobs: the caller's own, and for administrators those of others.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{Body, Done, Json};
use super::paging::{List, Listed};
use super::query::Query;
use super::values::{Millis, Name, Object, Scalar, texts};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::job::{self, Job, NewJob, Request};
use crate::domain::permit::{Permit, ScheduleJobs, ViewUsers};
use crate::error::Error;

/// A job.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Job)]
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
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    state: &'static str,
    cron: String,
    /// Null when it never fires again.
    #[schema(required)]
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
#[derive(Serialize, ToSchema)]
#[schema(as = ScheduledJob)]
pub struct Scheduled {
    id: String,
    name: String,
    schedule: String,
}

/// When a job is to run.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = JobTrigger)]
pub struct Trigger {
    /// A Quartz expression with seconds, like `0 0/15 * 1/1 * ? *`, in UTC.
    #[serde(default)]
    #[schema(required, format = "quartz", max_length = 200)]
    cron: String,
}

/// A new job.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NewJob)]
pub struct New {
    /// What you call it.
    #[serde(default)]
    #[schema(required, max_length = 200, min_length = 1, format = "line")]
    name: String,
    /// For people.
    #[schema(max_length = 2000, format = "text")]
    description: Option<String>,
    /// GET when nothing is said; in any letter case.
    #[schema(
        pattern = "^([Gg][Ee][Tt]|[Pp][Oo][Ss][Tt]|[Pp][Uu][Tt]|[Pp][Aa][Tt][Cc][Hh]|[Dd][Ee][Ll][Ee][Tt][Ee])$"
    )]
    method: Option<String>,
    /// A path that begins with `/`, or an http(s) address.
    #[serde(default)]
    #[schema(required, max_length = 2000, pattern = "^(/|https?://)[!-~]*$")]
    uri: String,
    /// By name.
    #[schema(value_type = Option<BTreeMap<Name, Scalar>>)]
    headers: Option<BTreeMap<String, Scalar>>,
    /// Parameters, by name.
    #[schema(value_type = Option<BTreeMap<Name, Scalar>>)]
    query: Option<BTreeMap<String, Scalar>>,
    /// Any JSON.
    body: Option<serde_json::Value>,
    #[serde(default)]
    #[schema(required, value_type = Trigger)]
    trigger: Object<Trigger>,
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
            cron: new.trigger.0.cron,
        }
    }
}

/// Another schedule.
#[derive(Default, Deserialize, ToSchema)]
pub struct Reschedule {
    #[serde(default)]
    #[schema(required, value_type = Trigger)]
    trigger: Object<Trigger>,
}

impl Body for Reschedule {}

/// GET /jobs
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<Listed<Shape>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| job::own(db, &keys, &actor, &query.0.into()))
        .await?;
    Ok(Listed::of(page, Shape::from))
}

/// POST /jobs
pub async fn create(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    body: Json<New>,
) -> Result<Json<Scheduled>, Error> {
    let keys = app.keys.clone();
    let job = app
        .write(move |tx| job::schedule(tx, &keys, &permit, body.0.into()))
        .await?;
    Ok(Json(Scheduled {
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
) -> Result<Json<Shape>, Error> {
    let job = app.read(move |db| job::find(db, &actor, *id)).await?;
    Ok(Json(Shape::from(job)))
}

/// DELETE /jobs/{job}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
) -> Result<Done, Error> {
    app.write(move |tx| job::delete(tx, &permit, *id)).await?;
    Ok(Done)
}

/// PUT /jobs/{job}/enable
pub async fn enable(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
) -> Result<Json<Shape>, Error> {
    set_enabled(&app, permit, *id, true).await
}

/// PUT /jobs/{job}/disable
pub async fn disable(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
) -> Result<Json<Shape>, Error> {
    set_enabled(&app, permit, *id, false).await
}

async fn set_enabled(
    app: &App,
    permit: Permit<ScheduleJobs>,
    id: i64,
    enabled: bool,
) -> Result<Json<Shape>, Error> {
    let job = app
        .write(move |tx| job::set_enabled(tx, &permit, id, enabled))
        .await?;
    Ok(Json(Shape::from(job)))
}

/// PATCH /jobs/{job}/reschedule
pub async fn reschedule(
    app: Data<App>,
    permit: Permit<ScheduleJobs>,
    id: Path<i64>,
    body: Json<Reschedule>,
) -> Result<Json<Shape>, Error> {
    let job = app
        .write(move |tx| job::reschedule(tx, &permit, *id, &body.0.trigger.0.cron))
        .await?;
    Ok(Json(Shape::from(job)))
}

/// GET /users/{user}/jobs
pub async fn of_user(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    user: Path<String>,
    query: Query<List>,
) -> Result<Listed<Shape>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| job::of_user(db, &keys, &permit, &user, &query.0.into()))
        .await?;
    Ok(Listed::of(page, Shape::from))
}
