//! A user as it is sent: to be added, to be changed, or to be replaced.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::shape::SECURED;
use crate::api::json::Body;
use crate::api::names::{required, role_key};
use crate::api::roles::named;
use crate::api::values::Object;
use crate::domain::contact::ContactChanges;
use crate::domain::role::Role;
use crate::domain::user::{Changes, NewUser};
use crate::error::Error;

/// A user as it is sent. `null` clears an optional key, and leaves any other as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UserChanges)]
pub struct Sent {
    /// Given name.
    #[schema(max_length = 100, min_length = 1, format = "line")]
    first_name: Option<String>,
    /// Family name.
    #[schema(max_length = 100, min_length = 1, format = "line")]
    last_name: Option<String>,
    /// What it signs in with. No two users of the installation share one.
    #[schema(format = Email, max_length = 254)]
    email: Option<String>,
    /// As the organization's policy wants it. Without one, a user has only its secret.
    #[schema(min_length = 8, max_length = 256, format = "new-password")]
    password: Option<String>,
    /// Whether it may sign in and call.
    active: Option<bool>,
    /// The administrator roles that it is to hold, in place of those that it holds.
    #[schema(value_type = Option<Vec<RoleKey>>)]
    roles: Option<Vec<Object<RoleKey>>>,
    /// What another system calls the user.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    external_id: Option<String>,
    /// Phone number, written as you like.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    phone: Option<String>,
    /// First line of the address.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    street1: Option<String>,
    /// Second line of the address.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    street2: Option<String>,
    /// Town of the address.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    city: Option<String>,
    /// State or province of the address.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    state_province: Option<String>,
    /// Postal code of the address.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    postal_code: Option<String>,
    /// Country of the address.
    #[serde(default, deserialize_with = "or_cleared")]
    #[schema(max_length = 200, format = "text")]
    country: Option<String>,
}

impl Body for Sent {}

/// A role by its key.
#[derive(Deserialize, ToSchema)]
pub struct RoleKey {
    #[schema(schema_with = role_key)]
    key: String,
}

/// A whole user, as it is added or put in another's place.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Whole(Sent);

impl Body for Whole {}

impl PartialSchema for Whole {
    fn schema() -> RefOr<Schema> {
        required(Sent::schema(), &["firstName", "lastName", "email"])
    }
}

impl ToSchema for Whole {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("WholeUser")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Sent::schemas(schemas);
    }
}

/// `null` is an empty value, which is not the same as no key at all.
fn or_cleared<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let value: Option<String> = Option::deserialize(value)?;
    Ok(Some(value.unwrap_or_default()))
}

impl Whole {
    /// The user to be added.
    ///
    /// # Errors
    /// [`Error::Unread`] for a role that there is not.
    pub fn new_user(self) -> Result<NewUser, Error> {
        let sent = self.0;
        let (org_admin, account_admin) = sent.administrator()?.unwrap_or_default();
        Ok(NewUser {
            contact: sent.contact(),
            first_name: sent.first_name.unwrap_or_default(),
            last_name: sent.last_name.unwrap_or_default(),
            email: sent.email.unwrap_or_default(),
            password: sent.password,
            org_admin,
            account_admin,
            ..NewUser::default()
        })
    }

    /// The whole user, as PUT sends it: what is required and missing is empty, and what is optional and missing is
    /// cleared. Password, roles and activity are kept unless they are sent.
    #[must_use]
    pub fn replacing(self) -> Sent {
        let or_empty = |key: Option<String>| Some(key.unwrap_or_default());
        let sent = self.0;
        Sent {
            first_name: or_empty(sent.first_name),
            last_name: or_empty(sent.last_name),
            email: or_empty(sent.email),
            external_id: or_empty(sent.external_id),
            phone: or_empty(sent.phone),
            street1: or_empty(sent.street1),
            street2: or_empty(sent.street2),
            city: or_empty(sent.city),
            state_province: or_empty(sent.state_province),
            postal_code: or_empty(sent.postal_code),
            country: or_empty(sent.country),
            ..sent
        }
    }
}

impl Sent {
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
            .map(|role| named(&role.0.key))
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
