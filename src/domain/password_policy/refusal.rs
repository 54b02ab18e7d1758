//! Why a password was not accepted, in the words of a page and in those that scripts look for.

use super::{Owner, Rule, has_part_of};
use crate::domain::actor::Channel;

/// A password that was not accepted: what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    sentence: String,
    for_programs: String,
}

impl Refusal {
    /// What the rules that are still open say.
    pub(super) fn of(open: Vec<Rule>, password: &str, owner: Owner<'_>) -> Self {
        let for_programs: Vec<String> = open
            .iter()
            .map(|rule| rule.for_programs(password, owner))
            .collect();
        let words: Vec<String> = open.into_iter().map(|rule| rule.text).collect();
        Self {
            // Whoever typed nothing sees the rules beside the box.
            sentence: if password.is_empty() {
                "Enter a password.".to_owned()
            } else {
                needs(&words)
            },
            for_programs: needs(&for_programs),
        }
    }

    /// The sentence that says it; through the API in the words that scripts look for.
    #[must_use]
    pub fn said_through(self, channel: Channel) -> String {
        match channel {
            Channel::Api => self.for_programs,
            _ => self.sentence,
        }
    }
}

impl From<Refusal> for String {
    fn from(refusal: Refusal) -> Self {
        refusal.sentence
    }
}

impl Rule {
    fn count_of(&self, one: &str) -> String {
        let many = if self.need == 1 { "" } else { "s" };
        format!("{} {one}{many}", self.need)
    }

    /// The rule in the words that scripts look for.
    fn for_programs(&self, password: &str, owner: Owner<'_>) -> String {
        match self.code {
            "numbers" => self.count_of("numeric character"),
            "symbols" => self.count_of("special character"),
            "names" => {
                let parts = owner.parts().into_iter();
                let found = parts.filter(|(_, text)| has_part_of(password, text));
                let words: Vec<_> = found.map(|(word, _)| word).collect();
                format!("no part of the {}", words.join(" or the "))
            }
            _ => self.text.clone(),
        }
    }
}

/// The sentence for what is still open.
fn needs(open: &[String]) -> String {
    match open {
        [before @ .., last] if !before.is_empty() => {
            format!("The password needs {} and {last}.", before.join(", "))
        }
        _ => format!("The password needs {}.", open.concat()),
    }
}
