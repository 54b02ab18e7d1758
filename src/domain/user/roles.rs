//! The administrator roles of a user, one at a time.

use super::{Changes, Profile, edit, ensure_may_change, named};
use crate::db::Tx;
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::role::Role;
use crate::error::Error;

/// Gives a role to the user of this name.
///
/// # Errors
/// [`Error::Oneself`] and [`Error::Forbidden`] as for any edit, and as [`Role::ensure_assignable`]; [`Error::Refused`]
/// when it is held already.
pub fn give(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    name: &str,
    role: Role,
) -> Result<(), Error> {
    if set(tx, permit, name, role, true)? {
        Ok(())
    } else {
        Err(Error::Refused(role.held_already("The user")))
    }
}

/// Takes a role from the user of this name.
///
/// # Errors
/// As [`give`], but [`Error::NotFound`] when it is not held.
pub fn take(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    name: &str,
    role: Role,
) -> Result<(), Error> {
    if set(tx, permit, name, role, false)? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Answers whether that changed something.
fn set(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    name: &str,
    role: Role,
    holds: bool,
) -> Result<bool, Error> {
    tx.lock_organization(permit.reach.organization())?;
    let (Profile { user, .. }, account) = named(tx.db(), permit.reach, None, name)?;
    ensure_may_change(&permit.actor, &user, &account)?;
    if user.own_roles(&account).holds(role) == holds {
        return Ok(false);
    }
    role.ensure_assignable(&permit.actor, account.is_default)?;
    let changes = match role {
        Role::OrgAdmin => Changes {
            org_admin: Some(holds),
            ..Changes::default()
        },
        _ => Changes {
            account_admin: Some(holds),
            ..Changes::default()
        },
    };
    edit(tx, permit, account.id, user.id, &changes)?;
    Ok(true)
}
