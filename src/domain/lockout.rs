//! Lockouts: wrong passwords or codes in a row lock a user, for a while or until an administrator unlocks.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::account;
use super::audit::{self, By, Code, Details, Target};
use super::permit::{EditUsers, Permit};
use super::recovery;
use super::session;
use super::user;
use crate::db::Tx;
use crate::db::schema::{accounts, users};
use crate::error::Error;

/// So many wrong passwords in a row lock a user.
const FAILURES: i32 = 5;
/// For so long.
const WHILE: TimeDelta = TimeDelta::minutes(30);
/// So many more while locked keep it locked until somebody unlocks. Not an org admin: an outsider must not be able to
/// lock all of them out for good.
const MORE_FAILURES: i32 = 3;
/// So many wrong codes of the second factor in a row lock a user. They are counted by themselves: only who knows the
/// password gets as far.
const WRONG_CODES: i32 = 3;
/// For so long.
const WHILE_CODES: TimeDelta = TimeDelta::hours(24);

/// What stands for "until somebody unlocks".
#[must_use]
pub fn until_unlocked() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(9999, 12, 31)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .unwrap_or(NaiveDateTime::MAX)
}

/// Whether a lock holds at `now`.
#[must_use]
pub fn holds(locked_until: Option<NaiveDateTime>, now: NaiveDateTime) -> bool {
    locked_until.is_some_and(|until| until > now)
}

/// Counts a wrong password of a user, and locks it if that was one too many. The row stays taken until the end of the
/// transaction, so parallel failures are counted one after the other.
///
/// # Errors
/// When the database cannot be written.
pub fn count_failure(
    tx: &mut Tx<'_>,
    by: &By<'_>,
    target: &Target<'_>,
    user: i64,
) -> Result<(), Error> {
    let now = tx.now();
    let counted = diesel::update(users::table.find(user))
        .set(users::failed_passwords.eq(users::failed_passwords + 1))
        .execute(tx.db())?;
    if counted == 0 {
        // Deleted meanwhile.
        return Ok(());
    }
    let (failed, locked_until, org_admin): (i32, Option<NaiveDateTime>, bool) = users::table
        .inner_join(accounts::table)
        .filter(users::id.eq(user))
        .select((
            users::failed_passwords,
            users::locked_until,
            users::org_admin.or(accounts::org_admin),
        ))
        .first(tx.db())?;
    let locked = holds(locked_until, now);
    if locked && failed >= MORE_FAILURES && !org_admin && locked_until != Some(until_unlocked()) {
        set(tx, user, Some(until_unlocked()), failed)?;
        let noted = Details::default().with("until", "unlocked");
        audit::record(tx, by, Code::UserLocked, target, &noted)
    } else if !locked && locked_until.is_some() {
        // An old lock has run out: this failure is the first of a new row.
        set(tx, user, None, 1)
    } else if !locked && failed >= FAILURES {
        let until = now + WHILE;
        set(tx, user, Some(until), 0)?;
        session::end_all(tx, user)?;
        recovery::void(tx, user)?;
        let noted = Details::default().with("until", &until.format("%Y-%m-%d %H:%M"));
        audit::record(tx, by, Code::UserLocked, target, &noted)
    } else {
        Ok(())
    }
}

/// Refuses what a right password would do for somebody who is locked, and forgets earlier failures of one who is not. The
/// row stays taken until the end of the transaction, as by [`count_failure`].
///
/// # Errors
/// [`Error::SignedOut`] for somebody who is locked, or gone.
pub fn ensure_unlocked(tx: &mut Tx<'_>, user: i64) -> Result<(), Error> {
    let now = tx.now();
    let row = users::table.filter(users::id.eq(user)).filter(
        users::locked_until
            .is_null()
            .or(users::locked_until.le(now)),
    );
    let unlocked = diesel::update(row)
        .set(users::failed_passwords.eq(0))
        .execute(tx.db())?;
    if unlocked == 1 {
        Ok(())
    } else {
        Err(Error::SignedOut)
    }
}

/// Counts a wrong code of a user, whose row is taken, and locks it if that was one too many.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn count_wrong_code(
    tx: &mut Tx<'_>,
    by: &By<'_>,
    target: &Target<'_>,
    user: i64,
) -> Result<(), Error> {
    let failed: i32 = diesel::update(users::table.find(user))
        .set(users::failed_codes.eq(users::failed_codes + 1))
        .returning(users::failed_codes)
        .get_result(tx.db())?;
    if failed < WRONG_CODES {
        return Ok(());
    }
    let until = tx.now() + WHILE_CODES;
    clear(tx, user)?;
    set(tx, user, Some(until), 0)?;
    session::end_all(tx, user)?;
    recovery::void(tx, user)?;
    let noted = Details::default()
        .with("after", "wrong codes")
        .with("until", &until.format("%Y-%m-%d %H:%M"));
    audit::record(tx, by, Code::UserLocked, target, &noted)
}

/// Forgets wrong passwords and wrong codes of a user, and its lock: when somebody unlocks or recovers it.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn clear(tx: &mut Tx<'_>, user: i64) -> Result<(), Error> {
    diesel::update(users::table.find(user))
        .set(users::failed_codes.eq(0))
        .execute(tx.db())?;
    clear_passwords(tx, user)
}

/// Forgets wrong passwords of a user, and its lock, after a right or a new one. Wrong codes stay counted: a password, or
/// a link in the mail, must not buy more guesses.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn clear_passwords(tx: &mut Tx<'_>, user: i64) -> Result<(), Error> {
    set(tx, user, None, 0)
}

fn set(tx: &mut Tx<'_>, user: i64, until: Option<NaiveDateTime>, failed: i32) -> Result<(), Error> {
    diesel::update(users::table.find(user))
        .set((
            users::locked_until.eq(until),
            users::failed_passwords.eq(failed),
        ))
        .execute(tx.db())?;
    Ok(())
}

/// Unlocks another user; answers its full name. Unlocking one who is not locked does nothing.
///
/// # Errors
/// [`Error::Oneself`] for oneself; [`Error::Forbidden`] for somebody above.
pub fn unlock(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    account: i64,
    id: i64,
) -> Result<String, Error> {
    let account = account::find(tx.db(), permit.reach, account)?;
    let user = user::find(tx.db(), permit.reach, account.id, id)?;
    user::ensure_may_change(&permit.actor, &user, &account)?;
    let name = user.full_name();
    if user.locked_until.is_some() {
        clear(tx, id)?;
        let target = user.target(permit.reach.organization(), &name);
        let by = (&permit.actor).into();
        audit::record(tx, &by, Code::UserUnlocked, &target, &Details::default())?;
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{holds, until_unlocked};

    #[test]
    fn a_lock_ends_at_its_very_moment() {
        let end = until_unlocked();
        assert!(holds(Some(end), end - TimeDelta::microseconds(1)));
        assert!(!holds(Some(end), end));
        assert!(!holds(None, end));
    }
}
