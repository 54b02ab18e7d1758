//! The condition that a user is one of some, whose ids are known.

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};

use super::Backend;

/// Whether a user has one of these ids. They are one value, so that the statement is the same, and stays prepared, however many
/// they are: a page's fifty, each a value of its own, took as long to prepare as to read.
#[derive(Debug, Clone)]
pub struct HasId(String);

impl HasId {
    /// One of `ids`.
    #[must_use]
    pub fn one_of(ids: &[i64]) -> Self {
        let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
        Self(ids.join(","))
    }
}

impl Expression for HasId {
    type SqlType = Bool;
}

impl QueryId for HasId {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for HasId {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let (before, after) = match out.backend() {
            Backend::Sqlite(_) => (
                "users.id IN (SELECT value FROM json_each('[' || ",
                " || ']'))",
            ),
            // As a query of its own: few ids that it sees would be a reason to plan anew each time.
            Backend::Postgres(_) => (
                "users.id = ANY((SELECT string_to_array(",
                ", ','))::BIGINT[])",
            ),
        };
        out.push_sql(before);
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(after);
        Ok(())
    }
}

impl<QS> AppearsOnTable<QS> for HasId {}

impl<QS> SelectableExpression<QS> for HasId {}

impl<GB> ValidGrouping<GB> for HasId {
    type IsAggregate = is_aggregate::Never;
}
