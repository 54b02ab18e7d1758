//! The organization's password policy.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{Body, Done, Json};
use super::values::whole;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::password_policy::{self, EditPolicy};
use crate::domain::permit::{ModifySecurity, Permit};
use crate::error::Error;

/// A password policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordPolicy)]
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
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewPasswordPolicy)]
pub struct NewPolicy {
    /// Characters at least.
    #[schema(required, nullable = false, minimum = 8, maximum = 40)]
    #[serde(default, deserialize_with = "whole")]
    min_length: Option<i64>,
    /// Uppercase letters at least.
    #[schema(required, nullable = false, minimum = 0, maximum = 10)]
    #[serde(default, deserialize_with = "whole")]
    min_uppercase: Option<i64>,
    /// Lowercase letters at least.
    #[schema(required, nullable = false, minimum = 0, maximum = 10)]
    #[serde(default, deserialize_with = "whole")]
    min_lowercase: Option<i64>,
    /// Digits at least.
    #[schema(required, nullable = false, minimum = 0, maximum = 10)]
    #[serde(default, deserialize_with = "whole")]
    min_numbers: Option<i64>,
    /// Symbols at least.
    #[schema(required, nullable = false, minimum = 0, maximum = 10)]
    #[serde(default, deserialize_with = "whole")]
    min_symbols: Option<i64>,
    /// What counts as a symbol.
    #[schema(required, nullable = false, format = "symbols", max_length = 100)]
    symbol_character_set: Option<String>,
    /// How many former passwords are refused.
    #[schema(required, nullable = false, minimum = 0, maximum = 9)]
    #[serde(default, deserialize_with = "whole")]
    previous_password_count: Option<i64>,
    /// Days after which a password has to be changed; 0 for never.
    #[schema(required, nullable = false, minimum = 0, maximum = 2_147_483_647)]
    #[serde(default, deserialize_with = "whole")]
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
pub async fn show(app: Data<App>, SignedIn(actor): SignedIn) -> Result<Json<Policy>, Error> {
    read(&app, actor.organization_id).await
}

/// PUT /organizations/password-policies
pub async fn update(
    app: Data<App>,
    permit: Permit<ModifySecurity>,
    body: Json<NewPolicy>,
) -> Result<Json<Policy>, Error> {
    let (organization, input) = (permit.actor.organization_id, body.0.typed()?);
    app.write(move |tx| password_policy::update(tx, &permit, &input))
        .await?;
    read(&app, organization).await
}

/// DELETE /organizations/password-policies: back to the default.
pub async fn destroy(app: Data<App>, permit: Permit<ModifySecurity>) -> Result<Done, Error> {
    app.write(move |tx| password_policy::reset(tx, &permit))
        .await?;
    Ok(Done)
}

async fn read(app: &App, organization: i64) -> Result<Json<Policy>, Error> {
    let policy = app
        .read(move |db| password_policy::Policy::of_organization(db, organization))
        .await?;
    Ok(Json(Policy::from(policy)))
}
