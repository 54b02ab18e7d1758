//! Element instances: the caller's own, and for administrators those of others.

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::json::{Body, Done, Json};
use super::paging::{List, Listed};
use super::query::Query;
use super::values::{Object, Scalar, whole};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::instance::{self, ELEMENT, EditElement, Instance, NewElement};
use crate::domain::keys::Keys;
use crate::domain::permit::{CreateElementInstances, Permit, ViewUsers};
use crate::error::Error;

/// What an empty list answers.
const NONE: &str = "No instances found";

/// An element, by its key.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Element {
    #[serde(default)]
    #[schema(required, max_length = 100, min_length = 1, format = "line")]
    pub(super) key: String,
}

/// A formula, by its id.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Formula {
    #[serde(default, deserialize_with = "id")]
    #[schema(required, minimum = 1)]
    pub(super) id: i64,
}

fn id<'de, D: Deserializer<'de>>(value: D) -> Result<i64, D::Error> {
    whole(value)?.ok_or_else(|| D::Error::custom("expected a whole number"))
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
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ElementInstance)]
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
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Instance)]
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
#[derive(Default, Deserialize, ToSchema)]
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

/// A word that its owner marks an instance with.
#[derive(Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(max_length = 100, min_length = 1, format = "line")]
pub struct Tag(String);

/// A new element instance.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NewElementInstance)]
pub struct New {
    /// What you call it.
    #[serde(default)]
    #[schema(required, max_length = 200, min_length = 1, format = "line")]
    name: String,
    #[serde(default)]
    #[schema(required, value_type = Element)]
    element: Object<Element>,
    /// Words of yours.
    #[schema(max_items = 20)]
    tags: Option<Vec<Tag>>,
    #[schema(value_type = Option<Configuration>)]
    configuration: Option<Object<Configuration>>,
}

impl Body for New {}

/// What of an element instance is to change.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = ElementInstanceChanges)]
pub struct Changes {
    /// What you call it.
    #[schema(max_length = 200, min_length = 1, format = "line")]
    name: Option<String>,
    /// Words of yours.
    #[schema(max_items = 20)]
    tags: Option<Vec<Tag>>,
    #[schema(value_type = Option<Configuration>)]
    configuration: Option<Object<Configuration>>,
}

impl Body for Changes {}

fn words(tags: Vec<Tag>) -> Vec<String> {
    tags.into_iter().map(|tag| tag.0).collect()
}

/// GET /instances
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    query: Query<List>,
) -> Result<Listed<Shape>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| instance::own(db, &keys, &actor, ELEMENT, &query.0.into())?.or_none(NONE))
        .await?;
    Ok(Listed::of(page, |it| Shape::new(&app.keys, it)))
}

/// POST /instances
pub async fn create(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    body: Json<New>,
) -> Result<Json<Shape>, Error> {
    let configuration = body.0.configuration.unwrap_or_default().0;
    let input = NewElement {
        name: body.0.name,
        element: body.0.element.0.key,
        tags: words(body.0.tags.unwrap_or_default()),
        polling: configuration.polling().unwrap_or_default(),
    };
    let made = app
        .write(move |tx| instance::add_element(tx, &permit, &input))
        .await?;
    Ok(Json(Shape::new(&app.keys, made)))
}

/// GET /instances/{instance}
pub async fn show(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
) -> Result<Json<Shape>, Error> {
    let found = app
        .read(move |db| instance::find(db, &actor, ELEMENT, *id))
        .await?;
    Ok(Json(Shape::new(&app.keys, found)))
}

/// PATCH /instances/{instance}
pub async fn update(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
    body: Json<Changes>,
) -> Result<Json<Shape>, Error> {
    let input = EditElement {
        name: body.0.name,
        tags: body.0.tags.map(words),
        polling: body.0.configuration.and_then(|it| it.0.polling()),
    };
    let changed = app
        .write(move |tx| instance::update(tx, &permit, *id, &input))
        .await?;
    Ok(Json(Shape::new(&app.keys, changed)))
}

/// DELETE /instances/{instance}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
) -> Result<Done, Error> {
    app.write(move |tx| instance::delete(tx, &permit, *id))
        .await?;
    Ok(Done)
}

/// PUT /instances/{instance}/enabled
pub async fn enable(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
) -> Result<Json<Shape>, Error> {
    let enabled = app
        .write(move |tx| instance::set_enabled(tx, &permit, *id, true))
        .await?;
    Ok(Json(Shape::new(&app.keys, enabled)))
}

/// DELETE /instances/{instance}/enabled
pub async fn disable(
    app: Data<App>,
    permit: Permit<CreateElementInstances>,
    id: Path<i64>,
) -> Result<Done, Error> {
    app.write(move |tx| instance::set_enabled(tx, &permit, *id, false))
        .await?;
    Ok(Done)
}

/// GET /users/{user}/instances
pub async fn of_user(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    user: Path<String>,
    query: Query<List>,
) -> Result<Listed<Owned>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| {
            instance::of_user(db, &keys, &permit, &user, &query.0.into())?.or_none(NONE)
        })
        .await?;
    Ok(Listed::of(page, Owned::from))
}

/// GET /accounts/{account}/instances
pub async fn of_account(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    account: Path<i64>,
    query: Query<List>,
) -> Result<Listed<Owned>, Error> {
    let keys = app.keys.clone();
    let page = app
        .read(move |db| {
            instance::of_account(db, &keys, &permit, *account, &query.0.into())?.or_none(NONE)
        })
        .await?;
    Ok(Listed::of(page, Owned::from))
}
