//! A page of a query: so many of its rows, after as many that are passed over.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::{Backend, Db};

/// Some rows of a query.
pub struct Paged<Q> {
    query: Q,
    limit: Limit,
    offset: i64,
}

enum Limit {
    Written(usize),
    Value(i64),
}

impl<Q> Paged<Q> {
    /// The first rows of a query, so many, whose number is the same each time. It is written out: one that came with the values
    /// would be a reason for PostgreSQL to plan the query each time, which took longer than to read the rows.
    pub fn first(query: Q, limit: usize) -> Self {
        Self {
            query,
            limit: Limit::Written(limit),
            offset: 0,
        }
    }

    /// So many rows as somebody asks for, after `offset` others.
    pub fn asked(query: Q, limit: usize, offset: i64) -> Self {
        Self {
            query,
            limit: Limit::Value(i64::try_from(limit).unwrap_or(i64::MAX)),
            offset,
        }
    }
}

impl<Q: Query> Query for Paged<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Db> for Paged<Q> {}

impl<Q> QueryId for Paged<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Paged<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        match &self.limit {
            Limit::Written(limit) => out.push_sql(&limit.to_string()),
            Limit::Value(limit) => out.push_bind_param::<BigInt, _>(limit)?,
        }
        if self.offset > 0 {
            out.push_sql(" OFFSET ");
            out.push_bind_param::<BigInt, _>(&self.offset)?;
        }
        Ok(())
    }
}
