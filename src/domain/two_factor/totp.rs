//! The secret that an authenticator app shares with us, and its codes (RFC 6238: SHA-1, 6 digits, steps of 30 seconds,
//! one step either way).

use chrono::NaiveDateTime;
use totp_rs::{Builder, Totp};

use crate::domain::keys::{Keys, random};
use crate::domain::text::cut;
use crate::error::Error;

/// What authenticator apps show above the code.
const ISSUER: &str = "Tenantry";
/// Characters of the email in the address that the QR code holds; with more it would be hard to scan.
const LONGEST_LABEL: usize = 64;

/// A secret of 160 bits, as RFC 4226 recommends.
pub struct Secret([u8; 20]);

impl Secret {
    /// A fresh one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(random())
    }

    /// The secret as it is kept: sealed for this user, in whose row alone it opens.
    #[must_use]
    pub fn seal_for(&self, keys: &Keys, user: i64) -> String {
        self.seal(keys, &at_rest(user))
    }

    /// Opens what [`Secret::seal_for`] made for the same user.
    pub(super) fn open_of(keys: &Keys, user: i64, sealed: &str) -> Option<Self> {
        Self::open(keys, &at_rest(user), sealed)
    }

    /// The secret sealed for one purpose.
    pub(super) fn seal(&self, keys: &Keys, purpose: &str) -> String {
        keys.seal(purpose, &self.0)
    }

    /// Opens what [`Secret::seal`] made for the same purpose.
    pub(super) fn open(keys: &Keys, purpose: &str, sealed: &str) -> Option<Self> {
        let bytes = keys.open(purpose, sealed)?;
        bytes.try_into().ok().map(Self)
    }

    /// The time step that `code` belongs to, if it is the one of now, of the step before or of the step after.
    ///
    /// # Errors
    /// Only when the parameters were wrong.
    pub fn step_of(&self, code: &str, now: NaiveDateTime) -> Result<Option<i64>, Error> {
        let seconds = u64::try_from(now.and_utc().timestamp()).unwrap_or_default();
        let step = self.totp("")?.check(code, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    /// The secret as it is typed into an app: base32, in groups of four.
    ///
    /// # Errors
    /// Only when the parameters were wrong.
    pub fn typed_key(&self) -> Result<String, Error> {
        let text = self.totp("")?.secret().to_base32();
        let groups: Vec<_> = text
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        Ok(groups.join(" "))
    }

    /// The secret as an `otpauth:` address, which a QR code holds; `email` tells it from others in the app.
    ///
    /// # Errors
    /// When `email` cannot stand in one.
    pub fn address(&self, email: &str) -> Result<String, Error> {
        let label = cut(email, LONGEST_LABEL);
        self.totp(label)?.to_url().map_err(Error::internal)
    }

    fn totp(&self, label: &str) -> Result<Totp, Error> {
        // SHA-1, 6 digits, 30 seconds and one step either way are what the builder begins with.
        Builder::new()
            .with_secret(self.0)
            .with_issuer(Some(ISSUER))
            .with_account_name(label)
            .build()
            .map_err(Error::internal)
    }
}

/// What a stored secret is sealed for.
pub(in crate::domain) fn at_rest(user: i64) -> String {
    format!("totp.{user}")
}

#[cfg(test)]
mod tests {
    use super::Secret;
    use chrono::DateTime;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of its eight digits.
        let secret = Secret(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds / 30;
            let at = |seconds: i64| {
                let now = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
                secret.step_of(code, now).unwrap()
            };
            assert_eq!(at(seconds), Some(step));
            assert_eq!(at(seconds + 30), Some(step), "a step late");
            assert_eq!(at(seconds - 30), Some(step), "a step early");
            assert_eq!(at(seconds + 60), None, "two steps late");
        }
        assert_eq!(
            secret.typed_key().unwrap(),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
    }

    #[test]
    fn addresses_hold_emails_of_any_kind() {
        let secret = Secret(*b"12345678901234567890");
        let address = secret.address("zoë+1@alder.example").unwrap();
        assert!(
            address.starts_with("otpauth://totp/Tenantry:zo%C3%AB%2B1%40alder"),
            "{address}"
        );
        let long = format!("{}@alder.example", "ø".repeat(240));
        assert!(secret.address(&long).unwrap().len() < 600);
    }
}
