//! Finds text by any part of it, through the trigrams that both databases keep of it (migration 0010).

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::Db;

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
    // What begins, stands after two line ends in the index: so even one letter is a trigram.
    let sought = match part.chars().count() {
        1 => format!("\n\n{part}"),
        2 => format!("\n{part}"),
        _ => part.to_owned(),
    };
    let hits: Vec<Hit> = match db {
        Db::Sqlite(connection) => {
            let phrase = format!(
                "owner : \"{}\" AND search : \"{}\"",
                spelled(owner),
                sought.replace('"', "\"\"")
            );
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
