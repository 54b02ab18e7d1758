//! A whole query of SQLite in words of its own that is still prepared once for each connection, as in `fixed`.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

/// What stands for a `?`.
pub enum Value {
    /// Text.
    Text(String),
    /// An id, or another whole number.
    Id(i64),
}

/// A query whose columns have the SQL type `ST`.
pub struct Spelled<ST> {
    text: &'static str,
    values: Vec<Value>,
    columns: PhantomData<ST>,
}

impl<ST> Spelled<ST> {
    /// The query `text`, with a value for each `?` in it.
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

impl<ST> QueryFragment<Sqlite> for Spelled<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut parts = self.text.split('?');
        out.push_sql(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(&self.values) {
            match value {
                Value::Text(text) => out.push_bind_param::<Text, _>(text)?,
                Value::Id(id) => out.push_bind_param::<BigInt, _>(id)?,
            }
            out.push_sql(part);
        }
        Ok(())
    }
}
