//! Whether somebody may do what touches everybody in an account: never oneself, never somebody who may do more.

use diesel::prelude::*;

use super::Account;
use crate::db::Db;
use crate::db::schema::users;
use crate::domain::actor::Actor;
use crate::domain::role::Held;
use crate::error::Error;

/// Why the default account stays as it is.
const DEFAULT_STAYS: &str = "The default account cannot be deactivated or deleted.";
/// Why one's own account stays as it is.
const YOUR_OWN: &str =
    "This is your own account. Somebody of another account has to deactivate or delete it.";

/// Refuses deactivating and deleting an account, to those verbs and to the pages that ask before them.
///
/// # Errors
/// [`Error::Refused`] for the default account; [`Error::Oneself`] for the actor's own; [`Error::Forbidden`] when somebody
/// in it may do more.
pub fn ensure_may_stop(db: &mut Db, actor: &Actor, account: &Account) -> Result<(), Error> {
    if account.is_default {
        return Err(Error::Refused(DEFAULT_STAYS.to_owned()));
    }
    ensure_may_change_all(db, actor, account, YOUR_OWN, |_| true)
}

/// Refuses what touches the actor, or somebody who may do more. Whom it touches is told by the roles that a user holds
/// itself; `oneself` is the sentence for the actor.
///
/// # Errors
/// [`Error::Oneself`] and [`Error::Forbidden`].
pub(super) fn ensure_may_change_all(
    db: &mut Db,
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
        .load(db)?;
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
