//! Executions: how workers get jobs and report on them, and what owners see of it.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instances::{Element, Formula};
use super::json::{Body, Json};
use super::paging::{List, Listed};
use super::query::Query;
use super::values::{Millis, whole};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::execution::{self, Execution, Outcome};
use crate::domain::instance::ELEMENT;
use crate::domain::job;
use crate::domain::lease::{self, Leased, Report, Subject, Wish};
use crate::domain::permit::{Permit, RunJobs};
use crate::error::Error;

/// What became of a job that a worker got.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Execution)]
pub struct Shape {
    id: String,
    job_id: String,
    worker_id: String,
    outcome: String,
    message: String,
    fire_time: Millis,
    leased_time: Millis,
    leased_until: Millis,
    /// Null until the worker reports.
    #[schema(required)]
    finished_time: Option<Millis>,
}

impl From<Execution> for Shape {
    fn from(execution: Execution) -> Self {
        Self {
            id: execution.id.to_string(),
            job_id: execution.job_id.to_string(),
            worker_id: execution.worker,
            outcome: execution.outcome,
            message: execution.message,
            fire_time: execution.fire_at.into(),
            leased_time: execution.leased_at.into(),
            leased_until: execution.leased_until.into(),
            finished_time: execution.finished_at.map(Millis::from),
        }
    }
}

/// A worker asks for jobs.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LeaseRequest)]
pub struct Ask {
    /// What the worker calls itself.
    #[serde(default)]
    #[schema(required, max_length = 100, min_length = 1, format = "line")]
    worker_id: String,
    /// Jobs at most; 10 when nothing is said.
    #[schema(minimum = 1, maximum = 100)]
    #[serde(default, deserialize_with = "whole")]
    max: Option<i64>,
    /// For how long it wants them; 60 when nothing is said.
    #[schema(minimum = 1, maximum = 3600)]
    #[serde(default, deserialize_with = "whole")]
    seconds: Option<i64>,
}

impl Body for Ask {}

/// A job that the worker holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LeasedJob)]
pub struct Held {
    id: String,
    name: String,
    kind: String,
    /// What to report under.
    execution_id: String,
    fire_time: Millis,
    leased_until: Millis,
    user_id: i64,
    account_id: i64,
    /// What to send, of a job of the kind `api`.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request>,
    /// What to ask for news or to run, of a job that was made for an instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<Instance>,
}

/// Jobs that the worker holds.
#[derive(Serialize, ToSchema)]
#[schema(as = LeasedJobs)]
pub struct Leases(Vec<Held>);

/// What to send.
#[derive(Serialize, ToSchema)]
#[schema(as = JobRequest)]
pub struct Request {
    method: String,
    uri: String,
    headers: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    /// Any JSON.
    body: serde_json::Value,
}

/// The instance that a job was made for.
#[derive(Serialize, ToSchema)]
#[schema(as = JobInstance)]
pub struct Instance {
    id: i64,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<Element>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<Formula>,
}

impl From<job::Request> for Request {
    fn from(request: job::Request) -> Self {
        Self {
            // Written by us, from JSON.
            body: request
                .body
                .and_then(|body| serde_json::from_str(&body).ok())
                .unwrap_or_default(),
            method: request.method,
            uri: request.uri,
            headers: request.headers,
            query: request.query,
        }
    }
}

impl From<Subject> for Instance {
    fn from(subject: Subject) -> Self {
        let is_element = subject.kind == ELEMENT;
        Self {
            id: subject.id,
            name: subject.name,
            token: is_element.then_some(subject.token),
            formula: (!is_element).then(|| Formula::of(&subject.source)),
            element: is_element.then_some(Element {
                key: subject.source,
            }),
        }
    }
}

impl From<Leased> for Held {
    fn from(leased: Leased) -> Self {
        let execution = leased.execution;
        Self {
            id: execution.job_id.to_string(),
            name: leased.name,
            kind: leased.kind,
            execution_id: execution.id.to_string(),
            fire_time: execution.fire_at.into(),
            leased_until: execution.leased_until.into(),
            user_id: leased.user_id,
            account_id: leased.account_id,
            request: leased.request.map(Request::from),
            instance: leased.instance.map(Instance::from),
        }
    }
}

/// POST /jobs/lease
pub async fn lease(
    app: Data<App>,
    permit: Permit<RunJobs>,
    body: Json<Ask>,
) -> Result<Json<Leases>, Error> {
    let keys = app.keys.clone();
    let wish = Wish {
        worker: body.0.worker_id,
        max: body.0.max.unwrap_or(10),
        seconds: body.0.seconds.unwrap_or(60),
    };
    let leased = app
        .write(move |tx| lease::lease(tx, &keys, &permit, &wish))
        .await?;
    Ok(Json(Leases(leased.into_iter().map(Held::from).collect())))
}

/// How a job ended.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Outcome)]
pub enum Ended {
    /// As it should.
    Succeeded,
    /// Otherwise.
    Failed,
}

/// What a worker says of a job.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Report)]
pub struct Told {
    /// The id of the execution that the lease told.
    #[serde(default)]
    #[schema(required)]
    execution_id: String,
    #[schema(required, nullable = false)]
    outcome: Option<Ended>,
    /// What there is to say of it; 2,000 characters are kept.
    message: Option<String>,
}

impl Body for Told {}

/// POST /jobs/{job}/executions
pub async fn report(
    app: Data<App>,
    permit: Permit<RunJobs>,
    id: Path<i64>,
    body: Json<Told>,
) -> Result<Json<Shape>, Error> {
    let outcome = match body.0.outcome {
        Some(Ended::Succeeded) => Outcome::Succeeded,
        Some(Ended::Failed) => Outcome::Failed,
        None => return Err(Error::Malformed("outcome is missing.")),
    };
    let report = Report {
        execution: body.0.execution_id.parse().map_err(|_| Error::NotFound)?,
        outcome,
        message: body.0.message.unwrap_or_default(),
    };
    let execution = app
        .write(move |tx| lease::report(tx, &permit, *id, &report))
        .await?;
    Ok(Json(Shape::from(execution)))
}

/// GET /jobs/executions
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<Listed<Shape>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| execution::own(db, &keys, &actor, &query.0.into()))
        .await?;
    Ok(Listed::of(page, Shape::from))
}

/// GET /jobs/{job}/history
pub async fn history(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
    query: Query<List>,
) -> Result<Listed<Shape>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| execution::of_job(db, &keys, &actor, *id, &query.0.into()))
        .await?;
    Ok(Listed::of(page, Shape::from))
}
