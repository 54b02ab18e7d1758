//! The outbox: what is to be mailed, sealed, until it has left. Any number of servers may work on it.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::keys::Keys;
use crate::db::schema::outbox as table;
use crate::db::{Db, Tx};
use crate::error::Error;

/// How long a server has a letter to itself. Longer than sending takes at most; when a server was killed meanwhile,
/// another one tries after it.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// The pause after the first failure, which doubles with each further one.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(15);
/// The longest pause, as a power of two of the first: eight minutes.
const LONGEST_PAUSE: i32 = 5;
const PURPOSE: &str = "outbox";

/// A letter that is to be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Due {
    /// Its id.
    pub id: i64,
    /// How often it was tried.
    pub attempts: i32,
}

/// A letter that this server has to itself for a while.
pub(super) struct Taken {
    /// What was posted; nothing when it cannot be opened.
    pub letter: Vec<u8>,
    /// When, UTC.
    pub posted_at: NaiveDateTime,
}

/// Puts a letter into the outbox, sealed.
pub(super) fn post(tx: &mut Tx<'_>, keys: &Keys, letter: &[u8]) -> Result<(), Error> {
    let now = tx.now();
    diesel::insert_into(table::table)
        .values((
            table::letter_sealed.eq(keys.seal(PURPOSE, letter)),
            table::posted_at.eq(now),
            table::due_at.eq(now),
        ))
        .execute(tx.db())?;
    Ok(())
}

/// The letters that are to be tried at `now`, up to `count`, the longest due first.
///
/// # Errors
/// When the database cannot be read.
pub fn due(db: &mut Db, now: NaiveDateTime, count: i64) -> Result<Vec<Due>, Error> {
    Ok(table::table
        .filter(table::due_at.le(now))
        .order((table::due_at, table::id))
        .limit(count)
        .select((table::id, table::attempts))
        .load(db)?)
}

/// Takes a letter for this server and counts the attempt; nothing when another server was quicker.
pub(super) fn take(tx: &mut Tx<'_>, keys: &Keys, due: Due) -> Result<Option<Taken>, Error> {
    let now = tx.now();
    let unchanged = table::table
        .filter(table::id.eq(due.id))
        .filter(table::attempts.eq(due.attempts))
        .filter(table::due_at.le(now));
    let taken = diesel::update(unchanged)
        .set((
            table::attempts.eq(due.attempts + 1),
            table::due_at.eq(now + LEASE),
        ))
        .execute(tx.db())?;
    if taken == 0 {
        return Ok(None);
    }
    let (sealed, posted_at): (String, NaiveDateTime) = table::table
        .find(due.id)
        .select((table::letter_sealed, table::posted_at))
        .first(tx.db())?;
    let letter = keys.open(PURPOSE, &sealed).unwrap_or_default();
    Ok(Some(Taken { letter, posted_at }))
}

/// Removes a letter: it has left, or never will.
///
/// # Errors
/// When the database cannot be written.
pub fn remove(tx: &mut Tx<'_>, due: Due) -> Result<(), Error> {
    diesel::delete(table::table.find(due.id)).execute(tx.db())?;
    Ok(())
}

/// Puts a letter off after a failure, each time for twice as long.
///
/// # Errors
/// When the database cannot be written.
pub fn put_off(tx: &mut Tx<'_>, due: Due) -> Result<(), Error> {
    let now = tx.now();
    diesel::update(table::table.find(due.id))
        .set(table::due_at.eq(now + pause(due.attempts)))
        .execute(tx.db())?;
    Ok(())
}

/// The pause after a failure that so many went before.
fn pause(failures: i32) -> TimeDelta {
    FIRST_PAUSE * (1 << failures.clamp(0, LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_double_up_to_eight_minutes() {
        let seconds: Vec<_> = (0..8).map(|it| pause(it).num_seconds()).collect();
        assert_eq!(seconds, [15, 30, 60, 120, 240, 480, 480, 480]);
        assert_eq!(pause(i32::MAX).num_seconds(), 480);
    }
}
