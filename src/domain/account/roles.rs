//! Roles of an account as a whole: what they allow, every one of its users may do.

use diesel::prelude::*;

use super::rank::ensure_may_change_all;
use super::{Account, find};
use crate::db::Tx;
use crate::db::schema::accounts;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::permit::{EditAccounts, Permit};
use crate::domain::role::Role;
use crate::domain::session;
use crate::error::Error;

/// Why the roles of the own account stay as they are for somebody who holds them only through it.
const YOUR_OWN: &str = "This would change your own roles.";

/// Gives a role to an account as a whole.
///
/// # Errors
/// As [`Role::ensure_assignable`]; [`Error::Refused`] when it is held already; [`Error::Oneself`] and
/// [`Error::Forbidden`] when it would change the actor, or somebody above.
pub fn give(
    tx: &mut Tx<'_>,
    permit: &Permit<EditAccounts>,
    id: i64,
    role: Role,
) -> Result<(), Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = find(tx.db(), permit.reach, id)?;
    if account.held().holds(role) {
        return Err(Error::Refused(role.held_already(&account.name)));
    }
    role.ensure_assignable(&permit.actor, account.is_default)?;
    set(tx, &permit.actor, &account, role, true)
}

/// Takes a role from an account as a whole. Users who hold it themselves keep it.
///
/// # Errors
/// As [`give`], but [`Error::NotFound`] when it is not held.
pub fn take(
    tx: &mut Tx<'_>,
    permit: &Permit<EditAccounts>,
    id: i64,
    role: Role,
) -> Result<(), Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = find(tx.db(), permit.reach, id)?;
    if !account.held().holds(role) {
        return Err(Error::NotFound);
    }
    role.ensure_assignable(&permit.actor, account.is_default)?;
    set(tx, &permit.actor, &account, role, false)
}

fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &Account,
    role: Role,
    holds: bool,
) -> Result<(), Error> {
    // Whoever holds the role itself keeps it.
    ensure_may_change_all(tx.db(), actor, account, YOUR_OWN, |own| !own.holds(role))?;
    let (mut org_admin, mut account_admin) = (account.org_admin, account.account_admin);
    match role {
        Role::OrgAdmin => org_admin = holds,
        _ => account_admin = holds,
    }
    let now = tx.now();
    diesel::update(accounts::table.find(account.id))
        .set((
            accounts::org_admin.eq(org_admin),
            accounts::account_admin.eq(account_admin),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(tx.db())?;
    session::end_all_without(tx, account.id, role)?;
    let mut noted = Details::default();
    noted.changed("orgAdmin", &account.org_admin, &org_admin);
    noted.changed("accountAdmin", &account.account_admin, &account_admin);
    let by = actor.into();
    audit::record(tx, &by, Code::AccountUpdated, &account.target(), &noted)
}
