//! User and organization secrets: how they are made, found and kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::keys::{Keys, random};
use crate::error::Error;

const USER: &str = "user-secret";
const ORGANIZATION: &str = "organization-secret";

/// The digest by which a user secret is found.
#[must_use]
pub fn digest_of_user(keys: &Keys, plain: &str) -> String {
    keys.digest(USER, plain)
}

/// The digest by which an organization secret is found.
#[must_use]
pub fn digest_of_organization(keys: &Keys, plain: &str) -> String {
    keys.digest(ORGANIZATION, plain)
}

/// An organization secret from its sealed text.
///
/// # Errors
/// When it was sealed by another key.
pub fn open_organization(keys: &Keys, sealed: &str) -> Result<String, Error> {
    open(keys, ORGANIZATION, sealed)
}

/// A user secret from its sealed text.
///
/// # Errors
/// When it was sealed by another key.
pub fn open_user(keys: &Keys, sealed: &str) -> Result<String, Error> {
    open(keys, USER, sealed)
}

fn open(keys: &Keys, purpose: &str, sealed: &str) -> Result<String, Error> {
    let plain = keys.open(purpose, sealed);
    plain
        .and_then(|plain| String::from_utf8(plain).ok())
        .ok_or_else(|| Error::internal("a secret cannot be unsealed"))
}

/// A fresh secret, with the two forms in which it is stored.
pub struct Secret {
    /// What its owner is given.
    pub plain: String,
    /// The keyed digest it is found by.
    pub digest: String,
    /// The sealed text its owner can read it from again.
    pub sealed: String,
}

impl Secret {
    /// A user secret: 32 random bytes as base64.
    #[must_use]
    pub fn for_user(keys: &Keys) -> Self {
        Self::new(keys, USER, STANDARD.encode(random::<32>()))
    }

    /// An organization secret: 32 lower-case hex digits.
    #[must_use]
    pub fn for_organization(keys: &Keys) -> Self {
        Self::new(keys, ORGANIZATION, hex::encode(random::<16>()))
    }

    fn new(keys: &Keys, purpose: &str, plain: String) -> Self {
        let digest = keys.digest(purpose, &plain);
        let sealed = keys.seal(purpose, plain.as_bytes());
        Self {
            plain,
            digest,
            sealed,
        }
    }
}
