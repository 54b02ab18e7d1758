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
use crate::db::Db;
use crate::domain::organization::{self, Organization};
use crate::domain::password_policy;
use crate::domain::permit::{ModifySecurity, Permit};
use crate::domain::secret;
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
    /// Only for those who may replace it, and only where it is asked for.
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
    let keys = app.keys.clone();
    let shape = match actor.permit() {
        Ok(permit) => {
            app.write(move |tx| {
                let secret = secret::tell_of_organization(tx, &keys, &permit)?;
                Shape::of(tx.db(), permit.reach.organization(), Some(secret))
            })
            .await?
        }
        Err(_) => {
            app.read(move |db| Shape::of(db, actor.organization_id, None))
                .await?
        }
    };
    Ok(Json(shape))
}

/// PUT /organizations/me
pub async fn update(
    app: Data<App>,
    permit: Permit<ModifySecurity>,
    body: Json<Changes>,
) -> Result<Json<Shape>, Error> {
    let shape = app
        .write(move |tx| {
            organization::rename(tx, &permit, &body.0.name)?;
            Shape::of(tx.db(), permit.reach.organization(), None)
        })
        .await?;
    Ok(Json(shape))
}

impl Shape {
    fn of(db: &mut Db, id: i64, secret: Option<String>) -> Result<Self, Error> {
        let it = Organization::find(db, id)?;
        let policy = password_policy::Policy::of_organization(db, id)?;
        Ok(Self {
            id,
            name: it.name,
            active: it.active,
            created_date: it.created_at.date(),
            secret,
            password_policy: policy.into(),
            two_factor_auth_enabled: it.two_factor == Method::Totp.key(),
        })
    }
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
