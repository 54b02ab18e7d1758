//! The search by PostgreSQL's index of trigrams, GIN, which has its hits in no order, and has to find all before the first.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::share::share;
use super::{Hit, Hits, ids, in_trigrams, needle};

/// With so many users or fewer in an account, no list in the index is long.
const SMALL: i64 = 1_000;
/// Of a larger one, so many texts tell what most of them have.
const SAMPLE: usize = 100;
/// If a third of them have what is sought, those who have it are found one after the other.
const FREQUENT: usize = SAMPLE / 3;
/// If nine in ten of them have it, so has nearly everybody.
const COMMON: usize = SAMPLE * 9 / 10;
/// A list of a trigram that half of them have is long and tells little.
const EVERYWHERE: usize = SAMPLE / 2;
/// One after the other, so many texts for each hit are read before the index is asked after all.
const READ: i64 = 4;
/// The character before the trigrams of the first share; those of the others follow.
const FIRST: u32 = 0x100;

#[derive(QueryableByName)]
struct Sampled {
    #[diesel(sql_type = Text)]
    search: String,
}

pub(super) fn users_having(
    db: &mut PgConnection,
    account: i64,
    size: i64,
    part: &str,
    most: i64,
) -> QueryResult<Hits> {
    if size <= SMALL {
        let ids = found(db, account, &trigrams(part), part, most)?;
        return Ok(Hits {
            ids,
            lowest: false,
            followed: true,
            common: None,
        });
    }
    let sample: Vec<Sampled> = diesel::sql_query(format!(
        "SELECT search FROM users_search WHERE owner = $1 ORDER BY id LIMIT {SAMPLE}"
    ))
    .bind::<BigInt, _>(account)
    .load(db)?;
    let needle = needle(part);
    let count = having(&sample, &needle);
    let hits = |ids, lowest| Hits {
        ids,
        lowest,
        // Of more than are counted, a page is found sooner one after the other than by putting all in order.
        followed: count > 0,
        common: Some(count >= COMMON),
    };
    if count >= FREQUENT {
        let ids = read(db, account, &needle, most)?;
        let all_read = size <= most * READ;
        if all_read || i64::try_from(ids.len()).is_ok_and(|found| found == most) {
            return Ok(hits(ids, true));
        }
    }
    let (everywhere, mut telling): (Vec<String>, Vec<String>) = trigrams(part)
        .into_iter()
        .partition(|three| having(&sample, three) >= EVERYWHERE);
    if telling.is_empty() {
        telling = everywhere;
    }
    Ok(hits(found(db, account, &telling, part, most)?, false))
}

/// How many of a sample have `text`.
fn having(sample: &[Sampled], text: &str) -> usize {
    let having = sample.iter().filter(|one| one.search.contains(text));
    having.count()
}

/// Up to `most` users of the lowest ids who have a common part, read one after the other, as far as is worth it.
fn read(db: &mut PgConnection, account: i64, needle: &str, most: i64) -> QueryResult<Vec<i64>> {
    let hits: Vec<Hit> = diesel::sql_query(
        "SELECT id FROM (SELECT id, search FROM users_search WHERE owner = $1 ORDER BY id LIMIT $2) AS lowest \
         WHERE strpos(search, $3) > 0 ORDER BY id LIMIT $4",
    )
    .bind::<BigInt, _>(account)
    .bind::<BigInt, _>(most * READ)
    .bind::<Text, _>(needle)
    .bind::<BigInt, _>(most)
    .load(db)?;
    Ok(ids(hits))
}

/// Up to `most` users whom the index finds by some trigrams of `part`, and who have all of it.
fn found(
    db: &mut PgConnection,
    account: i64,
    threes: &[String],
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let elements = users_elements(account, threes);
    // One trigram says all. More may stand apart: only the text itself tells.
    let hits: Vec<Hit> = if part.chars().count() <= 3 {
        diesel::sql_query(
            "SELECT id FROM users_search WHERE share_trigrams(owner, search) @> $1 LIMIT $2",
        )
        .bind::<Array<Text>, _>(elements)
        .bind::<BigInt, _>(most)
        .load(db)?
    } else {
        diesel::sql_query(
            "SELECT id FROM users_search WHERE share_trigrams(owner, search) @> $1 \
             AND strpos(search, $2) > 0 LIMIT $3",
        )
        .bind::<Array<Text>, _>(elements)
        .bind::<Text, _>(needle(part))
        .bind::<BigInt, _>(most)
        .load(db)?
    };
    Ok(ids(hits))
}

pub(super) fn next_users_having(
    db: &mut PgConnection,
    account: i64,
    part: &str,
    beyond: Option<i64>,
    descending: bool,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let (query, beyond) = if descending {
        let query = "SELECT id FROM users_search WHERE owner = $1 AND id < $2 AND strpos(search, $3) > 0 \
                     ORDER BY id DESC LIMIT $4";
        (query, beyond.unwrap_or(i64::MAX))
    } else {
        let query = "SELECT id FROM users_search WHERE owner = $1 AND id > $2 AND strpos(search, $3) > 0 \
                     ORDER BY id LIMIT $4";
        (query, beyond.unwrap_or(0))
    };
    let hits: Vec<Hit> = diesel::sql_query(query)
        .bind::<BigInt, _>(account)
        .bind::<BigInt, _>(beyond)
        .bind::<Text, _>(needle(part))
        .bind::<BigInt, _>(most)
        .load(db)?;
    Ok(ids(hits))
}

pub(super) fn accounts_having(
    db: &mut PgConnection,
    organization: i64,
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let mut elements = trigrams(part);
    elements.push(owner(organization));
    let hits: Vec<Hit> = diesel::sql_query(
        "SELECT id FROM accounts_search WHERE trigrams(owner, search) @> $1 AND strpos(search, $2) > 0 LIMIT $3",
    )
    .bind::<Array<Text>, _>(elements)
    .bind::<Text, _>(needle(part))
    .bind::<BigInt, _>(most)
    .load(db)?;
    Ok(ids(hits))
}

/// The trigrams of `part`.
pub(super) fn trigrams(part: &str) -> Vec<String> {
    let letters: Vec<char> = in_trigrams(part).chars().collect();
    let threes = letters.windows(3);
    threes.map(|three| three.iter().collect()).collect()
}

/// What the index of users keeps of a text of an account that has these trigrams.
pub(super) fn users_elements(account: i64, threes: &[String]) -> Vec<String> {
    let share = char::from_u32(FIRST + share(account)).unwrap_or_default();
    let elements = threes.iter().map(|three| format!("{share}{three}"));
    elements.chain([owner(account)]).collect()
}

fn owner(id: i64) -> String {
    format!("owner {id}")
}

#[cfg(test)]
mod tests {
    use super::{trigrams, users_elements};

    #[test]
    fn texts_become_what_the_index_keeps() {
        assert_eq!(trigrams("zoë"), ["zoë"]);
        assert_eq!(trigrams("z"), ["\n\nz"]);
        assert_eq!(
            users_elements(257, &trigrams("zoë!")),
            ["\u{101}zoë", "\u{101}oë!", "owner 257"]
        );
    }
}
