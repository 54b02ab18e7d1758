//! Places in the order of an account's users, and how they stand in an address.

use chrono::{DateTime, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text, Timestamp};

use super::{Filtered, Listing, Row, Sort};
use crate::db::Order;
use crate::domain::email;
use crate::domain::keys::Keys;
use crate::domain::text::sort_key;
use crate::error::Error;

/// A row's place in the order: its sort key, and its id for ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    key: Key,
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Id,
    Name(Vec<u8>),
    Email(String),
    Time(NaiveDateTime),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    First,
    After(Position),
    Before(Position),
}

impl Listing {
    /// Where a row stands. Its keys are made anew: reading those of fifty rows took longer than making that of one.
    pub(super) fn position(&self, row: &Row) -> Position {
        let key = match self.sort {
            Sort::Id => Key::Id,
            Sort::First => Key::Name(sort_key(&row.first_name)),
            Sort::Last => Key::Name(sort_key(&row.last_name)),
            Sort::Email => Key::Email(email::key(&row.email).unwrap_or_default()),
            Sort::LastLogin => Key::Time(row.last_login_at),
            Sort::Created => Key::Time(row.created_at),
        };
        Position { key, id: row.id }
    }

    /// The order of the list, or the other way round.
    pub(super) fn order(&self, backwards: bool) -> Order {
        Order {
            column: self.sort.column(),
            id: "users.id",
            descending: self.descending != backwards,
        }
    }

    /// Where a list in the order of ids goes on from a place, and whether it goes down from there.
    pub(super) fn next_ids(&self, place: &Place) -> (Option<i64>, bool) {
        match place {
            Place::First => (None, self.descending),
            Place::After(position) => (Some(position.id), self.descending),
            Place::Before(position) => (Some(position.id), !self.descending),
        }
    }

    /// So many of these ids as follow each other from a place in their order.
    pub(super) fn next_of(&self, ids: &[i64], place: &Place, limit: i64) -> Vec<i64> {
        let (beyond, descending) = self.next_ids(place);
        let mut ids: Vec<i64> = ids
            .iter()
            .copied()
            .filter(|id| {
                beyond.is_none_or(|beyond| {
                    if descending {
                        *id < beyond
                    } else {
                        *id > beyond
                    }
                })
            })
            .collect();
        ids.sort_unstable();
        if descending {
            ids.reverse();
        }
        ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        ids
    }

    /// The rows after a position, or before it.
    pub(super) fn beyond<'a>(
        &self,
        query: Filtered<'a>,
        position: &Position,
        before: bool,
    ) -> Filtered<'a> {
        let order = self.order(before);
        let Position { key, id } = position.clone();
        match key {
            Key::Id => query.filter(order.after(id.into_sql::<BigInt>(), id)),
            Key::Name(key) => query.filter(order.after(key.into_sql::<Binary>(), id)),
            Key::Email(key) => query.filter(order.after(key.into_sql::<Text>(), id)),
            Key::Time(time) => query.filter(order.after(time.into_sql::<Timestamp>(), id)),
        }
    }

    /// Positions hold names and emails, and belong to one order of one account: sealed and bound to both.
    fn purpose(&self) -> String {
        format!(
            "position.{}.{}.{}",
            self.account,
            self.sort.key(),
            self.descending
        )
    }

    pub(super) fn seal(&self, keys: &Keys, row: &Row) -> String {
        let Position { key, id } = self.position(row);
        let mut plain = id.to_be_bytes().to_vec();
        match key {
            Key::Id => {}
            Key::Name(key) => plain.extend(key),
            Key::Email(key) => plain.extend(key.into_bytes()),
            Key::Time(time) => plain.extend(time.and_utc().timestamp_micros().to_be_bytes()),
        }
        keys.seal(&self.purpose(), &plain)
    }

    pub(super) fn open(&self, keys: &Keys, token: &str) -> Result<Position, Error> {
        let wrong = || {
            Error::Malformed(
                "This position in the list is not understood. Go back to its first page.",
            )
        };
        let plain = keys.open(&self.purpose(), token).ok_or_else(wrong)?;
        let (id, key) = plain.split_first_chunk::<8>().ok_or_else(wrong)?;
        let key = match self.sort {
            Sort::Id => Key::Id,
            Sort::First | Sort::Last => Key::Name(key.to_vec()),
            Sort::Email => Key::Email(String::from_utf8(key.to_vec()).map_err(|_| wrong())?),
            Sort::LastLogin | Sort::Created => {
                let micros = key
                    .try_into()
                    .map(i64::from_be_bytes)
                    .map_err(|_| wrong())?;
                let time = DateTime::from_timestamp_micros(micros).ok_or_else(wrong)?;
                Key::Time(time.naive_utc())
            }
        };
        Ok(Position {
            key,
            id: i64::from_be_bytes(*id),
        })
    }
}
