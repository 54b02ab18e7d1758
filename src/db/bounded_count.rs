//! Counting up to a bound, so that a number on a page never costs a walk over a large table.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::Db;

/// `SELECT COUNT(*)` over a query that carries its own LIMIT.
pub struct BoundedCount<Q>(pub Q);

impl<Q> QueryId for BoundedCount<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for BoundedCount<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<Db> for BoundedCount<Q> {}

impl<Q> QueryFragment<<Db as Connection>::Backend> for BoundedCount<Q>
where
    Q: QueryFragment<<Db as Connection>::Backend>,
{
    fn walk_ast<'b>(
        &'b self,
        mut out: AstPass<'_, 'b, <Db as Connection>::Backend>,
    ) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS bounded");
        Ok(())
    }
}
