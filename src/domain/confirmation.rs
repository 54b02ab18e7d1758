//! Confirmations: who enters the password again may read and replace secrets in this session, for five minutes.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::actor::Actor;
use super::audit::{self, Code, Details};
use super::{lockout, session};
use crate::db::schema::{sessions, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// How long one holds.
const WHILE: TimeDelta = TimeDelta::minutes(5);

/// Proof that the actor entered the password again, in this session and not long ago. Made only here.
pub struct Confirmed<'a> {
    /// Who did.
    pub(super) actor: &'a Actor,
}

/// The hash that the actor's present password is checked against.
///
/// # Errors
/// When the database cannot be read.
pub fn present_hash(db: &mut Db, actor: &Actor) -> Result<Option<String>, Error> {
    Ok(users::table
        .find(actor.id)
        .select(users::password_hash)
        .first(db)?)
}

/// Notes that the present password was wrong, which counts as a failed sign-in: enough of them lock the user.
///
/// # Errors
/// When the database cannot be written.
pub fn refuse(tx: &mut Tx<'_>, actor: &Actor) -> Result<(), Error> {
    let (by, target) = (actor.into(), actor.target());
    audit::record(tx, &by, Code::PasswordRefused, &target, &Details::default())?;
    lockout::count_failure(tx, &by, &target, actor.id)
}

/// Notes that the present password was right, if it still is the one that was checked. That forgets earlier failures.
///
/// # Errors
/// [`Error::Changed`] when the password was changed meanwhile; [`Error::SignedOut`] when the session has ended: of many
/// guesses at once, one that is right comes too late when the others have locked the user.
pub fn confirm<'a>(
    tx: &mut Tx<'_>,
    actor: &'a Actor,
    present: Option<&str>,
) -> Result<Confirmed<'a>, Error> {
    let now = tx.now();
    // The user's row before the session's, as a lockout takes them.
    let row = users::table
        .find(actor.id)
        .filter(users::password_hash.eq(present));
    let same = diesel::update(row)
        .set(users::failed_passwords.eq(0))
        .execute(tx.db())?;
    if same == 0 {
        return Err(Error::Changed("Your password".to_owned()));
    }
    session::ensure_open(tx, actor)?;
    diesel::update(sessions::table.find(actor.session_id))
        .set(sessions::confirmed_at.eq(now))
        .execute(tx.db())?;
    Ok(Confirmed { actor })
}

/// The proof, if the actor's session has one that holds.
///
/// # Errors
/// When the database cannot be read.
pub fn of_session<'a>(tx: &mut Tx<'_>, actor: &'a Actor) -> Result<Option<Confirmed<'a>>, Error> {
    let since = tx.now() - WHILE;
    let confirmed = sessions::table
        .find(actor.session_id)
        .filter(sessions::confirmed_at.gt(since));
    let holds: bool = diesel::select(diesel::dsl::exists(confirmed)).get_result(tx.db())?;
    Ok(holds.then_some(Confirmed { actor }))
}
