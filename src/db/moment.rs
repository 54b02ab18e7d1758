//! Times, read quickly: a list reads some for each of its rows.
//!
//! Diesel reads a time of SQLite by patterns of chrono, which it takes apart anew for each value. That was a fifth of
//! reading a page of users.

use chrono::NaiveDateTime;
use chrono::format::{Fixed, Item, Numeric, Pad, Parsed, parse};
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

/// The form in which Diesel writes times: `2026-11-25 09:41:00.123456`.
const STORED: [Item<'static>; 12] = [
    Item::Numeric(Numeric::Year, Pad::Zero),
    Item::Literal("-"),
    Item::Numeric(Numeric::Month, Pad::Zero),
    Item::Literal("-"),
    Item::Numeric(Numeric::Day, Pad::Zero),
    Item::Literal(" "),
    Item::Numeric(Numeric::Hour, Pad::Zero),
    Item::Literal(":"),
    Item::Numeric(Numeric::Minute, Pad::Zero),
    Item::Literal(":"),
    Item::Numeric(Numeric::Second, Pad::Zero),
    Item::Fixed(Fixed::Nanosecond),
];

impl FromSql<Timestamp, Sqlite> for Moment {
    fn from_sql(mut value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> Result<Self> {
        let mut parsed = Parsed::new();
        if parse(&mut parsed, value.read_text(), STORED.iter()).is_ok() {
            return Ok(Self(parsed.to_naive_datetime_with_offset(0)?));
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
