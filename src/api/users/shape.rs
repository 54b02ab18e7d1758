//! A user as the API shows it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::roles::Roles;
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::lockout;
use crate::domain::password_policy::Policy;
use crate::domain::user::Profile;
use crate::error::Error;

/// A user. The eight flags at the end are those that the original still sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: i64,
    pub created_date: NaiveDate,
    pub first_name: String,
    pub last_name: String,
    pub full_name: String,
    pub email: String,
    pub active: bool,
    /// 1970-01-01 until the first sign-in.
    pub last_login_date: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Always `secured`: in lists, and where it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<&'static str>,
    /// The user secret, where it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The roles, where they were given or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Roles>,
    pub account_expired: bool,
    pub account_locked: bool,
    pub account_non_locked: bool,
    pub credentials_expired: bool,
    pub credentials_non_expired: bool,
    pub email_valid: bool,
    pub account_non_expired: bool,
    pub enabled: bool,
}

/// What stands for a password.
pub const SECURED: &str = "secured";

/// What the flags of a user are judged by.
pub struct Show {
    policy: Policy,
    now: NaiveDateTime,
}

impl Show {
    /// Reads what `actor` is shown users by.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn to(db: &mut Db, actor: &Actor, now: NaiveDateTime) -> Result<Self, Error> {
        let policy = Policy::of_organization(db, actor.organization_id)?;
        Ok(Self { policy, now })
    }

    /// A user of a list.
    #[must_use]
    pub fn listed(&self, profile: Profile) -> User {
        User {
            password: Some(SECURED),
            ..self.one(profile)
        }
    }

    /// A user on its own.
    #[must_use]
    pub fn one(&self, Profile { user, contact }: Profile) -> User {
        let locked = lockout::holds(user.locked_until, self.now);
        let changed = user.password_changed_at;
        let expired = user.has_password && self.policy.has_expired(changed, self.now);
        User {
            id: user.id,
            created_date: user.created_at.date(),
            full_name: user.full_name(),
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            active: user.active,
            last_login_date: user.last_login_at.date(),
            external_id: contact.external_id,
            phone: contact.phone,
            street1: contact.street1,
            street2: contact.street2,
            city: contact.city,
            state_province: contact.state_province,
            postal_code: contact.postal_code,
            country: contact.country,
            password: None,
            secret: None,
            roles: None,
            account_expired: false,
            account_locked: locked,
            account_non_locked: !locked,
            credentials_expired: expired,
            credentials_non_expired: !expired,
            email_valid: true,
            account_non_expired: user.active,
            enabled: user.active && !expired,
        }
    }
}
