//! Formula instances: the caller's own.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::instances::Formula;
use super::json::{Body, Json};
use super::paging::{self, List};
use super::query::Query;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::instance::{self, FORMULA, Instance, NewFormula};
use crate::domain::permit::{CreateFormulaInstances, Permit};
use crate::error::Error;

/// When a formula instance runs.
#[derive(Serialize, Deserialize)]
pub struct Trigger {
    cron: Option<String>,
}

/// A formula instance.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    id: i64,
    name: String,
    formula: Formula,
    active: bool,
    /// Only of those that run by a schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<Trigger>,
    created_date: NaiveDate,
}

impl From<Instance> for Shape {
    fn from(instance: Instance) -> Self {
        Self {
            id: instance.id,
            formula: Formula::of(&instance.source),
            active: !instance.disabled,
            created_date: instance.created_at.date(),
            trigger: instance.cron.map(|cron| Trigger { cron: Some(cron) }),
            name: instance.name,
        }
    }
}

/// A new formula instance.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct New {
    name: String,
    formula: Formula,
    trigger: Option<Trigger>,
}

impl Body for New {}

/// GET /formulas/instances
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| instance::own(db, &keys, &actor, FORMULA, &query.0.into()))
        .await?;
    Ok(paging::reply(page, Shape::from))
}

/// POST /formulas/instances
pub async fn create(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    body: Json<New>,
) -> Result<HttpResponse, Error> {
    let input = NewFormula {
        name: body.0.name,
        formula: body.0.formula.id,
        cron: body.0.trigger.and_then(|trigger| trigger.cron),
    };
    let made = app
        .write(move |tx| instance::add_formula(tx, &permit, &input))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::from(made)))
}

/// GET /formulas/instances/{instance}
pub async fn show(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = app
        .read(move |db| instance::find(db, &actor, FORMULA, *id))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::from(found)))
}

/// DELETE /formulas/instances/{instance}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| instance::delete(tx, &permit, *id))
        .await?;
    Ok(HttpResponse::Ok().finish())
}

/// PUT /formulas/instances/{instance}/active
pub async fn activate(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let active = app
        .write(move |tx| instance::set_enabled(tx, &permit, *id, true))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::from(active)))
}

/// DELETE /formulas/instances/{instance}/active
pub async fn deactivate(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| instance::set_enabled(tx, &permit, *id, false))
        .await?;
    Ok(HttpResponse::Ok().finish())
}
