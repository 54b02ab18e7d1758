//! User and organization secrets: how they are made, found and kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::keys::{Keys, random};

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
        Self::new(keys, "user-secret", STANDARD.encode(random::<32>()))
    }

    /// An organization secret: 32 lower-case hex digits.
    #[must_use]
    pub fn for_organization(keys: &Keys) -> Self {
        Self::new(keys, "organization-secret", hex::encode(random::<16>()))
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
