//! Finds text by any part of it, through the trigrams that both databases keep of it (migration 0010).

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text};

use super::{Backend, Db};

/// A table whose text is searched.
#[derive(Debug, Clone, Copy)]
pub enum Searched {
    /// Users, each within its account.
    Users,
    /// Accounts, each within its organization.
    Accounts,
}

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The ids of up to `most` rows of `owner` whose text has `part`, which is folded; of one or two letters, those in whose
/// text a name or an email begins with it.
///
/// # Errors
/// When the database cannot be read.
pub fn having(
    db: &mut Db,
    table: Searched,
    owner: i64,
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let sought = sought(part);
    let hits: Vec<Hit> = match db {
        Db::Sqlite(connection) => {
            let phrase = phrase(owner, &sought);
            diesel::sql_query(match table {
                Searched::Users => {
                    "SELECT rowid AS id FROM users_search WHERE users_search MATCH ? LIMIT ?"
                }
                Searched::Accounts => {
                    "SELECT rowid AS id FROM accounts_search WHERE accounts_search MATCH ? LIMIT ?"
                }
            })
            .bind::<Text, _>(phrase)
            .bind::<BigInt, _>(most)
            .load(connection)?
        }
        Db::Postgres(connection) => {
            // The trigrams may stand apart: only the text itself tells.
            diesel::sql_query(match table {
                Searched::Users => {
                    "SELECT id FROM users_search WHERE trigrams(owner, search) @> $1 \
                     AND strpos(replace(search, chr(10), chr(10) || chr(10)), $2) > 0 LIMIT $3"
                }
                Searched::Accounts => {
                    "SELECT id FROM accounts_search WHERE trigrams(owner, search) @> $1 \
                     AND strpos(replace(search, chr(10), chr(10) || chr(10)), $2) > 0 LIMIT $3"
                }
            })
            .bind::<Array<Text>, _>(grams(owner, &sought))
            .bind::<Text, _>(sought)
            .bind::<BigInt, _>(most)
            .load(connection)?
        }
    };
    Ok(hits.into_iter().map(|hit| hit.id).collect())
}

/// The ids of the next `most` users of an account whose text has `part`, in the order of ids: after one, or before it, going
/// down. Only SQLite's index has them in this order.
///
/// # Errors
/// When the database cannot be read, or is another.
pub fn next_having(
    db: &mut Db,
    account: i64,
    part: &str,
    (beyond, descending): (Option<i64>, bool),
    most: i64,
) -> QueryResult<Vec<i64>> {
    let Db::Sqlite(connection) = db else {
        return Err(diesel::result::Error::NotFound);
    };
    let (query, beyond) = if descending {
        let query = "SELECT rowid AS id FROM users_search WHERE users_search MATCH ? AND rowid < ? \
                     ORDER BY rowid DESC LIMIT ?";
        (query, beyond.unwrap_or(i64::MAX))
    } else {
        let query = "SELECT rowid AS id FROM users_search WHERE users_search MATCH ? AND rowid > ? \
                     ORDER BY rowid LIMIT ?";
        (query, beyond.unwrap_or(0))
    };
    let hits: Vec<Hit> = diesel::sql_query(query)
        .bind::<Text, _>(phrase(account, &sought(part)))
        .bind::<BigInt, _>(beyond)
        .bind::<BigInt, _>(most)
        .load(connection)?;
    Ok(hits.into_iter().map(|hit| hit.id).collect())
}

/// Whether a user is one of an account whose text has a part, for a query that has an order to follow: the hits are found
/// once, then looked up.
#[derive(Debug, Clone)]
pub struct IsHit {
    phrase: String,
    grams: String,
    sought: String,
}

impl IsHit {
    /// The users of `account` whose text has `part`, which is folded.
    #[must_use]
    pub fn new(account: i64, part: &str) -> Self {
        let sought = sought(part);
        Self {
            phrase: phrase(account, &sought),
            grams: grams(account, &sought).join("\u{1F}"),
            sought,
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
                    "users.id IN (SELECT id FROM users_search WHERE trigrams(owner, search) @> string_to_array(",
                );
                out.push_bind_param::<Text, _>(&self.grams)?;
                out.push_sql(
                    ", chr(31)) AND strpos(replace(search, chr(10), chr(10) || chr(10)), ",
                );
                out.push_bind_param::<Text, _>(&self.sought)?;
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

/// What is looked for in the index. What begins, stands after two line ends there: so even one letter is a trigram.
fn sought(part: &str) -> String {
    match part.chars().count() {
        1 => format!("\n\n{part}"),
        2 => format!("\n{part}"),
        _ => part.to_owned(),
    }
}

/// The same as SQLite is asked for it.
fn phrase(owner: i64, sought: &str) -> String {
    format!(
        "owner : \"{}\" AND search : \"{}\"",
        spelled(owner),
        sought.replace('"', "\"\"")
    )
}

/// An id in three characters for private use, 16 bits each, as SQLite's view spells it.
fn spelled(id: i64) -> String {
    [32, 16, 0]
        .into_iter()
        .filter_map(|bits| u32::try_from(id >> bits & 0xFFFF).ok())
        .filter_map(|part| char::from_u32(0xF_0000 + part))
        .collect()
}

/// The elements that PostgreSQL keeps of a text of `owner` in which `sought` stands.
fn grams(owner: i64, sought: &str) -> Vec<String> {
    let letters: Vec<char> = sought.chars().collect();
    let grams = letters.windows(3).map(|three| three.iter().collect());
    grams.chain([format!("owner {owner}")]).collect()
}

#[cfg(test)]
mod tests {
    use super::{grams, spelled};

    #[test]
    fn ids_and_texts_become_what_the_databases_keep() {
        assert_eq!(spelled(7), "\u{F0000}\u{F0000}\u{F0007}");
        assert_eq!(spelled(0x1_0002_FFFF), "\u{F0001}\u{F0002}\u{FFFFF}");
        assert_eq!(grams(7, "zoë"), ["zoë", "owner 7"]);
    }
}
