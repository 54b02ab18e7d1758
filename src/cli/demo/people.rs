//! Draws people: a given name and a surname that go together, and how both are written in an email address.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use unicode_normalization::UnicodeNormalization as _;

use super::names::{CULTURES, Culture};

/// A name, and its form in an email address: small Latin letters and hyphens.
#[derive(Clone)]
pub struct Name {
    /// As its owner writes it.
    pub text: String,
    /// In an email address.
    pub latin: String,
}

/// A drawn person.
pub struct Person {
    /// Given name.
    pub first: Name,
    /// Surname.
    pub last: Name,
}

/// Every name list, taken apart once.
pub struct People(Vec<Lists>);

struct Lists {
    share: u32,
    women: Vec<Name>,
    men: Vec<Name>,
    women_surnames: Vec<Name>,
    men_surnames: Vec<Name>,
    companies: Vec<Name>,
    doubles: bool,
}

impl People {
    /// Takes the lists apart.
    #[must_use]
    pub fn new() -> Self {
        Self(CULTURES.iter().map(Lists::new).collect())
    }

    /// Draws a person.
    pub fn person(&self, rng: &mut StdRng) -> Person {
        let lists = self.lists(rng);
        let (given, surnames) = if rng.random_bool(0.5) {
            (&lists.women, &lists.women_surnames)
        } else {
            (&lists.men, &lists.men_surnames)
        };
        let first = pick(given, rng);
        let last = pick(surnames, rng);
        if lists.doubles && rng.random_ratio(1, 25) {
            let other = pick(surnames, rng);
            return Person {
                first: first.clone(),
                last: last.hyphened(other),
            };
        }
        Person {
            first: first.clone(),
            last: last.clone(),
        }
    }

    /// Draws a company that bears its founder's name.
    pub fn company(&self, rng: &mut StdRng) -> Name {
        let lists = self.lists(rng);
        let founder = pick(&lists.men_surnames, rng);
        let pattern = pick(&lists.companies, rng);
        Name {
            text: pattern.text.replace('*', &founder.text),
            latin: pattern.latin.replace('*', &founder.latin),
        }
    }

    fn lists(&self, rng: &mut StdRng) -> &Lists {
        let mut place = rng.random_range(0..100);
        for lists in &self.0 {
            if place < lists.share {
                return lists;
            }
            place -= lists.share;
        }
        &self.0[0]
    }
}

impl Lists {
    fn new(culture: &Culture) -> Self {
        let women_surnames = names(culture.women_surnames);
        let men_surnames = if culture.men_surnames.is_empty() {
            women_surnames.clone()
        } else {
            names(culture.men_surnames)
        };
        Self {
            share: culture.share,
            women: names(culture.women),
            men: names(culture.men),
            women_surnames,
            men_surnames,
            companies: culture.companies.split(", ").map(pattern).collect(),
            doubles: culture.doubles,
        }
    }
}

impl Name {
    /// Both names with a hyphen between them; the name itself when they are the same.
    fn hyphened(&self, other: &Self) -> Self {
        if self.text == other.text {
            return self.clone();
        }
        Self {
            text: format!("{}-{}", self.text, other.text),
            latin: format!("{}-{}", self.latin, other.latin),
        }
    }
}

/// One of `list`, which is a constant of ours and never empty.
pub fn pick<'a, T>(list: &'a [T], rng: &mut StdRng) -> &'a T {
    list.choose(rng).unwrap_or(&list[0])
}

fn names(list: &str) -> Vec<Name> {
    list.split(", ").map(name).collect()
}

fn name(entry: &str) -> Name {
    let (text, latin) = parts(entry);
    Name {
        text: text.to_owned(),
        latin: latin_letters(latin),
    }
}

/// A company's name with `*` for the founder, in whose Latin form words are joined by hyphens.
fn pattern(entry: &str) -> Name {
    let (text, latin) = parts(entry);
    let words = latin.split(' ').map(|word| match word {
        "*" => word.to_owned(),
        _ => latin_letters(word),
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    Name {
        text: text.to_owned(),
        latin: words.join("-"),
    }
}

/// An entry of a list: the name, and what its Latin letters are made from.
fn parts(entry: &str) -> (&str, &str) {
    entry.split_once('=').unwrap_or((entry, entry))
}

/// Latin text as small letters and hyphens, without accents, blanks and apostrophes.
#[must_use]
pub fn latin_letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for character in text.to_lowercase().nfd() {
        match character {
            'a'..='z' | '-' => letters.push(character),
            'ł' => letters.push('l'),
            'ø' => letters.push('o'),
            'đ' | 'ð' => letters.push('d'),
            'ı' => letters.push('i'),
            'ß' => letters.push_str("ss"),
            'æ' => letters.push_str("ae"),
            'þ' => letters.push_str("th"),
            // What NFD split off, and signs.
            _ => {}
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{CULTURES, Lists, latin_letters};

    #[test]
    fn every_name_has_latin_letters() {
        assert_eq!(
            CULTURES.iter().map(|culture| culture.share).sum::<u32>(),
            100
        );
        for culture in &CULTURES {
            let lists = Lists::new(culture);
            for name in [
                lists.women,
                lists.men,
                lists.women_surnames,
                lists.men_surnames,
            ]
            .concat()
            {
                assert!(name.latin.len() >= 2, "{}", name.text);
                assert!(!name.text.contains(['=', ',']), "{}", name.text);
            }
            for company in lists.companies {
                assert!(
                    company.latin.contains('*') && company.latin.len() > 3,
                    "{}",
                    company.text
                );
            }
        }
    }

    #[test]
    fn writes_accents_as_plain_letters() {
        assert_eq!(latin_letters("María-José"), "maria-jose");
        assert_eq!(latin_letters("Żółkiewski"), "zolkiewski");
        assert_eq!(latin_letters("Nguyễn Đặng"), "nguyendang");
        assert_eq!(latin_letters("O’Sullivan"), "osullivan");
    }
}
