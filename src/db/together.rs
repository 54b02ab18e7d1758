//! Two questions asked as one: with a database server each costs the way there and back.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use super::{Backend, Db};

/// The rows of two queries, each of which may have its own order and bound; these rows come in no order.
pub struct Together<A, B>(pub A, pub B);

impl<A, B> QueryId for Together<A, B> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A: Query, B: Query<SqlType = A::SqlType>> Query for Together<A, B> {
    type SqlType = A::SqlType;
}

impl<A, B> RunQueryDsl<Db> for Together<A, B> {}

impl<A: QueryFragment<Backend>, B: QueryFragment<Backend>> QueryFragment<Backend>
    for Together<A, B>
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT * FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS one UNION ALL SELECT * FROM (");
        self.1.walk_ast(out.reborrow())?;
        out.push_sql(") AS other");
        Ok(())
    }
}
