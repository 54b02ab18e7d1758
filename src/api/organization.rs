//! The caller's organization.

pub mod accounts;
pub mod users;

use actix_web::web::Data;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{Body, Json};
use super::password_policies::Policy;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::actor::Actor;
use crate::domain::organization::{self, Organization};
use crate::domain::password_policy;
use crate::domain::permit::{ModifySecurity, Permit};
use crate::domain::two_factor::Method;
use crate::error::Error;

/// An organization.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Organization)]
pub struct Shape {
    id: i64,
    name: String,
    active: bool,
    created_date: NaiveDate,
    /// Only for those who may replace it.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    password_policy: Policy,
    /// Whether it demands a second factor of everybody.
    two_factor_auth_enabled: bool,
}

/// What of it can be changed.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrganizationChanges)]
pub struct Changes {
    /// What administrators see it called.
    #[serde(default)]
    #[schema(required, max_length = 200, min_length = 1, format = "line")]
    name: String,
}

impl Body for Changes {}

/// GET /organizations/me
pub async fn show(app: Data<App>, SignedIn(actor): SignedIn) -> Result<Json<Shape>, Error> {
    read(&app, actor).await
}

/// PUT /organizations/me
pub async fn update(
    app: Data<App>,
    permit: Permit<ModifySecurity>,
    body: Json<Changes>,
) -> Result<Json<Shape>, Error> {
    let actor = permit.actor.clone();
    app.write(move |tx| organization::rename(tx, &permit, &body.0.name))
        .await?;
    read(&app, actor).await
}

async fn read(app: &App, actor: Actor) -> Result<Json<Shape>, Error> {
    let keys = app.keys.clone();
    let shape = app
        .read(move |db| {
            let it = Organization::find(db, actor.organization_id)?;
            let policy = password_policy::Policy::of_organization(db, it.id)?;
            let secret = match actor.permit() {
                Ok(permit) => Some(organization::secret(db, &keys, &permit)?),
                Err(_) => None,
            };
            Ok(Shape {
                id: it.id,
                name: it.name,
                active: it.active,
                created_date: it.created_at.date(),
                secret,
                password_policy: policy.into(),
                two_factor_auth_enabled: it.two_factor == Method::Totp.key(),
            })
        })
        .await?;
    Ok(Json(shape))
}

/// POST /organizations/me/secret
pub async fn create_secret(
    app: Data<App>,
    permit: Permit<ModifySecurity>,
) -> Result<Json<NewSecret>, Error> {
    let keys = app.keys.clone();
    let secret = app
        .write(move |tx| organization::reset_secret(tx, &keys, &permit))
        .await?;
    Ok(Json(NewSecret { secret }))
}

/// A new secret, which is told once.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationSecret)]
pub struct NewSecret {
    secret: String,
}
