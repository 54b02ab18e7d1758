//! The users of a list as they are taken away: all that match, a chunk at a time.

use super::position::Place;
use super::{ListQuery, Listing, Position, Row};
use crate::db::{Db, Tx};
use crate::domain::account::Account;
use crate::domain::audit::{self, Code, Details};
use crate::domain::permit::{Permit, ViewUsers};
use crate::error::Error;

/// Users that are read at a time.
const CHUNK: i64 = 1_000;

impl Listing {
    /// The rows after a position, in the order of the list, of an account that has so many users in `all`, and the position
    /// of the next ones, if there are any.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn chunk(
        &self,
        db: &mut Db,
        all: i64,
        after: Option<Position>,
    ) -> Result<(Vec<Row>, Option<Position>), Error> {
        let place = after.map_or(Place::First, Place::After);
        let found = self.found(db, all)?;
        let rows = self.rows(db, &found, &place, CHUNK)?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == CHUNK);
        let next = rows.last().filter(|_| full).map(|row| self.position(row));
        Ok((rows, next))
    }
}

/// Notes that an account's users are taken away as a file, and by which filter.
///
/// # Errors
/// When the database cannot be written.
pub fn note_export(
    tx: &mut Tx<'_>,
    permit: &Permit<ViewUsers>,
    account: &Account,
    query: &ListQuery,
) -> Result<(), Error> {
    let mut noted = Details::default();
    for (name, value) in [
        ("q", &query.q),
        ("status", &query.status),
        ("role", &query.role),
        ("idle", &query.idle),
    ] {
        if !value.is_empty() {
            noted = noted.with(name, value);
        }
    }
    let by = (&permit.actor).into();
    audit::record(tx, &by, Code::UsersExported, &account.target(), &noted)
}
