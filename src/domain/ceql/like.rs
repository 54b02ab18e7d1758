//! LIKE in any letter case, beyond ASCII too, with the same hits on both databases.
//!
//! What `LIKE` and `lower` do beyond ASCII depends on the database and its locale. So the letters that the pattern asks for are
//! brought into one case by `translate`, in the pattern and in the column, by the tables of Unicode that are compiled in; all
//! other characters of the column need no folding, because they match nothing but `%`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use icu_casemap::{CaseMapCloser, ClosureSink};
use unicode_normalization::UnicodeNormalization as _;

use super::condition::{Boxed, Condition};
use crate::db::translate;
use crate::domain::text::like_literal;

/// The characters that differ from one only in letter case, without those that become several.
#[derive(Default)]
struct Cases(Vec<char>);

impl ClosureSink for Cases {
    fn add_char(&mut self, character: char) {
        self.0.push(character);
    }

    fn add_string(&mut self, _: &str) {}
}

/// A pattern in one letter case, and how a column gets into it.
#[derive(Debug, PartialEq, Eq)]
struct Pattern {
    like: String,
    from: String,
    to: String,
}

fn pattern(text: &str) -> Pattern {
    let mut like = String::new();
    let (mut from, mut to) = (String::new(), String::new());
    for part in text.nfc() {
        if part == '%' {
            like.push('%');
            continue;
        }
        let mut cases = Cases(vec![part]);
        CaseMapCloser::new().add_case_closure_to(part, &mut cases);
        let one = cases.0.iter().copied().min().unwrap_or(part);
        for case in cases.0 {
            if case != one && !from.contains(case) {
                from.push(case);
                to.push(one);
            }
        }
        like.push_str(&like_literal(one.encode_utf8(&mut [0; 4])));
    }
    Pattern { like, from, to }
}

/// Whether `column` is like `text`, in which `%` stands for any text and every other character for itself.
pub(super) fn like<T: 'static>(column: Boxed<T, Text>, text: &str) -> Condition<T> {
    let Pattern { like, from, to } = pattern(text);
    let column = translate(column, from, to);
    let pattern = like.into_sql::<Nullable<Text>>();
    Box::new(column.like(pattern).escape('\\'))
}
