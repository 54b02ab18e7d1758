//! Editing a user: details, roles, activity, password.

use diesel::prelude::*;
use serde::Deserialize;

use super::{
    DetailsInput, User, check_roles, ensure_may_change, ensure_org_admin_left, find, password,
    write_details,
};
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code};
use crate::domain::contact::{self, ContactChanges};
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::{account, activation, session};
use crate::error::{Error, FieldErrors};

pub use super::password::NewPassword;

/// Why only details of oneself can be changed here.
const ONLY_DETAILS: &str =
    "This is you. Somebody else has to change your roles, your password or whether you are active.";

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

/// What is to change of a user. What is left out stays.
#[derive(Clone, Default)]
pub struct Changes {
    /// The version that the wish was made from, where somebody looked at it.
    pub version: Option<i64>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Email.
    pub email: Option<String>,
    /// Whether it manages the organization.
    pub org_admin: Option<bool>,
    /// Whether it manages the users of its account.
    pub account_admin: Option<bool>,
    /// Whether sign-in and API calls are accepted.
    pub active: Option<bool>,
    /// Whether its instances go too when it is deactivated.
    pub permanent: bool,
    /// The optional keys.
    pub contact: ContactChanges,
    /// A new password, which it has to change at its next sign-in.
    pub password: Option<NewPassword>,
}

impl From<&EditUser> for Changes {
    fn from(form: &EditUser) -> Self {
        Self {
            version: Some(form.version),
            first_name: Some(form.first_name.clone()),
            last_name: Some(form.last_name.clone()),
            email: Some(form.email.clone()),
            org_admin: Some(form.org_admin),
            account_admin: Some(form.account_admin),
            active: Some(form.active),
            ..Self::default()
        }
    }
}

impl Changes {
    /// Names and email as they are to be.
    pub(super) fn details<'a>(&'a self, user: &'a User) -> DetailsInput<'a> {
        DetailsInput {
            first_name: self.first_name.as_deref().unwrap_or(&user.first_name),
            last_name: self.last_name.as_deref().unwrap_or(&user.last_name),
            email: self.email.as_deref().unwrap_or(&user.email),
        }
    }

    fn roles(&self, user: &User) -> (bool, bool) {
        (
            self.org_admin.unwrap_or(user.org_admin),
            self.account_admin.unwrap_or(user.account_admin),
        )
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
    /// Whether its roles changed.
    pub roles_changed: bool,
}

/// Changes what is to be changed; a change of roles, activity or password ends the user's sessions. Of oneself only
/// details can be changed.
///
/// # Errors
/// [`Error::Changed`] when somebody changed it since it was looked at; [`Error::Invalid`], [`Error::Refused`],
/// [`Error::Oneself`] and [`Error::Forbidden`] as the rules say.
pub fn edit(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    account: i64,
    id: i64,
    input: &Changes,
) -> Result<Edited, Error> {
    let organization = permit.reach.organization();
    let actor = &permit.actor;
    tx.lock_organization(organization)?;
    let account = account::find(tx.db(), permit.reach, account)?;
    let user = find(tx.db(), permit.reach, account.id, id)?;
    let (before, after) = ((user.org_admin, user.account_admin), input.roles(&user));
    let active = input.active.unwrap_or(user.active);
    if actor.id == id {
        if after != before || active != user.active || input.password.is_some() {
            return Err(Error::Oneself(ONLY_DETAILS.to_owned()));
        }
    } else {
        ensure_may_change(actor, &user, &account)?;
    }
    if input.version.is_some_and(|seen| seen != user.version) {
        return Err(Error::Changed(user.full_name()));
    }
    let mut errors = FieldErrors::default();
    let details = input.details(&user).check(&mut errors);
    input.contact.check(&mut errors);
    if actor.id != id {
        check_roles(actor, &account, before, after, &mut errors)?;
    }
    errors.into_result()?;
    let details = details.ok_or(Error::Malformed("The form is not complete."))?;

    let mut noted = write_details(tx, &user, &details)?;
    contact::change(tx, id, &input.contact, &mut noted)?;
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
    if let Some(new) = &input.password {
        password::set(tx, actor, &user, new)?;
    }
    let (stopped, activated) = set_active(tx, actor, &user, active, input.permanent)?;
    if before.0 {
        ensure_org_admin_left(tx, organization, &known_as)?;
    }
    Ok(Edited {
        name,
        stopped,
        activated,
        roles_changed: before != after,
    })
}

/// Deactivates or activates the user where that changes something: how many jobs were stopped, or whether it was
/// activated. A permanent deactivation takes the instances of one who is inactive already, too.
fn set_active(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: &User,
    active: bool,
    permanent: bool,
) -> Result<(Option<i64>, bool), Error> {
    match (user.active, active) {
        (was, false) if was || permanent => {
            let stopped = activation::deactivate(tx, actor, user, permanent)?;
            Ok((Some(stopped), false))
        }
        (false, true) => {
            activation::activate(tx, actor, user)?;
            Ok((None, true))
        }
        _ => Ok((None, false)),
    }
}
