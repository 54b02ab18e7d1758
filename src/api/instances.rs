//! Element instances: the caller's own, and for administrators those of others.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::json::{Body, Json};
use super::paging::{self, List};
use super::query::Query;
use super::values::Scalar;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::instance::{self, ELEMENT, EditElement, Instance, NewElement};
use crate::domain::keys::Keys;
use crate::domain::permit::{CreateElementInstances, Permit, ViewUsers};
use crate::error::Error;

/// What an empty list answers.
const NONE: &str = "No instances found";

/// An element, by its key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Element {
    #[serde(default)]
    pub(super) key: String,
}

/// A formula, by its id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Formula {
    #[serde(default)]
    pub(super) id: i64,
}

impl Formula {
    /// The formula of a formula instance.
    pub(super) fn of(source: &str) -> Self {
        // Written by us, from a number.
        let id = source.parse().unwrap_or_default();
        Self { id }
    }
}

/// An element instance, as its owner sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    id: i64,
    name: String,
    token: String,
    element: Element,
    /// Always: the register calls no service, so it never finds credentials that fail.
    valid: bool,
    disabled: bool,
    tags: Vec<String>,
    created_date: NaiveDate,
}

impl Shape {
    fn new(keys: &Keys, instance: Instance) -> Self {
        Self {
            id: instance.id,
            token: instance::token(keys, instance.id),
            valid: true,
            disabled: instance.disabled,
            tags: instance.tags(),
            created_date: instance.created_at.date(),
            element: Element {
                key: instance.source,
            },
            name: instance.name,
        }
    }
}

/// An instance of either kind, as an administrator sees it: without its token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Owned {
    id: i64,
    name: String,
    user_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<Element>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<Formula>,
    disabled: bool,
    tags: Vec<String>,
    created_date: NaiveDate,
}

impl From<Instance> for Owned {
    fn from(instance: Instance) -> Self {
        let is_element = instance.kind == ELEMENT;
        Self {
            id: instance.id,
            user_id: instance.user_id,
            formula: (!is_element).then(|| Formula::of(&instance.source)),
            disabled: instance.disabled,
            tags: instance.tags(),
            created_date: instance.created_at.date(),
            element: is_element.then_some(Element {
                key: instance.source,
            }),
            name: instance.name,
        }
    }
}

/// What of a configuration counts here: whether a poller is wanted. Credentials are not kept, nor is anything else.
#[derive(Default, Deserialize)]
pub struct Configuration {
    #[serde(rename = "event.notification.enabled")]
    enabled: Option<Scalar>,
    #[serde(rename = "event.vendor.type")]
    vendor: Option<String>,
}

impl Configuration {
    /// Whether a poller is wanted, if the configuration says.
    fn polling(&self) -> Option<bool> {
        let by_polling = self.vendor.as_deref().map(|vendor| vendor == "polling");
        match (self.enabled.as_ref().map(Scalar::is_true), by_polling) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}

/// A new element instance.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct New {
    name: String,
    element: Element,
    tags: Option<Vec<String>>,
    configuration: Option<Configuration>,
}

impl Body for New {}

/// What of an element instance is to change.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Changes {
    name: Option<String>,
    tags: Option<Vec<String>>,
    configuration: Option<Configuration>,
}

impl Body for Changes {}

/// GET /instances
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| instance::own(db, &keys, &actor, ELEMENT, &query.0.into())?.or_none(NONE))
        .await?;
    Ok(paging::reply(page, |it| Shape::new(&app.keys, it)))
}

/// POST /instances
pub async fn create(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    body: Json<New>,
) -> Result<HttpResponse, Error> {
    let configuration = body.0.configuration.unwrap_or_default();
    let input = NewElement {
        name: body.0.name,
        element: body.0.element.key,
        tags: body.0.tags.unwrap_or_default(),
        polling: configuration.polling().unwrap_or_default(),
    };
    let made = app
        .write(move |tx| instance::add_element(tx, &permit, &input))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::new(&app.keys, made)))
}

/// GET /instances/{instance}
pub async fn show(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = app
        .read(move |db| instance::find(db, &actor, ELEMENT, *id))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::new(&app.keys, found)))
}

/// PATCH /instances/{instance}
pub async fn update(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
    body: Json<Changes>,
) -> Result<HttpResponse, Error> {
    let input = EditElement {
        name: body.0.name,
        tags: body.0.tags,
        polling: body.0.configuration.and_then(|it| it.polling()),
    };
    let changed = app
        .write(move |tx| instance::update(tx, &permit, *id, &input))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::new(&app.keys, changed)))
}

/// DELETE /instances/{instance}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| instance::delete(tx, &permit, *id))
        .await?;
    Ok(HttpResponse::Ok().finish())
}

/// PUT /instances/{instance}/enabled
pub async fn enable(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let enabled = app
        .write(move |tx| instance::set_enabled(tx, &permit, *id, true))
        .await?;
    Ok(HttpResponse::Ok().json(Shape::new(&app.keys, enabled)))
}

/// DELETE /instances/{instance}/enabled
pub async fn disable(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| instance::set_enabled(tx, &permit, *id, false))
        .await?;
    Ok(HttpResponse::Ok().finish())
}

/// GET /users/{user}/instances
pub async fn of_user(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    user: Path<String>,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| {
            instance::of_user(db, &keys, &permit, &user, &query.0.into())?.or_none(NONE)
        })
        .await?;
    Ok(paging::reply(page, Owned::from))
}

/// GET /accounts/{account}/instances
pub async fn of_account(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    account: Path<i64>,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| {
            instance::of_account(db, &keys, &permit, *account, &query.0.into())?.or_none(NONE)
        })
        .await?;
    Ok(paging::reply(page, Owned::from))
}
