//! A user as it is sent: to be added, to be changed, or to be replaced.

use serde::{Deserialize, Deserializer};

use super::shape::SECURED;
use crate::api::json::Body;
use crate::api::roles::named;
use crate::domain::contact::ContactChanges;
use crate::domain::role::Role;
use crate::domain::user::{Changes, NewUser};
use crate::error::Error;

/// A user as it is sent. `null` clears an optional key, and leaves any other as it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sent {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    active: Option<bool>,
    roles: Option<Vec<RoleKey>>,
    #[serde(deserialize_with = "or_cleared")]
    external_id: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    phone: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    street1: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    street2: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    city: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    state_province: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    postal_code: Option<String>,
    #[serde(deserialize_with = "or_cleared")]
    country: Option<String>,
}

impl Body for Sent {}

/// A role by its key.
#[derive(Deserialize)]
pub struct RoleKey {
    key: String,
}

/// `null` is an empty value, which is not the same as no key at all.
fn or_cleared<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let value: Option<String> = Option::deserialize(value)?;
    Ok(Some(value.unwrap_or_default()))
}

impl Sent {
    /// The user to be added.
    ///
    /// # Errors
    /// [`Error::Unread`] for a role that there is not.
    pub fn new_user(self) -> Result<NewUser, Error> {
        let (org_admin, account_admin) = self.administrator()?.unwrap_or_default();
        Ok(NewUser {
            contact: self.contact(),
            first_name: self.first_name.unwrap_or_default(),
            last_name: self.last_name.unwrap_or_default(),
            email: self.email.unwrap_or_default(),
            password: self.password,
            org_admin,
            account_admin,
            ..NewUser::default()
        })
    }

    /// The whole user, as PUT sends it: what is required and missing is empty, and what is optional and missing is
    /// cleared. Password, roles and activity are kept unless they are sent.
    #[must_use]
    pub fn whole(self) -> Self {
        let or_empty = |key: Option<String>| Some(key.unwrap_or_default());
        Self {
            first_name: or_empty(self.first_name),
            last_name: or_empty(self.last_name),
            email: or_empty(self.email),
            external_id: or_empty(self.external_id),
            phone: or_empty(self.phone),
            street1: or_empty(self.street1),
            street2: or_empty(self.street2),
            city: or_empty(self.city),
            state_province: or_empty(self.state_province),
            postal_code: or_empty(self.postal_code),
            country: or_empty(self.country),
            ..self
        }
    }

    /// The new password, if one is sent. What lists show in its place is none.
    #[must_use]
    pub fn new_password(&self) -> Option<String> {
        self.password.clone().filter(|sent| sent != SECURED)
    }

    /// What is to change, but for the password.
    ///
    /// # Errors
    /// [`Error::Unread`] for a role that there is not.
    pub fn changes(&self, permanent: bool) -> Result<Changes, Error> {
        let administrator = self.administrator()?;
        Ok(Changes {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: self.email.clone(),
            org_admin: administrator.map(|(org_admin, _)| org_admin),
            account_admin: administrator.map(|(_, account_admin)| account_admin),
            active: self.active,
            permanent: permanent && self.active == Some(false),
            contact: self.contact(),
            ..Changes::default()
        })
    }

    /// The administrator roles among those sent: (org admin, account admin). The base roles, which a user read before
    /// has too, are given by the system.
    fn administrator(&self) -> Result<Option<(bool, bool)>, Error> {
        let Some(sent) = &self.roles else {
            return Ok(None);
        };
        let roles: Vec<Role> = sent
            .iter()
            .map(|role| named(&role.key))
            .collect::<Result<_, _>>()?;
        Ok(Some((
            roles.contains(&Role::OrgAdmin),
            roles.contains(&Role::AccountAdmin),
        )))
    }

    fn contact(&self) -> ContactChanges {
        ContactChanges {
            external_id: self.external_id.clone(),
            phone: self.phone.clone(),
            street1: self.street1.clone(),
            street2: self.street2.clone(),
            city: self.city.clone(),
            state_province: self.state_province.clone(),
            postal_code: self.postal_code.clone(),
            country: self.country.clone(),
        }
    }
}
