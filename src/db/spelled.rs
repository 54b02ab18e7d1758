//! A whole query in words of its own that is still prepared once for each connection, as in `fixed`. What Diesel calls `sql_query`
//! is prepared anew each time, which takes a server one more way there and back.

use std::marker::PhantomData;

use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Text, Timestamp};

use super::Db;

/// What stands for a `?`.
pub enum Value {
    /// Text.
    Text(String),
    /// An id, or another whole number.
    Id(i64),
    /// A time, UTC.
    Time(NaiveDateTime),
}

/// A query whose columns have the SQL type `ST`.
pub struct Spelled<ST> {
    text: &'static str,
    values: Vec<Value>,
    columns: PhantomData<ST>,
}

impl<ST> Spelled<ST> {
    /// The query `text`, with a value for each `?` in it.
    #[must_use]
    pub fn new(text: &'static str, values: Vec<Value>) -> Self {
        Self {
            text,
            values,
            columns: PhantomData,
        }
    }
}

impl<ST> QueryId for Spelled<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Spelled<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<SqliteConnection> for Spelled<ST> {}
impl<ST> RunQueryDsl<PgConnection> for Spelled<ST> {}
impl<ST> RunQueryDsl<Db> for Spelled<ST> {}

impl<ST, DB> QueryFragment<DB> for Spelled<ST>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt> + HasSqlType<Timestamp>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut parts = self.text.split('?');
        out.push_sql(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(&self.values) {
            match value {
                Value::Text(text) => out.push_bind_param::<Text, _>(text)?,
                Value::Id(id) => out.push_bind_param::<BigInt, _>(id)?,
                Value::Time(time) => out.push_bind_param::<Timestamp, _>(time)?,
            }
            out.push_sql(part);
        }
        Ok(())
    }
}
