//! Formula instances: the caller's own.

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instances::Formula;
use super::json::{Body, Done, Json};
use super::paging::{List, Listed};
use super::query::Query;
use super::values::Object;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::instance::{self, FORMULA, Instance, NewFormula};
use crate::domain::permit::{CreateFormulaInstances, Permit};
use crate::error::Error;

/// When a formula instance runs.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = FormulaTrigger)]
pub struct Trigger {
    /// A Quartz expression with seconds, like `0 0/15 * 1/1 * ? *`, in UTC. Without one, its events run it.
    #[schema(format = "quartz", max_length = 200)]
    cron: Option<String>,
}

/// A formula instance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FormulaInstance)]
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
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NewFormulaInstance)]
pub struct New {
    /// What you call it.
    #[serde(default)]
    #[schema(required, max_length = 200, min_length = 1, format = "line")]
    name: String,
    #[serde(default)]
    #[schema(required, value_type = Formula)]
    formula: Object<Formula>,
    #[schema(value_type = Option<Trigger>)]
    trigger: Option<Object<Trigger>>,
}

impl Body for New {}

/// GET /formulas/instances
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<Listed<Shape>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| instance::own(db, &keys, &actor, FORMULA, &query.0.into()))
        .await?;
    Ok(Listed::of(page, Shape::from))
}

/// POST /formulas/instances
pub async fn create(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    body: Json<New>,
) -> Result<Json<Shape>, Error> {
    let input = NewFormula {
        name: body.0.name,
        formula: body.0.formula.0.id,
        cron: body.0.trigger.and_then(|trigger| trigger.0.cron),
    };
    let made = app
        .write(move |tx| instance::add_formula(tx, &permit, &input))
        .await?;
    Ok(Json(Shape::from(made)))
}

/// GET /formulas/instances/{instance}
pub async fn show(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
) -> Result<Json<Shape>, Error> {
    let found = app
        .read(move |db| instance::find(db, &actor, FORMULA, *id))
        .await?;
    Ok(Json(Shape::from(found)))
}

/// DELETE /formulas/instances/{instance}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    id: Path<i64>,
) -> Result<Done, Error> {
    app.write(move |tx| instance::delete(tx, &permit, *id))
        .await?;
    Ok(Done)
}

/// PUT /formulas/instances/{instance}/active
pub async fn activate(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    id: Path<i64>,
) -> Result<Json<Shape>, Error> {
    let active = app
        .write(move |tx| instance::set_enabled(tx, &permit, *id, true))
        .await?;
    Ok(Json(Shape::from(active)))
}

/// DELETE /formulas/instances/{instance}/active
pub async fn deactivate(
    app: Data<App>,
    permit: Permit<CreateFormulaInstances>,
    id: Path<i64>,
) -> Result<Done, Error> {
    app.write(move |tx| instance::set_enabled(tx, &permit, *id, false))
        .await?;
    Ok(Done)
}
