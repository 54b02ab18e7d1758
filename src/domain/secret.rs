//! User and organization secrets: how they are made, found and kept, read again and replaced.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;

use super::audit::{self, Code, Details};
use super::confirmation::Confirmed;
use super::keys::{Keys, random};
use super::organization::Organization;
use super::permit::{ModifySecurity, Permit};
use crate::db::Tx;
use crate::db::schema::{organizations, users};
use crate::error::Error;

/// What user secrets are digested and sealed for.
pub const OF_USER: &str = "user-secret";
/// What organization secrets are digested and sealed for.
pub const OF_ORGANIZATION: &str = "organization-secret";

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
        Self::new(keys, OF_USER, STANDARD.encode(random::<32>()))
    }

    /// An organization secret: 32 lower-case hex digits.
    #[must_use]
    pub fn for_organization(keys: &Keys) -> Self {
        Self::new(keys, OF_ORGANIZATION, hex::encode(random::<16>()))
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

/// Reads the actor's own user secret.
///
/// # Errors
/// When the database cannot be used, or the secret was sealed with another key.
pub fn reveal_own(
    tx: &mut Tx<'_>,
    keys: &Keys,
    Confirmed { actor }: &Confirmed<'_>,
) -> Result<String, Error> {
    let sealed: String = users::table
        .find(actor.id)
        .select(users::secret_sealed)
        .first(tx.db())?;
    let (by, noted) = ((*actor).into(), Details::default());
    audit::record(tx, &by, Code::SecretRevealed, &actor.target(), &noted)?;
    open(keys, OF_USER, &sealed)
}

/// Reads the secret of the organization. It stands for everybody in it, so only who could replace it reads it.
///
/// # Errors
/// As [`reveal_own`].
pub fn reveal_of_organization(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<ModifySecurity>,
    _: &Confirmed<'_>,
) -> Result<String, Error> {
    tell_of_organization(tx, keys, permit)
}

/// The same for a program, which has shown its own pair and has nobody to ask for a password.
///
/// # Errors
/// As [`reveal_own`].
pub fn tell_of_organization(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<ModifySecurity>,
) -> Result<String, Error> {
    let (organization, sealed): (Organization, String) = organizations::table
        .find(permit.reach.organization())
        .select((Organization::as_select(), organizations::secret_sealed))
        .first(tx.db())?;
    let by = (&permit.actor).into();
    let (target, noted) = (organization.target(), Details::default());
    audit::record(tx, &by, Code::SecretRevealed, &target, &noted)?;
    open(keys, OF_ORGANIZATION, &sealed)
}

/// A secret from its sealed text; `purpose` is what it is sealed for.
///
/// # Errors
/// When it was sealed with another key.
pub fn open(keys: &Keys, purpose: &str, sealed: &str) -> Result<String, Error> {
    keys.open(purpose, sealed)
        .and_then(|plain| String::from_utf8(plain).ok())
        .ok_or_else(|| Error::Internal(format!("a sealed {purpose} does not open")))
}

/// Replaces the actor's own user secret: the old one stops working at once.
///
/// # Errors
/// When the database cannot be written.
pub fn reset_own(
    tx: &mut Tx<'_>,
    keys: &Keys,
    Confirmed { actor }: &Confirmed<'_>,
) -> Result<(), Error> {
    let secret = Secret::for_user(keys);
    diesel::update(users::table.find(actor.id))
        .set((
            users::secret_digest.eq(&secret.digest),
            users::secret_sealed.eq(&secret.sealed),
        ))
        .execute(tx.db())?;
    let (by, noted) = ((*actor).into(), Details::default());
    audit::record(tx, &by, Code::UserSecretReset, &actor.target(), &noted)
}
