//! Changing the password policy, and going back to the default.

use diesel::prelude::*;
use serde::Deserialize;

use super::Policy;
use crate::db::Tx;
use crate::db::schema::password_policies as table;
use crate::domain::audit::{self, Code, Details};
use crate::domain::organization::Organization;
use crate::domain::permit::{ModifySecurity, Permit};
use crate::domain::text::whole_number;
use crate::error::{Error, FieldErrors};

/// The form Password Configuration, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EditPolicy {
    /// Characters.
    pub min_length: String,
    /// Upper-case letters.
    pub min_uppercase: String,
    /// Lower-case letters.
    pub min_lowercase: String,
    /// Digits.
    pub min_numbers: String,
    /// Symbols.
    pub min_symbols: String,
    /// What counts as a symbol.
    pub symbol_character_set: String,
    /// Former passwords that cannot be used again.
    pub previous_password_count: String,
    /// Days until a password expires.
    pub expiration_days: String,
}

impl From<&Policy> for EditPolicy {
    fn from(policy: &Policy) -> Self {
        Self {
            min_length: policy.min_length.to_string(),
            min_uppercase: policy.min_uppercase.to_string(),
            min_lowercase: policy.min_lowercase.to_string(),
            min_numbers: policy.min_numbers.to_string(),
            min_symbols: policy.min_symbols.to_string(),
            symbol_character_set: policy.symbol_character_set.clone(),
            previous_password_count: policy.previous_password_count.to_string(),
            expiration_days: policy.expiration_days.to_string(),
        }
    }
}

impl EditPolicy {
    fn check(&self) -> Result<Policy, Error> {
        let mut errors = FieldErrors::default();
        let mut number = |field, typed: &str, range| whole_number(field, typed, range, &mut errors);
        let mut policy = Policy {
            min_length: number("min_length", &self.min_length, 8..=40),
            min_uppercase: number("min_uppercase", &self.min_uppercase, 0..=10),
            min_lowercase: number("min_lowercase", &self.min_lowercase, 0..=10),
            min_numbers: number("min_numbers", &self.min_numbers, 0..=10),
            min_symbols: number("min_symbols", &self.min_symbols, 0..=10),
            symbol_character_set: String::new(),
            previous_password_count: number(
                "previous_password_count",
                &self.previous_password_count,
                0..=9,
            ),
            expiration_days: number("expiration_days", &self.expiration_days, 0..=i32::MAX),
        };
        let symbols: String = self.symbol_character_set.trim().to_owned();
        let odd = |c: char| c.is_alphanumeric() || c.is_whitespace() || c.is_control();
        if symbols.is_empty() && policy.min_symbols > 0 {
            errors.add(
                "symbol_character_set",
                "Enter at least one symbol, or ask for 0 symbols.",
            );
        } else if symbols.chars().count() > 100 || symbols.contains(odd) {
            errors.add(
                "symbol_character_set",
                "Enter up to 100 symbols, without letters, numbers and blanks.",
            );
        }
        policy.symbol_character_set = symbols;
        errors.into_result()?;
        Ok(policy)
    }
}

/// Changes the policy. Passwords in use stay valid until they are changed or have expired.
///
/// # Errors
/// [`Error::Invalid`] for a number out of its range, or symbols that are none.
pub fn update(
    tx: &mut Tx<'_>,
    permit: &Permit<ModifySecurity>,
    input: &EditPolicy,
) -> Result<(), Error> {
    write(tx, permit, &input.check()?)
}

/// Goes back to the default policy.
///
/// # Errors
/// When the database cannot be written.
pub fn reset(tx: &mut Tx<'_>, permit: &Permit<ModifySecurity>) -> Result<(), Error> {
    write(tx, permit, &Policy::default())
}

fn write(tx: &mut Tx<'_>, permit: &Permit<ModifySecurity>, after: &Policy) -> Result<(), Error> {
    let organization = Organization::find(tx.db(), permit.reach.organization())?;
    let before = Policy::of_organization(tx.db(), organization.id)?;
    let mut noted = Details::default();
    noted.changed("minLength", &before.min_length, &after.min_length);
    noted.changed("minUppercase", &before.min_uppercase, &after.min_uppercase);
    noted.changed("minLowercase", &before.min_lowercase, &after.min_lowercase);
    noted.changed("minNumbers", &before.min_numbers, &after.min_numbers);
    noted.changed("minSymbols", &before.min_symbols, &after.min_symbols);
    noted.changed(
        "symbolCharacterSet",
        &before.symbol_character_set,
        &after.symbol_character_set,
    );
    noted.changed(
        "previousPasswordCount",
        &before.previous_password_count,
        &after.previous_password_count,
    );
    noted.changed(
        "expirationDays",
        &before.expiration_days,
        &after.expiration_days,
    );
    if noted.is_empty() {
        return Ok(());
    }
    diesel::update(table::table.find(organization.id))
        .set((
            table::min_length.eq(after.min_length),
            table::min_uppercase.eq(after.min_uppercase),
            table::min_lowercase.eq(after.min_lowercase),
            table::min_numbers.eq(after.min_numbers),
            table::min_symbols.eq(after.min_symbols),
            table::symbol_character_set.eq(&after.symbol_character_set),
            table::previous_password_count.eq(after.previous_password_count),
            table::expiration_days.eq(after.expiration_days),
        ))
        .execute(tx.db())?;
    let by = (&permit.actor).into();
    audit::record(tx, &by, Code::PolicyUpdated, &organization.target(), &noted)
}

#[cfg(test)]
mod tests {
    use super::EditPolicy;

    fn fits(min_symbols: &str, symbols: &str) -> bool {
        let form = EditPolicy {
            min_length: "8".to_owned(),
            min_uppercase: "1".to_owned(),
            min_lowercase: "1".to_owned(),
            min_numbers: "1".to_owned(),
            min_symbols: min_symbols.to_owned(),
            symbol_character_set: symbols.to_owned(),
            previous_password_count: "3".to_owned(),
            expiration_days: "0".to_owned(),
        };
        form.check().is_ok()
    }

    #[test]
    fn symbols_are_up_to_a_hundred_and_none_only_where_none_is_asked_for() {
        assert!(fits("0", "") && fits("0", "!"));
        assert!(!fits("1", ""));
        assert!(fits("1", &"!".repeat(99)) && fits("1", &"!".repeat(100)));
        assert!(!fits("1", &"!".repeat(101)));
        assert!(!fits("1", "!a") && !fits("0", "7"));
        assert!(!fits("1", "! #") && !fits("1", "!\u{7}#"));
    }
}
