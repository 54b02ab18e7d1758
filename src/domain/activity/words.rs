//! Events in words: what happened, by whom, on what, from where.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Event;
use crate::domain::audit;
use crate::domain::text::capital;

/// Where the short words of a code lean on their place in a list about one user, these stand on their own.
const LONG: [(&str, &str); 15] = [
    ("account.created", "Created an account"),
    ("account.updated", "Edited an account"),
    ("account.deactivated", "Deactivated an account"),
    ("account.activated", "Activated an account"),
    ("account.deleted", "Deleted an account"),
    ("user.created", "Added a user"),
    ("user.updated", "Edited a user"),
    ("user.deactivated", "Deactivated a user"),
    ("user.activated", "Activated a user"),
    ("user.deleted", "Deleted a user"),
    ("user.sessions-ended", "Ended sessions"),
    ("user.locked", "Locked after wrong passwords or codes"),
    ("user.two-factor-reset", "Reset 2FA of a user"),
    ("user.unlocked", "Unlocked a user"),
    ("role.updated", "Changed the privileges of a role"),
];

/// A code in words; one that is not known is its own word.
fn words(code: &str) -> &str {
    let long = LONG.into_iter().find(|(key, _)| *key == code);
    long.map_or_else(|| audit::short(code), |(_, words)| words)
}

/// Every kind of event that can be asked for: code and words, by the words.
#[must_use]
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    let mut kinds: Vec<_> = audit::codes().map(|(key, _)| (key, words(key))).collect();
    kinds.sort_by_key(|(_, words)| *words);
    kinds
}

/// Before and after of one field, or a fact that has no before.
pub struct Change {
    /// The field, as its label.
    pub field: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: String,
}

/// Before and after of one field, as they were written.
#[derive(Deserialize)]
pub struct Stored {
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: String,
}

pub(super) fn stored(details: &str) -> BTreeMap<String, Stored> {
    // `Details` writes this column, and the demo as `Details` would.
    serde_json::from_str(details).unwrap_or_default()
}

impl Event {
    /// What happened.
    #[must_use]
    pub fn what(&self) -> &str {
        words(&self.code)
    }

    /// Whether it was refused.
    #[must_use]
    pub fn refused(&self) -> bool {
        self.outcome == "refused"
    }

    /// Who did it, and under which email.
    #[must_use]
    pub fn who(&self) -> (&str, &str) {
        match (self.actor_name.as_str(), self.channel.as_str()) {
            ("", "command line") => ("Command line", "no user"),
            ("", "server") => ("Tenantry", "no user"),
            ("", _) => ("Nobody", "not signed in"),
            (name, _) => (name, &self.actor_email),
        }
    }

    /// The kind of what it was done to, with its id.
    #[must_use]
    pub fn target(&self) -> String {
        let kind = capital(&self.target_kind);
        match self.target_id {
            Some(id) => format!("{kind} {id}"),
            None => kind,
        }
    }

    /// Through what it was done.
    #[must_use]
    pub fn through(&self) -> String {
        capital(&self.channel)
    }

    /// What changed, by field, as it was written.
    #[must_use]
    pub fn details(&self) -> BTreeMap<String, Stored> {
        stored(&self.details)
    }

    /// What changed, in words.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        stored(&self.details)
            .into_iter()
            .map(|(field, stored)| Change {
                field: label(&field),
                before: stored.before.map(plain),
                after: plain(stored.after),
            })
            .collect()
    }
}

/// `lastName` as `Last Name`.
fn label(field: &str) -> String {
    let mut label = String::with_capacity(field.len() + 4);
    for letter in field.chars() {
        if letter.is_uppercase() {
            label.push(' ');
        }
        label.push(letter);
    }
    capital(&label)
}

fn plain(value: String) -> String {
    match value.as_str() {
        "true" => "Yes".to_owned(),
        "false" => "No".to_owned(),
        "" => "none".to_owned(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, kinds, label, words};
    use crate::domain::audit;

    #[test]
    fn every_code_has_words_of_its_own() {
        let mut all: Vec<_> = kinds().into_iter().map(|(_, words)| words).collect();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count, "no two alike: {all:?}");
        assert_eq!(words("user.frobbed"), "user.frobbed");
        for (key, _) in LONG {
            assert!(audit::codes().any(|(known, _)| known == key), "{key}");
        }
    }

    #[test]
    fn fields_are_labels() {
        assert_eq!(label("lastName"), "Last Name");
        assert_eq!(label("email"), "Email");
    }
}
