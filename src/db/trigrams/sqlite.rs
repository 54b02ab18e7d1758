//! The search by SQLite's index of trigrams, FTS5, which has its hits in the order of ids.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::share::moved;
use super::{Hit, Hits, ids, in_trigrams, needle};

/// Of a longer text, so many letters tell who may have all of it.
const BEGINNING: usize = 5;
/// If these are no more, their texts are looked at: the lists of the further trigrams are not read then, and those of an
/// email's end have everybody of the account.
const FEW: i64 = 64;

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Bool)]
    has_it: bool,
}

pub(super) fn users_having(
    db: &mut SqliteConnection,
    account: i64,
    part: &str,
    most: i64,
) -> QueryResult<Hits> {
    let few = few_users_having(db, account, part)?;
    let ids = match few {
        Some(ids) => ids,
        None => ids(diesel::sql_query(
            "SELECT rowid AS id FROM users_search WHERE users_search MATCH ? LIMIT ?",
        )
        .bind::<Text, _>(users_phrase(account, part))
        .bind::<BigInt, _>(most)
        .load(db)?),
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
    let candidates: Vec<Candidate> = diesel::sql_query(
        "SELECT id, instr(search, ?) > 0 AS has_it FROM users \
         WHERE id IN (SELECT rowid FROM users_search WHERE users_search MATCH ? LIMIT ?) ORDER BY id",
    )
    .bind::<Text, _>(needle(part))
    .bind::<Text, _>(users_phrase(account, &part[..end]))
    .bind::<BigInt, _>(FEW + 1)
    .load(db)?;
    if i64::try_from(candidates.len()).is_ok_and(|count| count > FEW) {
        return Ok(None);
    }
    let having = candidates.into_iter().filter(|candidate| candidate.has_it);
    Ok(Some(having.map(|candidate| candidate.id).collect()))
}

pub(super) fn next_users_having(
    db: &mut SqliteConnection,
    account: i64,
    part: &str,
    (beyond, descending): (Option<i64>, bool),
    most: i64,
) -> QueryResult<Vec<i64>> {
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
        .bind::<Text, _>(users_phrase(account, part))
        .bind::<BigInt, _>(beyond)
        .bind::<BigInt, _>(most)
        .load(db)?;
    Ok(ids(hits))
}

pub(super) fn accounts_having(
    db: &mut SqliteConnection,
    organization: i64,
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let hits: Vec<Hit> = diesel::sql_query(
        "SELECT rowid AS id FROM accounts_search WHERE accounts_search MATCH ? LIMIT ?",
    )
    .bind::<Text, _>(phrase(organization, part))
    .bind::<BigInt, _>(most)
    .load(db)?;
    Ok(ids(hits))
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
