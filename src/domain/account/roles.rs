//! Roles of an account as a whole: what they allow, every one of its users may do.

use diesel::prelude::*;

use super::{Account, find};
use crate::db::Tx;
use crate::db::schema::{accounts, users};
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::permit::{EditAccounts, Permit};
use crate::domain::role::{Held, Role};
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
    ensure_may_change_all(tx, actor, account, role)?;
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

/// Refuses a change that touches the actor, or somebody who may do more. Whoever holds the role itself is not touched.
fn ensure_may_change_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &Account,
    role: Role,
) -> Result<(), Error> {
    let rows: Vec<(bool, bool, bool)> = users::table
        .filter(users::account_id.eq(account.id))
        .select((
            users::id.eq(actor.id),
            users::org_admin,
            users::account_admin,
        ))
        .distinct()
        .load(tx.db())?;
    for (oneself, org_admin, account_admin) in rows {
        let own = Held {
            in_default_account: account.is_default,
            org_admin,
            account_admin,
        };
        if own.holds(role) {
            continue;
        }
        if oneself {
            return Err(Error::Oneself(YOUR_OWN.to_owned()));
        }
        if !actor
            .privileges
            .covers(actor.roles.of(own.and(account.held())))
        {
            return Err(Error::Forbidden);
        }
    }
    Ok(())
}
