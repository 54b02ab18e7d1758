//! Places in the order of an account's users, and how they stand in an address.

use chrono::{DateTime, NaiveDateTime};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Text, Timestamp};

use super::{Filtered, Listing, Row, Sort};
use crate::domain::keys::Keys;
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
    /// Where a row stands.
    pub(super) fn position(&self, row: &Row) -> Position {
        let key = match self.sort {
            Sort::Id => Key::Id,
            Sort::First => Key::Name(row.first_name_key.clone()),
            Sort::Last => Key::Name(row.last_name_key.clone()),
            Sort::Email => Key::Email(row.email_key.clone()),
            Sort::LastLogin => Key::Time(row.last_login_at),
            Sort::Created => Key::Time(row.created_at),
        };
        Position { key, id: row.id }
    }

    /// The rows on one side of a position, by comparing whole (key, id) pairs, which an index answers.
    pub(super) fn beyond<'a>(
        &self,
        query: Filtered<'a>,
        position: &Position,
        before: bool,
    ) -> Filtered<'a> {
        let sign = if self.descending == before { ">" } else { "<" };
        let column = self.sort.column();
        let pair = format!("({column}, users.id) {sign} (");
        match &position.key {
            Key::Id => query
                .filter(sql::<Bool>(&format!("{column} {sign} ")).bind::<BigInt, _>(position.id)),
            Key::Name(key) => query.filter(
                sql::<Bool>(&pair)
                    .bind::<Binary, _>(key.clone())
                    .sql(", ")
                    .bind::<BigInt, _>(position.id)
                    .sql(")"),
            ),
            Key::Email(key) => query.filter(
                sql::<Bool>(&pair)
                    .bind::<Text, _>(key.clone())
                    .sql(", ")
                    .bind::<BigInt, _>(position.id)
                    .sql(")"),
            ),
            Key::Time(time) => query.filter(
                sql::<Bool>(&pair)
                    .bind::<Timestamp, _>(*time)
                    .sql(", ")
                    .bind::<BigInt, _>(position.id)
                    .sql(")"),
            ),
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
        let mut plain = row.id.to_be_bytes().to_vec();
        match self.sort {
            Sort::Id => {}
            Sort::First => plain.extend(&row.first_name_key),
            Sort::Last => plain.extend(&row.last_name_key),
            Sort::Email => plain.extend(row.email_key.as_bytes()),
            Sort::LastLogin => {
                plain.extend(row.last_login_at.and_utc().timestamp_micros().to_be_bytes());
            }
            Sort::Created => {
                plain.extend(row.created_at.and_utc().timestamp_micros().to_be_bytes());
            }
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
