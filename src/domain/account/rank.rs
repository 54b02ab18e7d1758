//! Whether somebody may do what touches everybody in an account: never oneself, never somebody who may do more.

use diesel::prelude::*;

use super::Account;
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::actor::Actor;
use crate::domain::role::Held;
use crate::error::Error;

/// Refuses what touches the actor, or somebody who may do more. Whom it touches is told by the roles that a user holds
/// itself; `oneself` is the sentence for the actor.
///
/// # Errors
/// [`Error::Oneself`] and [`Error::Forbidden`].
pub(super) fn ensure_may_change_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &Account,
    oneself: &str,
    touches: impl Fn(Held) -> bool,
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
    for (is_actor, org_admin, account_admin) in rows {
        let own = Held {
            in_default_account: account.is_default,
            org_admin,
            account_admin,
        };
        if !touches(own) {
            continue;
        }
        if is_actor {
            return Err(Error::Oneself(oneself.to_owned()));
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
