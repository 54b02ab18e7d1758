//! The share of the index that an account is searched in, and the characters that text is moved to, so that SQLite's index
//! keeps the trigrams of the shares apart (migration 0013).

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Every account is in one of so many shares.
const SHARES: u32 = 32;
/// A share has so many characters: as many as the letters from U+0000 of nearly all scripts. The others stay what they are.
const SIZE: u32 = 0x8000;
/// Where the first share begins; the last one ends where Unicode does.
const FIRST: u32 = 0x1_0000;
/// Letters are spread over the share by this factor, which is odd, so that no two get one place. FTS5 gathers what enters by
/// a hash that is mostly the exclusive or of such letters: side by side, they would meet in few of its slots.
const SPREAD: u32 = 0x4F1B;

#[diesel::declare_sql_function]
extern "SQL" {
    /// The text of an account, moved to its share.
    fn in_share(account: BigInt, text: Text) -> Text;
}

/// Teaches a SQLite connection the function, for the view that feeds the index.
pub fn teach_in_share(connection: &mut SqliteConnection) -> QueryResult<()> {
    in_share_utils::register_impl(connection, |account: i64, text: String| {
        moved(account, &text)
    })
}

/// The share of the index of the search that an account is in, from 0.
#[must_use]
pub fn share(account: i64) -> u32 {
    u32::try_from(account.rem_euclid(SHARES.into())).unwrap_or_default()
}

/// The text of an account with its letters in the account's share. What stood there takes their places, so that no two
/// texts become one.
pub(super) fn moved(account: i64, text: &str) -> String {
    let first = FIRST + share(account) * SIZE;
    let place = |letter: char| {
        let code = u32::from(letter);
        let there = match code {
            // U+0000 ends a text.
            1..SIZE => first + code * SPREAD % SIZE,
            _ if (first + 1..first + SIZE).contains(&code) => code - first,
            _ => code,
        };
        char::from_u32(there).unwrap_or(letter)
    };
    text.chars().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn letters_are_moved_to_the_share_of_the_account() {
        assert_eq!(moved(1, "\u{1}한"), "\u{1CF1B}한");
        assert_eq!(moved(256, "\u{1}"), moved(0, "\u{1}"));
        assert_ne!(moved(1, "a"), moved(2, "a"));
    }

    #[test]
    fn no_two_become_one() {
        let letters: Vec<char> = ('\0'..=char::MAX).collect();
        let mut moved: Vec<char> = moved(15, &String::from_iter(&letters)).chars().collect();
        moved.sort_unstable();
        assert_eq!(moved, letters);
    }
}
