//! The search by PostgreSQL's index of trigrams, GIN, which has its hits in no order, and has to find all before the first.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::share::share;
use super::{Hits, in_trigrams, needle};
use crate::db::spelled::{Spelled, Value};

/// With so many users or fewer in an account, no list in the index is long.
const SMALL: i64 = 1_000;
/// Of a larger one, so many texts tell what most of them have.
const SAMPLE: i64 = 100;
/// If a third of them have what is sought, those who have it are found one after the other.
const FREQUENT: i64 = SAMPLE / 3;
/// If nine in ten of them have it, so has nearly everybody.
const COMMON: i64 = SAMPLE * 9 / 10;
/// A list of a trigram that half of them have is long and tells little.
const EVERYWHERE: i64 = SAMPLE / 2;
/// One after the other, so many texts for each hit are read before the index is asked after all.
const READ: i64 = 4;
/// The character before the trigrams of the first share; those of the others follow.
const FIRST: u32 = 0x100;

/// Stands between the trigrams that are handed over as one text, where the statements part it by `chr(31)`.
const BETWEEN: &str = "\u{1F}";

pub(super) fn users_having(
    db: &mut PgConnection,
    account: i64,
    size: i64,
    part: &str,
    most: i64,
) -> QueryResult<Hits> {
    if size <= SMALL {
        let ids = found(db, account, size, &trigrams(part), part, most)?;
        return Ok(Hits {
            ids,
            lowest: false,
            followed: true,
            common: None,
        });
    }
    let sample: Vec<String> = Spelled::<Text>::new(
        "SELECT search FROM users_search WHERE owner = ? ORDER BY id LIMIT ?",
        vec![Value::Id(account), Value::Id(SAMPLE)],
    )
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
    Ok(hits(found(db, account, size, &telling, part, most)?, false))
}

/// How many of a sample have `text`.
fn having(sample: &[String], text: &str) -> i64 {
    let having = sample.iter().filter(|one| one.contains(text));
    i64::try_from(having.count()).unwrap_or(i64::MAX)
}

/// Up to `most` users of the lowest ids who have a common part, read one after the other, as far as is worth it.
fn read(db: &mut PgConnection, account: i64, needle: &str, most: i64) -> QueryResult<Vec<i64>> {
    Spelled::<BigInt>::new(
        "SELECT id FROM (SELECT id, search FROM users_search WHERE owner = ? ORDER BY id LIMIT ?) AS lowest \
         WHERE strpos(search, ?) > 0 ORDER BY id LIMIT ?",
        vec![
            Value::Id(account),
            Value::Id(most * READ),
            Value::Text(needle.to_owned()),
            Value::Id(most),
        ],
    )
    .load(db)
}

/// Up to `most` users whom the index finds by some trigrams of `part`, and who have all of it, of an account of so many in `size`.
fn found(
    db: &mut PgConnection,
    account: i64,
    size: i64,
    threes: &[String],
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    // The elements are a query of their own, so that PostgreSQL plans once: it would look up how frequent each is, and there is but
    // one way to find them. An account that has a sixteenth of all users has most of its share's: its own list would take longer
    // to read than to pass over the others. The sum keeps PostgreSQL from the index of owners.
    Spelled::<BigInt>::new(
        "SELECT id FROM users_search WHERE share_trigrams(owner, search) @> ( \
             SELECT string_to_array(?, chr(31)) || CASE WHEN ? * 16 < reltuples THEN ARRAY[?] END \
             FROM pg_class WHERE oid = 'users_search'::REGCLASS \
         ) AND owner + 0 = ? AND strpos(search, ?) > 0 LIMIT ?",
        vec![
            Value::Text(in_share(account, threes)),
            Value::Id(size),
            Value::Text(owner(account)),
            Value::Id(account),
            // The trigrams may stand apart: only the text itself tells.
            Value::Text(needle(part)),
            Value::Id(most),
        ],
    )
    .load(db)
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
        let query = "SELECT id FROM users_search WHERE owner = ? AND id < ? AND strpos(search, ?) > 0 \
                     ORDER BY id DESC LIMIT ?";
        (query, beyond.unwrap_or(i64::MAX))
    } else {
        let query = "SELECT id FROM users_search WHERE owner = ? AND id > ? AND strpos(search, ?) > 0 \
                     ORDER BY id LIMIT ?";
        (query, beyond.unwrap_or(0))
    };
    Spelled::<BigInt>::new(
        query,
        vec![
            Value::Id(account),
            Value::Id(beyond),
            Value::Text(needle(part)),
            Value::Id(most),
        ],
    )
    .load(db)
}

pub(super) fn accounts_having(
    db: &mut PgConnection,
    organization: i64,
    part: &str,
    most: i64,
) -> QueryResult<Vec<i64>> {
    let mut elements = trigrams(part);
    elements.push(owner(organization));
    Spelled::<BigInt>::new(
        "SELECT id FROM accounts_search WHERE trigrams(owner, search) @> string_to_array(?, chr(31)) \
         AND strpos(search, ?) > 0 LIMIT ?",
        vec![
            Value::Text(elements.join(BETWEEN)),
            Value::Text(needle(part)),
            Value::Id(most),
        ],
    )
    .load(db)
}

/// The trigrams of `part`.
pub(super) fn trigrams(part: &str) -> Vec<String> {
    let letters: Vec<char> = in_trigrams(part).chars().collect();
    let threes = letters.windows(3);
    threes.map(|three| three.iter().collect()).collect()
}

/// What the index of users keeps of a text of an account that has these trigrams, with a character 31 between them: no search
/// has control characters.
pub(super) fn users_elements(account: i64, threes: &[String]) -> String {
    [in_share(account, threes), owner(account)].join(BETWEEN)
}

/// The trigrams as they are in the share of the account, with the same between them.
fn in_share(account: i64, threes: &[String]) -> String {
    let share = char::from_u32(FIRST + share(account)).unwrap_or_default();
    let elements = threes.iter().map(|three| format!("{share}{three}"));
    elements.collect::<Vec<_>>().join(BETWEEN)
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
            "\u{101}zoë\u{1F}\u{101}oë!\u{1F}owner 257"
        );
    }
}
