//! The conditions that a user's text has a part: by the index, or by the text itself.

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};

use super::needle;
use super::postgres::{trigrams, users_elements};
use super::sqlite::users_phrase;
use crate::db::Backend;

/// Whether a user is one of an account whose text has a part, for a query that has an order to follow: the hits are found
/// once, then looked up.
#[derive(Debug, Clone)]
pub struct IsHit {
    phrase: String,
    elements: String,
    needle: String,
}

impl IsHit {
    /// The users of `account` whose text has `part`, which is folded.
    #[must_use]
    pub fn new(account: i64, part: &str) -> Self {
        Self {
            phrase: users_phrase(account, part),
            elements: users_elements(account, &trigrams(part)),
            needle: needle(part),
        }
    }
}

impl Expression for IsHit {
    type SqlType = Bool;
}

impl QueryId for IsHit {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for IsHit {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        match out.backend() {
            // The sign keeps the database on the index of the order.
            Backend::Sqlite(_) => {
                out.push_sql(
                    "+users.id IN (SELECT rowid FROM users_search WHERE users_search MATCH ",
                );
                out.push_bind_param::<Text, _>(&self.phrase)?;
            }
            Backend::Postgres(_) => {
                out.push_sql(
                    "users.id IN (SELECT id FROM users_search WHERE share_trigrams(owner, search) @> string_to_array(",
                );
                out.push_bind_param::<Text, _>(&self.elements)?;
                out.push_sql(", chr(31)) AND strpos(search, ");
                out.push_bind_param::<Text, _>(&self.needle)?;
                out.push_sql(") > 0");
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<QS> AppearsOnTable<QS> for IsHit {}

impl<QS> SelectableExpression<QS> for IsHit {}

impl<GB> ValidGrouping<GB> for IsHit {
    type IsAggregate = is_aggregate::Never;
}

/// Whether a user's text has a part, for a query that has an order to follow and will meet many who have it. The databases expect
/// many, too, where of LIKE PostgreSQL would expect few, and put them all in order.
#[derive(Debug, Clone)]
pub struct HasPart(String);

impl HasPart {
    /// The users whose text has `part`, which is folded.
    #[must_use]
    pub fn new(part: &str) -> Self {
        Self(needle(part))
    }
}

impl Expression for HasPart {
    type SqlType = Bool;
}

impl QueryId for HasPart {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for HasPart {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(match out.backend() {
            Backend::Sqlite(_) => "instr(users.search, ",
            Backend::Postgres(_) => "strpos(users.search, ",
        });
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(") > 0");
        Ok(())
    }
}

impl<QS> AppearsOnTable<QS> for HasPart {}

impl<QS> SelectableExpression<QS> for HasPart {}

impl<GB> ValidGrouping<GB> for HasPart {
    type IsAggregate = is_aggregate::Never;
}
