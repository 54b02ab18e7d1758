//! The search by SQLite's index of trigrams, FTS5, which has its hits in the order of ids.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::share::moved;
use super::{Hits, in_trigrams, needle};
use crate::db::spelled::{Spelled, Value};

/// Of a longer text, so many letters tell who may have all of it.
const BEGINNING: usize = 5;
/// If these are no more, their texts are looked at: the lists of the further trigrams are not read then, and those of an
/// email's end have everybody of the account.
const FEW: i64 = 64;

pub(super) fn users_having(
    db: &mut SqliteConnection,
    account: i64,
    part: &str,
    most: i64,
) -> QueryResult<Hits> {
    let ids = match few_users_having(db, account, part)? {
        Some(ids) => ids,
        None => Spelled::<BigInt>::new(
            "SELECT rowid FROM users_search WHERE users_search MATCH ? LIMIT ?",
            vec![Value::Text(users_phrase(account, part)), Value::Id(most)],
        )
        .load(db)?,
    };
    Ok(Hits {
        ids,
        lowest: true,
        followed: true,
        common: None,
    })
}

/// The hits of a longer text, if few users have its beginning.
fn few_users_having(
    db: &mut SqliteConnection,
    account: i64,
    part: &str,
) -> QueryResult<Option<Vec<i64>>> {
    let Some((end, _)) = part.char_indices().nth(BEGINNING) else {
        return Ok(None);
    };
    let candidates: Vec<(i64, bool)> = Spelled::<(BigInt, Bool)>::new(
        "SELECT id, instr(search, ?) > 0 FROM users WHERE id IN \
         (SELECT rowid FROM users_search WHERE users_search MATCH ? LIMIT ?) ORDER BY id",
        vec![
            Value::Text(needle(part)),
            Value::Text(users_phrase(account, &part[..end])),
            Value::Id(FEW + 1),
        ],
    )
    .load(db)?;
    if i64::try_from(candidates.len()).is_ok_and(|count| count > FEW) {
        return Ok(None);
    }
    let having = candidates.into_iter().filter(|(_, has_it)| *has_it);
    Ok(Some(having.map(|(id, _)| id).collect()))
}

pub(super) fn next_users_having(
    db: &mut SqliteConnection,
    account: i64,
    part: &str,
    beyond: Option<i64>,
    descending: bool,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let (query, beyond) = if descending {
        let query = "SELECT rowid FROM users_search WHERE users_search MATCH ? AND rowid < ? \
                     ORDER BY rowid DESC LIMIT ?";
        (query, beyond.unwrap_or(i64::MAX))
    } else {
        let query = "SELECT rowid FROM users_search WHERE users_search MATCH ? AND rowid > ? \
                     ORDER BY rowid LIMIT ?";
        (query, beyond.unwrap_or(0))
    };
    let phrase = users_phrase(account, part);
    Spelled::<BigInt>::new(
        query,
        vec![Value::Text(phrase), Value::Id(beyond), Value::Id(most)],
    )
    .load(db)
}

pub(super) fn accounts_having(
    db: &mut SqliteConnection,
    organization: i64,
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    Spelled::<BigInt>::new(
        "SELECT rowid FROM accounts_search WHERE accounts_search MATCH ? LIMIT ?",
        vec![Value::Text(phrase(organization, part)), Value::Id(most)],
    )
    .load(db)
}

/// What the index of users is asked for the users of an account whose text has `part`.
pub(super) fn users_phrase(account: i64, part: &str) -> String {
    phrase(account, &moved(account, &in_trigrams(part)))
}

fn phrase(owner: i64, text: &str) -> String {
    format!(
        "owner : \"{}\" AND search : \"{}\"",
        spelled(owner),
        text.replace('"', "\"\"")
    )
}

/// An id in three characters for private use, 16 bits each, as the views spell it.
fn spelled(id: i64) -> String {
    [32, 16, 0]
        .into_iter()
        .filter_map(|bits| u32::try_from(id >> bits & 0xFFFF).ok())
        .filter_map(|part| char::from_u32(0xF_0000 + part))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{phrase, spelled};

    #[test]
    fn ids_and_texts_become_what_the_index_keeps() {
        assert_eq!(spelled(7), "\u{F0000}\u{F0000}\u{F0007}");
        assert_eq!(spelled(0x1_0002_FFFF), "\u{F0001}\u{F0002}\u{FFFFF}");
        assert!(phrase(7, r#"a"b"#).ends_with(r#"search : "a""b""#));
    }
}
