//! Deleting an account with its users.

use diesel::prelude::*;

use super::{Loss, ensure_may_stop, find, holdings, set_active};
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::audit::{self, Code, Details};
use crate::domain::permit::{DeleteAccounts, Permit};
use crate::domain::text::clean;
use crate::domain::{instance, job, session};
use crate::error::{Error, FieldErrors};

/// Deletes an account's users with all they own, for good; the account stays, inactive and empty. `typed` is the
/// account's name, which the console asks for when it has users; a program has nobody to ask.
///
/// # Errors
/// As [`ensure_may_stop`]; [`Error::Invalid`] when the typed name is another.
pub fn delete(
    tx: &mut Tx<'_>,
    permit: &Permit<DeleteAccounts>,
    id: i64,
    typed: Option<&str>,
) -> Result<Loss, Error> {
    let organization = permit.reach.organization();
    tx.lock_organization(organization)?;
    let account = find(tx.db(), permit.reach, id)?;
    ensure_may_stop(tx.db(), &permit.actor, &account)?;
    let loss = holdings(tx.db(), &account)?;
    if loss.users > 0 && typed.is_some_and(|typed| clean(typed) != account.name) {
        let mut errors = FieldErrors::default();
        errors.add(
            "name",
            format!(
                "Type the name of the account, {}, to delete it.",
                account.name
            ),
        );
        return Err(Error::Invalid(errors));
    }
    // The users before the account and their sessions, as whoever makes something for a user takes them: that waits, and
    // then finds nobody to make it for.
    tx.lock_users_of(id)?;
    if account.active {
        set_active(tx, id, false)?;
    }
    session::end_all_of_account(tx, id)?;
    let jobs = job::stop_of_account(tx, id)?;
    let instances = instance::remove_of_account(tx, id)?;
    let by = (&permit.actor).into();
    audit::record_for_users_of(tx, &by, Code::UserDeleted, organization, id)?;
    diesel::delete(users::table.filter(users::account_id.eq(id))).execute(tx.db())?;
    let noted = Details::default()
        .with("users", &loss.users)
        .with("jobs", &jobs)
        .with("instances", &instances);
    audit::record(tx, &by, Code::AccountDeleted, &account.target(), &noted)?;
    Ok(Loss {
        jobs,
        instances,
        ..loss
    })
}
