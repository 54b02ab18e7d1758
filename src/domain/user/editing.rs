//! Editing a user: details, roles, activity.

use diesel::prelude::*;
use serde::Deserialize;

use super::{
    DetailsInput, User, check_roles, ensure_may_change, ensure_org_admin_left, find, write_details,
};
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::audit::{self, Code};
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::{account, activation, session};
use crate::error::{Error, FieldErrors};

/// The form Edit, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EditUser {
    /// The version the form was made from.
    pub version: i64,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email.
    pub email: String,
    /// Org Admin.
    pub org_admin: bool,
    /// Account Admin.
    pub account_admin: bool,
    /// Active.
    pub active: bool,
    /// The list that the form was opened from.
    pub back: String,
}

impl From<&User> for EditUser {
    fn from(user: &User) -> Self {
        Self {
            version: user.version,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            org_admin: user.org_admin,
            account_admin: user.account_admin,
            active: user.active,
            back: String::new(),
        }
    }
}

/// What a saved edit did.
pub struct Edited {
    /// Full name after the change.
    pub name: String,
    /// Jobs that were stopped, when it was deactivated.
    pub stopped: Option<i64>,
    /// Whether it was activated.
    pub activated: bool,
}

/// Changes details, roles and activity of a user; a change of roles or activity ends its sessions.
///
/// # Errors
/// [`Error::Changed`] when somebody changed it since the form was made; [`Error::Invalid`], [`Error::Refused`] and
/// [`Error::Forbidden`] as the rules say.
pub fn edit(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    account: i64,
    id: i64,
    input: &EditUser,
) -> Result<Edited, Error> {
    let organization = permit.reach.organization();
    let actor = &permit.actor;
    tx.lock_organization(organization)?;
    let account = account::find(tx.db(), permit.reach, account)?;
    let user = find(tx.db(), permit.reach, account.id, id)?;
    ensure_may_change(actor, &user, &account)?;
    if user.version != input.version {
        return Err(Error::Changed(user.full_name()));
    }
    let mut errors = FieldErrors::default();
    let details = DetailsInput {
        first_name: &input.first_name,
        last_name: &input.last_name,
        email: &input.email,
    }
    .check(&mut errors);
    let before = (user.org_admin, user.account_admin);
    let after = (input.org_admin, input.account_admin);
    check_roles(actor, &account, before, after, &mut errors)?;
    errors.into_result()?;
    let details = details.ok_or(Error::Malformed("The form is not complete."))?;

    let mut noted = write_details(tx, &user, &details)?;
    noted.changed("orgAdmin", &before.0, &after.0);
    noted.changed("accountAdmin", &before.1, &after.1);
    if before != after {
        diesel::update(users::table.find(id))
            .set((
                users::org_admin.eq(after.0),
                users::account_admin.eq(after.1),
            ))
            .execute(tx.db())?;
        session::end_all(tx, id)?;
    }
    let name = details.full_name();
    if !noted.is_empty() {
        let target = user.target(organization, &name);
        audit::record(tx, &actor.into(), Code::UserUpdated, &target, &noted)?;
    }
    let known_as = user.full_name();
    // From here on under its new name.
    let user = find(tx.db(), permit.reach, account.id, id)?;
    let stopped = (user.active && !input.active)
        .then(|| activation::deactivate(tx, actor, &user))
        .transpose()?;
    let activated = !user.active && input.active;
    if activated {
        activation::activate(tx, actor, &user)?;
    }
    if before.0 {
        ensure_org_admin_left(tx, organization, &known_as)?;
    }
    Ok(Edited {
        name,
        stopped,
        activated,
    })
}
