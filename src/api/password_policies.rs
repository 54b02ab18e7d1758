//! The organization's password policy.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};

use super::json::{Body, Json};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::password_policy::{self, EditPolicy};
use crate::domain::permit::{ModifySecurity, Permit};
use crate::error::Error;

/// A password policy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    min_length: i32,
    min_uppercase: i32,
    min_lowercase: i32,
    min_numbers: i32,
    min_symbols: i32,
    symbol_character_set: String,
    previous_password_count: i32,
    expiration_days: i32,
}

impl From<password_policy::Policy> for Policy {
    fn from(policy: password_policy::Policy) -> Self {
        Self {
            min_length: policy.min_length,
            min_uppercase: policy.min_uppercase,
            min_lowercase: policy.min_lowercase,
            min_numbers: policy.min_numbers,
            min_symbols: policy.min_symbols,
            symbol_character_set: policy.symbol_character_set,
            previous_password_count: policy.previous_password_count,
            expiration_days: policy.expiration_days,
        }
    }
}

/// A whole policy as it is sent: a key that is missing is as wrong as one that is out of its range, and a key that is
/// no part of it would be a rule that nobody follows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPolicy {
    min_length: Option<i64>,
    min_uppercase: Option<i64>,
    min_lowercase: Option<i64>,
    min_numbers: Option<i64>,
    min_symbols: Option<i64>,
    symbol_character_set: Option<String>,
    previous_password_count: Option<i64>,
    expiration_days: Option<i64>,
}

impl Body for NewPolicy {}

impl NewPolicy {
    fn typed(self) -> Result<EditPolicy, Error> {
        let text = |number: Option<i64>| number.map(|it| it.to_string()).unwrap_or_default();
        Ok(EditPolicy {
            min_length: text(self.min_length),
            min_uppercase: text(self.min_uppercase),
            min_lowercase: text(self.min_lowercase),
            min_numbers: text(self.min_numbers),
            min_symbols: text(self.min_symbols),
            // An empty set is a policy too, so its absence has to be told apart.
            symbol_character_set: self
                .symbol_character_set
                .ok_or(Error::Malformed("symbolCharacterSet is missing."))?,
            previous_password_count: text(self.previous_password_count),
            expiration_days: text(self.expiration_days),
        })
    }
}

/// GET /organizations/password-policies
pub async fn show(app: Data<App>, SignedIn(actor): SignedIn) -> Result<HttpResponse, Error> {
    read(&app, actor.organization_id).await
}

/// PUT /organizations/password-policies
pub async fn update(
    app: Data<App>,
    permit: Permit<ModifySecurity>,
    body: Json<NewPolicy>,
) -> Result<HttpResponse, Error> {
    let (organization, input) = (permit.actor.organization_id, body.0.typed()?);
    app.write(move |tx| password_policy::update(tx, &permit, &input))
        .await?;
    read(&app, organization).await
}

/// DELETE /organizations/password-policies: back to the default.
pub async fn destroy(
    app: Data<App>,
    permit: Permit<ModifySecurity>,
) -> Result<HttpResponse, Error> {
    app.write(move |tx| password_policy::reset(tx, &permit))
        .await?;
    Ok(HttpResponse::Ok().finish())
}

async fn read(app: &App, organization: i64) -> Result<HttpResponse, Error> {
    let policy = app
        .read(move |db| password_policy::Policy::of_organization(db, organization))
        .await?;
    Ok(HttpResponse::Ok().json(Policy::from(policy)))
}
