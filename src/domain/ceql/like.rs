//! LIKE in any letter case, beyond ASCII too, with the same hits on both databases.
//!
//! What `LIKE` and `lower` do beyond ASCII depends on the database and its locale. So the letters that the pattern asks for are
//! brought into one case by `translate`, in the pattern and in the column, by the tables of Unicode that are compiled in; all
//! other characters of the column need no folding, because they match nothing but `%`.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use icu_casemap::{CaseMapCloser, ClosureSink};
use unicode_normalization::UnicodeNormalization as _;

use super::condition::{Boxed, Condition};
use crate::db::{length, translate};
use crate::domain::text::like_literal;

/// The characters that differ from one only in letter case, without those that become several.
struct Cases(BTreeSet<char>);

impl ClosureSink for Cases {
    fn add_char(&mut self, character: char) {
        self.0.insert(character);
    }

    fn add_string(&mut self, _: &str) {}
}

/// A pattern in one letter case, and how a column gets into it.
#[derive(Debug, PartialEq, Eq)]
struct Pattern {
    like: String,
    from: String,
    to: String,
    /// Characters that a text must have to match.
    shortest: i32,
}

fn pattern(text: &str) -> Pattern {
    let mut like = String::new();
    let (mut from, mut to) = (String::new(), String::new());
    let mut shortest = 0;
    for part in text.nfc() {
        if part == '%' {
            like.push('%');
            continue;
        }
        shortest += 1;
        let mut cases = Cases(BTreeSet::from([part]));
        CaseMapCloser::new().add_case_closure_to(part, &mut cases);
        let one = cases.0.first().copied().unwrap_or(part);
        for case in cases.0 {
            if case != one && !from.contains(case) {
                from.push(case);
                to.push(one);
            }
        }
        like.push_str(&like_literal(one.encode_utf8(&mut [0; 4])));
    }
    Pattern {
        like,
        from,
        to,
        shortest,
    }
}

/// Whether `column` is like `text`, in which `%` stands for any text and every other character for itself.
pub(super) fn like<T: 'static>(column: fn() -> Boxed<T, Text>, text: &str) -> Condition<T> {
    let pattern = pattern(text);
    let folded = translate(column(), pattern.from, pattern.to);
    let wanted = pattern.like.into_sql::<Nullable<Text>>();
    // A pattern of a thousand letters would be costly to look for in every name, which is too short for it anyway.
    let long_enough = length(column()).ge(pattern.shortest);
    Box::new(long_enough.and(folded.like(wanted).escape('\\')))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, pattern};

    #[test]
    fn letters_come_into_one_case_and_signs_mean_themselves() {
        assert_eq!(
            pattern("%a_É\\5'%"),
            Pattern {
                like: "%A\\_É\\\\5'%".to_owned(),
                from: "aé".to_owned(),
                to: "AÉ".to_owned(),
                shortest: 6,
            }
        );
        assert_eq!(pattern("Σ"), pattern("ς"));
        assert_eq!(pattern("E\u{301}"), pattern("é"));
    }
}
