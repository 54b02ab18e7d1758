//! SQL in words of its own that is still prepared once for each connection.
//!
//! Diesel keeps a prepared statement unless it holds `sql`, whose text could be anything; what is written here is always
//! the same. Preparing a list anew for each request took longer than reading it.

use std::marker::PhantomData;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};

use super::Backend;

/// An expression that the code spells out.
#[derive(Debug, Clone, Copy)]
pub struct Fixed<ST>(&'static str, PhantomData<ST>);

/// `text` as an expression of the SQL type `ST`.
#[must_use]
pub fn fixed<ST>(text: &'static str) -> Fixed<ST> {
    Fixed(text, PhantomData)
}

/// What is read of rows that are only counted: nothing, but 1 for each.
#[must_use]
pub fn one() -> Fixed<BigInt> {
    fixed("1")
}

impl<ST: diesel::sql_types::SqlType + diesel::sql_types::SingleValue> Expression for Fixed<ST> {
    type SqlType = ST;
}

impl<ST> QueryId for Fixed<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Backend> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl<ST, QS> AppearsOnTable<QS> for Fixed<ST> where Self: Expression {}

impl<ST, QS> SelectableExpression<QS> for Fixed<ST> where Self: Expression {}

impl<ST, GB> ValidGrouping<GB> for Fixed<ST> {
    type IsAggregate = diesel::expression::is_aggregate::Never;
}

/// The order of a list: a column, and the id where that is the same.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// The column, with its table; none where the id is all.
    pub column: Option<&'static str>,
    /// The id, with its table.
    pub id: &'static str,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Order {
    /// The rows that come after a position, by comparing the whole pair, which an index answers.
    pub fn after<K: Expression>(self, key: K, id: i64) -> After<K> {
        After {
            order: self,
            key,
            id: id.into_sql::<BigInt>(),
        }
    }
}

impl Expression for Order {
    type SqlType = BigInt;
}

impl QueryId for Order {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for Order {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let direction = if self.descending { " DESC" } else { " ASC" };
        if let Some(column) = self.column {
            out.push_sql(column);
            out.push_sql(direction);
            out.push_sql(", ");
        }
        out.push_sql(self.id);
        out.push_sql(direction);
        Ok(())
    }
}

impl<QS> AppearsOnTable<QS> for Order {}

impl<QS> SelectableExpression<QS> for Order {}

impl<GB> ValidGrouping<GB> for Order {
    type IsAggregate = diesel::expression::is_aggregate::No;
}

/// Made by [`Order::after`].
#[derive(Debug, Clone, Copy)]
pub struct After<K> {
    order: Order,
    key: K,
    id: diesel::dsl::AsExprOf<i64, BigInt>,
}

impl<K> Expression for After<K> {
    type SqlType = Bool;
}

impl<K> QueryId for After<K> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K: QueryFragment<Backend>> QueryFragment<Backend> for After<K> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let sign = if self.order.descending { " < " } else { " > " };
        let Some(column) = self.order.column else {
            out.push_sql(self.order.id);
            out.push_sql(sign);
            return self.id.walk_ast(out);
        };
        for part in ["(", column, ", ", self.order.id, ")", sign, "("] {
            out.push_sql(part);
        }
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl<K, QS> AppearsOnTable<QS> for After<K> {}

impl<K, GB> ValidGrouping<GB> for After<K> {
    type IsAggregate = diesel::expression::is_aggregate::No;
}
