//! The organization's password policy: its rules, and the one place that judges a password.

mod editing;
mod refusal;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::common_password::is_common;
use super::text::{fold, has_control};
use super::user::never;
use crate::db::schema::{accounts, password_policies as table};
use crate::db::{Db, Tx};
use crate::error::Error;

pub use editing::{EditPolicy, reset, update};
pub use refusal::Refusal;

/// No password is longer, in characters.
const LONGEST: usize = 256;
/// Shorter parts of a name are too common to be forbidden.
const SHORTEST_PART: usize = 3;
/// The symbols of a new organization's policy.
const SYMBOLS: &str = r#"!@#$%^&*()_+-=[]{}|;:'",.<>/?`~\"#;

/// The rules for passwords of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct Policy {
    /// Characters, 8 to 40.
    pub min_length: i32,
    /// Upper-case letters, 0 to 10.
    pub min_uppercase: i32,
    /// Lower-case letters, 0 to 10.
    pub min_lowercase: i32,
    /// Digits 0 to 9, 0 to 10 of them.
    pub min_numbers: i32,
    /// Characters of the symbol set, 0 to 10.
    pub min_symbols: i32,
    /// What counts as a symbol.
    pub symbol_character_set: String,
    /// How many former passwords cannot be used again, 0 to 9.
    pub previous_password_count: i32,
    /// Days after which a password has to be changed; 0 for never.
    pub expiration_days: i32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            min_length: 8,
            min_uppercase: 1,
            min_lowercase: 1,
            min_numbers: 1,
            min_symbols: 1,
            symbol_character_set: SYMBOLS.to_owned(),
            previous_password_count: 3,
            expiration_days: 0,
        }
    }
}

/// One line of the checklist under a password field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// A stable word for the browser's live check.
    pub code: &'static str,
    /// How many are needed.
    pub need: i32,
    /// The rule in words, to stand after "The password needs".
    pub text: String,
}

/// A password that the policy accepted, or that was just proven to be in use. Without one nothing can be hashed.
pub struct Accepted(String);

impl Accepted {
    /// A password that was just found to be the user's own, to be hashed again with other parameters.
    pub(super) fn proven(password: &str) -> Self {
        Self(password.to_owned())
    }

    /// The password itself.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whose password it is to be: none of these may be part of it.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// First name, as typed.
    pub first_name: &'a str,
    /// Last name, as typed.
    pub last_name: &'a str,
    /// Email, as typed.
    pub email: &'a str,
}

impl Policy {
    /// The policy of `organization`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of_organization(db: &mut Db, organization: i64) -> Result<Self, Error> {
        Ok(table::table
            .find(organization)
            .select(Self::as_select())
            .first(db)?)
    }

    /// The policy that holds in `account`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of_account(db: &mut Db, account: i64) -> Result<Self, Error> {
        let organization = accounts::table
            .find(account)
            .select(accounts::organization_id)
            .first(db)?;
        Self::of_organization(db, organization)
    }

    /// Whether a password that was set at `changed` has to be changed at `now`. One that somebody else set stands as if
    /// it were set in 1970, and has to whatever the policy says.
    #[must_use]
    pub fn has_expired(&self, changed: NaiveDateTime, now: NaiveDateTime) -> bool {
        changed == never()
            || self.expiration_days > 0
                && now - changed >= TimeDelta::days(self.expiration_days.into())
    }

    /// The rules in words, in the order in which they are shown.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = vec![Rule {
            code: "length",
            need: self.min_length,
            text: format!("at least {} characters", self.min_length),
        }];
        for (code, need, one, many) in [
            (
                "uppercase",
                self.min_uppercase,
                "uppercase letter",
                "uppercase letters",
            ),
            (
                "lowercase",
                self.min_lowercase,
                "lowercase letter",
                "lowercase letters",
            ),
            ("numbers", self.min_numbers, "number", "numbers"),
            ("symbols", self.min_symbols, "symbol", "symbols"),
        ] {
            if need > 0 {
                rules.push(Rule {
                    code,
                    need,
                    text: if need == 1 {
                        format!("1 {one}")
                    } else {
                        format!("{need} {many}")
                    },
                });
            }
        }
        rules.push(Rule {
            code: "names",
            need: 1,
            text: "no part of the name or email".to_owned(),
        });
        rules.push(Rule {
            code: "common",
            need: 1,
            text: "no place among the 10,000 most common".to_owned(),
        });
        rules
    }

    /// The rules that no policy changes, and that nobody has to be told before.
    fn bounds() -> [Rule; 2] {
        [
            Rule {
                code: "longest",
                need: 1,
                text: format!("at most {LONGEST} characters"),
            },
            Rule {
                code: "control",
                need: 1,
                text: "no control characters".to_owned(),
            },
        ]
    }

    /// Accepts `password` for `owner`, or names every rule that is still open, in one sentence.
    ///
    /// # Errors
    /// The sentence.
    pub fn accept(&self, password: &str, owner: Owner<'_>) -> Result<Accepted, Refusal> {
        let rules = self.rules().into_iter().chain(Self::bounds());
        let open: Vec<Rule> = rules
            .filter(|rule| self.found(rule.code, password, owner) < rule.need)
            .collect();
        if open.is_empty() {
            return Ok(Accepted(password.to_owned()));
        }
        Err(Refusal::of(open, password, owner))
    }

    fn found(&self, code: &str, password: &str, owner: Owner<'_>) -> i32 {
        let count = |test: &dyn Fn(char) -> bool| {
            i32::try_from(password.chars().filter(|c| test(*c)).count()).unwrap_or(i32::MAX)
        };
        match code {
            "length" => count(&|_| true),
            "uppercase" => count(&char::is_uppercase),
            "lowercase" => count(&char::is_lowercase),
            "numbers" => count(&|c| c.is_ascii_digit()),
            "symbols" => count(&|c| self.symbol_character_set.contains(c)),
            "longest" => i32::from(password.chars().count() <= LONGEST),
            "control" => i32::from(!has_control(password)),
            "names" => {
                let mut parts = owner.parts().into_iter();
                i32::from(!parts.any(|(_, text)| has_part_of(password, text)))
            }
            _ => i32::from(!is_common(password)),
        }
    }
}

impl<'a> Owner<'a> {
    /// What must not be part of the password, and what it is called.
    fn parts(&self) -> [(&'static str, &'a str); 3] {
        let local = self.email.split('@').next().unwrap_or_default();
        [
            ("first name", self.first_name),
            ("last name", self.last_name),
            ("username", local),
        ]
    }
}

/// Whether `password` holds a part of `text`, in any letter case.
fn has_part_of(password: &str, text: &str) -> bool {
    let (password, text) = (fold(password), fold(text));
    text.split(|c: char| !c.is_alphanumeric())
        .any(|part| part.chars().count() >= SHORTEST_PART && password.contains(part))
}

/// Gives a new organization the default policy.
///
/// # Errors
/// When the database cannot be written.
pub fn create_default(tx: &mut Tx<'_>, organization: i64) -> Result<(), Error> {
    let policy = Policy::default();
    diesel::insert_into(table::table)
        .values((
            table::organization_id.eq(organization),
            table::min_length.eq(policy.min_length),
            table::min_uppercase.eq(policy.min_uppercase),
            table::min_lowercase.eq(policy.min_lowercase),
            table::min_numbers.eq(policy.min_numbers),
            table::min_symbols.eq(policy.min_symbols),
            table::symbol_character_set.eq(policy.symbol_character_set),
            table::previous_password_count.eq(policy.previous_password_count),
            table::expiration_days.eq(policy.expiration_days),
        ))
        .execute(tx.db())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Owner, Policy};
    use crate::domain::actor::Channel;

    const ZOE: Owner<'static> = Owner {
        first_name: "Zoë",
        last_name: "Müller-Li",
        email: "z.m99x@alder.example",
    };

    fn open(password: &str) -> String {
        Policy::default()
            .accept(password, ZOE)
            .err()
            .map(String::from)
            .unwrap_or_default()
    }

    #[test]
    fn every_open_rule_is_named_at_once() {
        assert_eq!(
            open("xyq"),
            "The password needs at least 8 characters, 1 uppercase letter, 1 number and 1 symbol."
        );
        assert_eq!(open("Correct-Horse-7"), "");
        assert_eq!(open("Straße-ÄÖÜ-7"), "");
        assert_eq!(
            open("CORRECT-HORSE-7"),
            "The password needs 1 lowercase letter."
        );
        assert_eq!(open("Correct-Horse-٧"), "The password needs 1 number.");
    }

    #[test]
    fn parts_of_names_are_refused_from_three_letters_on() {
        for bad in ["Horse-ZOË-77", "xMÜLLERx-77", "Horse-m99X-7"] {
            assert_eq!(
                open(bad),
                "The password needs no part of the name or email.",
                "{bad}"
            );
        }
        assert_eq!(open("Li-Correct-77"), "");
    }

    #[test]
    fn programs_are_told_in_words_of_their_own() {
        let refusal = Policy::default().accept("m\u{fc}ller", ZOE).err();
        assert_eq!(
            refusal.map(|it| it.said_through(Channel::Api)).as_deref(),
            Some(
                "The password needs at least 8 characters, 1 uppercase letter, 1 numeric character, 1 special character \
                 and no part of the last name."
            )
        );
    }

    #[test]
    fn a_common_password_is_refused_in_any_letter_case() {
        assert_eq!(
            open("P@sSw0rd"),
            "The password needs no place among the 10,000 most common."
        );
        assert_eq!(
            open("PASSWORD1"),
            "The password needs 1 lowercase letter, 1 symbol and no place among the 10,000 most common."
        );
    }

    #[test]
    fn what_is_not_asked_for_is_no_rule() {
        let policy = Policy {
            min_lowercase: 0,
            min_numbers: 0,
            min_symbols: 1,
            ..Policy::default()
        };
        let codes: Vec<_> = policy.rules().iter().map(|rule| rule.code).collect();
        assert!(codes.contains(&"symbols"));
        assert!(!codes.contains(&"lowercase") && !codes.contains(&"numbers"));
    }

    #[test]
    fn length_is_bounded() {
        assert!(open(&format!("Aa1!{}", "x".repeat(252))).is_empty());
        assert_eq!(
            open(&format!("Aa1{}\n", "x".repeat(253))),
            "The password needs 1 symbol, at most 256 characters and no control characters."
        );
    }

    #[test]
    fn without_a_password_a_page_asks_for_one_and_a_program_is_told_the_rules() {
        assert_eq!(open(""), "Enter a password.");
        let refusal = Policy::default().accept("", ZOE).err();
        assert_eq!(
            refusal.map(|it| it.said_through(Channel::Api)).as_deref(),
            Some(
                "The password needs at least 8 characters, 1 uppercase letter, 1 lowercase letter, 1 numeric character and \
                 1 special character."
            )
        );
    }
}
