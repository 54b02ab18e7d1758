//! How text is cleaned, ordered and searched, alike on both databases.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::error::FieldErrors;

/// The years of times that are asked for: what both databases keep and compare alike, as `yyyy-MM-dd` writes them.
pub const YEARS: RangeInclusive<i32> = 0..=9999;

/// Text in Unicode NFC, as nearly all text is from the start.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Text as it is kept: Unicode NFC, no blanks at the ends, runs of blanks as typed.
#[must_use]
pub fn clean(text: &str) -> String {
    composed(text.trim()).into_owned()
}

/// Whether `text` has control characters, which no name may have, or characters that turn the direction of what follows
/// them (Unicode UAX #9), with which a name could pass for another.
#[must_use]
pub fn has_control(text: &str) -> bool {
    let turns = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().any(|c| c.is_control() || turns(c))
}

/// The form in which text is searched: NFC, lower case.
#[must_use]
pub fn fold(text: &str) -> String {
    composed(&composed(text).to_lowercase()).into_owned()
}

/// A key whose bytes sort as people expect (Unicode collation, CLDR root), on any database.
///
/// # Panics
/// Never: the root collation is compiled in.
#[must_use]
pub fn sort_key(text: &str) -> Vec<u8> {
    thread_local! {
        #[expect(clippy::expect_used, reason = "runs once in a thread, on data that is compiled in")]
        static COLLATOR: CollatorBorrowed<'static> =
            Collator::try_new(CollatorPreferences::default(), CollatorOptions::default())
                .expect("the root collation is compiled in");
    }
    let mut key = Vec::with_capacity(text.len() * 3);
    COLLATOR.with(|collator| {
        let Ok(()) = collator.write_sort_key_to(text, &mut key);
    });
    key
}

/// A pattern for LIKE with `\` as escape, in which every character of `text` means itself.
#[must_use]
pub fn like_literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 4);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// The first `longest` characters of `text`.
#[must_use]
pub fn cut(text: &str, longest: usize) -> &str {
    match text.char_indices().nth(longest) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// `1 job`, `2 jobs`, `no jobs`, `1,234 jobs`.
#[must_use]
pub fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", thousands(count)),
    }
}

/// A count with a comma between thousands.
#[must_use]
pub fn thousands(count: i64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A whole number as typed, or a note on what is wrong with it; then the smallest that fits.
pub fn whole_number(
    field: &'static str,
    typed: &str,
    range: RangeInclusive<i32>,
    errors: &mut FieldErrors,
) -> i32 {
    match typed.trim().parse() {
        Ok(number) if range.contains(&number) => number,
        _ => {
            let (from, to) = (
                thousands((*range.start()).into()),
                thousands((*range.end()).into()),
            );
            errors.add(field, format!("Enter a whole number from {from} to {to}."));
            *range.start()
        }
    }
}

/// A name as typed, cleaned, or a note on what is wrong with it; `words` say what it is the name of.
pub fn name(
    field: &'static str,
    words: &str,
    longest: usize,
    typed: &str,
    errors: &mut FieldErrors,
) -> Option<String> {
    let name = clean(typed);
    if name.is_empty() {
        errors.add(field, format!("Enter a {words}."));
    } else if name.chars().count() > longest {
        errors.add(
            field,
            format!("Enter a {words} of at most {longest} characters."),
        );
    } else if has_control(&name) {
        errors.add(
            field,
            format!("Enter a {words} without control characters."),
        );
    } else {
        return Some(name);
    }
    None
}

/// A sentence that begins with a capital letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{counted, cut, fold, like_literal, sort_key, thousands};

    #[test]
    fn sorts_as_people_do() {
        let mut names = ["Zoë", "Évora", "zoe", "Łódź", "Eva", "Acme", "apple"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            ["Acme", "apple", "Eva", "Évora", "Łódź", "zoe", "Zoë"]
        );
    }

    #[test]
    fn folds_case_beyond_ascii() {
        assert_eq!(fold("MU\u{308}LLER Θ"), "müller θ");
    }

    #[test]
    fn words_and_numbers() {
        assert_eq!(like_literal(r"50%_\"), r"50\%\_\\");
        assert_eq!(cut("Zoë", 2), "Zo");
        assert_eq!(
            (thousands(12), thousands(1_234_567)),
            ("12".into(), "1,234,567".into())
        );
        assert_eq!(counted(0, "job", "jobs"), "no jobs");
        assert_eq!(counted(1, "job", "jobs"), "1 job");
    }
}
