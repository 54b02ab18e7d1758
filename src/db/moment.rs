//! Times, read quickly: a list reads some for each of its rows.
//!
//! Diesel reads a time of SQLite by patterns of chrono, which it takes apart anew for each value. That was a fifth of
//! reading a page of users; chrono's reader of RFC 3339 is several times as fast.

use chrono::{DateTime, NaiveDateTime};
use diesel::deserialize::{FromSql, FromSqlRow, Result};
use diesel::pg::Pg;
use diesel::sql_types::Timestamp;
use diesel::sqlite::Sqlite;

use super::Backend;

/// A time in UTC, for `deserialize_as` on a field that is a [`NaiveDateTime`].
#[derive(Debug, FromSqlRow)]
pub struct Moment(NaiveDateTime);

impl From<Moment> for NaiveDateTime {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl FromSql<Timestamp, Sqlite> for Moment {
    fn from_sql(mut value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> Result<Self> {
        // Diesel writes `2026-11-25 09:41:00.123456`: what RFC 3339 has, without its zone.
        let text = value.read_text();
        let mut zoned = String::with_capacity(text.len() + 1);
        zoned.push_str(text);
        zoned.push('Z');
        if let Ok(time) = DateTime::parse_from_rfc3339(&zoned) {
            return Ok(Self(time.naive_utc()));
        }
        // Another form that SQLite knows, written by hand.
        FromSql::<Timestamp, Sqlite>::from_sql(value).map(Self)
    }
}

impl FromSql<Timestamp, Pg> for Moment {
    fn from_sql(value: <Pg as diesel::backend::Backend>::RawValue<'_>) -> Result<Self> {
        FromSql::<Timestamp, Pg>::from_sql(value).map(Self)
    }
}

impl FromSql<Timestamp, Backend> for Moment {
    fn from_sql(value: <Backend as diesel::backend::Backend>::RawValue<'_>) -> Result<Self> {
        value.from_sql::<Self, Timestamp>()
    }
}
