//! Finds text by any part of it, through the trigrams that both databases keep of it (migrations 0010 and 0013).

mod is_hit;
mod postgres;
mod share;
mod sqlite;

use diesel::prelude::*;

use super::Db;

pub use self::is_hit::{HasPart, IsHit};
pub use self::share::share;
pub(super) use self::share::teach_in_share;

/// Users of an account in whose text a part was found.
#[derive(Debug)]
pub struct Hits {
    /// Their ids.
    pub ids: Vec<i64>,
    /// Whether these are the lowest of all that have it, in their order.
    pub lowest: bool,
    /// Whether it does not take long to follow the hits in the order of ids.
    pub followed: bool,
    /// Whether nearly everybody has it, where that was seen on the way.
    pub common: Option<bool>,
}

/// Up to `most` users of an account, which has `size` in all, whose text has `part`, which is folded; of one or two letters,
/// those in whose text a name or an email begins with it.
///
/// # Errors
/// When the database cannot be read.
pub fn users_having(
    db: &mut Db,
    account: i64,
    size: i64,
    part: &str,
    most: i64,
) -> QueryResult<Hits> {
    match db {
        Db::Sqlite(connection) => sqlite::users_having(connection, account, part, most),
        Db::Postgres(connection) => postgres::users_having(connection, account, size, part, most),
    }
}

/// The ids of the next `most` of these users in the order of ids: beyond one, or from the first or, going down, the last.
///
/// # Errors
/// When the database cannot be read.
pub fn next_users_having(
    db: &mut Db,
    account: i64,
    part: &str,
    beyond: Option<i64>,
    descending: bool,
    most: i64,
) -> QueryResult<Vec<i64>> {
    match db {
        Db::Sqlite(connection) => {
            sqlite::next_users_having(connection, account, part, beyond, descending, most)
        }
        Db::Postgres(connection) => {
            postgres::next_users_having(connection, account, part, beyond, descending, most)
        }
    }
}

/// The ids of up to `most` accounts of an organization whose name has `part`, which is folded and has three letters or more.
///
/// # Errors
/// When the database cannot be read.
pub fn accounts_having(
    db: &mut Db,
    organization: i64,
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    match db {
        Db::Sqlite(connection) => sqlite::accounts_having(connection, organization, part, most),
        Db::Postgres(connection) => postgres::accounts_having(connection, organization, part, most),
    }
}

/// What the text of a user has in which `part` is found: of one or two letters, these at the beginning of a line.
fn needle(part: &str) -> String {
    match part.chars().count() {
        1 | 2 => format!("\n{part}"),
        _ => part.to_owned(),
    }
}

/// The same where line ends are doubled, as in both indexes: so even one letter makes a trigram.
fn in_trigrams(part: &str) -> String {
    match part.chars().count() {
        1 => format!("\n\n{part}"),
        2 => format!("\n{part}"),
        _ => part.to_owned(),
    }
}
