//! Password hashes: Argon2id, made and checked with the installation's parameters.

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use super::password_policy::Accepted;
use crate::error::Error;

/// A password's hash, in PHC text form. Only [`Hasher::hash`] makes one, and only from a password that the policy accepted.
#[derive(Clone)]
pub struct Hash(String);

impl Hash {
    /// The text that is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a check of a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, but hashed with other parameters than today's.
    RightButOld,
}

/// Argon2id (RFC 9106) with one lane.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    memory: u32,
    passes: u32,
    /// Checked when there is no user, so that both cases take as long.
    decoy: String,
}

impl Hasher {
    /// A hasher with `memory` KiB and `passes` passes.
    ///
    /// # Errors
    /// A sentence that names the setting, when Argon2 refuses the parameters.
    pub fn new(memory: u32, passes: u32) -> Result<Self, String> {
        let params = Params::new(memory, passes, 1, None).map_err(|error| {
            format!("TENANTRY_ARGON2_MEMORY or TENANTRY_ARGON2_PASSES: {error}.")
        })?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = argon2
            .hash_password(b"nobody", &SaltString::generate(&mut OsRng))
            .map_err(|error| error.to_string())?
            .to_string();
        Ok(Self {
            argon2,
            memory,
            passes,
            decoy,
        })
    }

    /// Hashes a password with a fresh salt. Slow on purpose: never inside a transaction or on an async thread.
    ///
    /// # Errors
    /// When Argon2 fails, for instance for want of memory.
    pub fn hash(&self, password: &Accepted) -> Result<Hash, Error> {
        let salt = SaltString::generate(&mut OsRng);
        let hash = self
            .argon2
            .hash_password(password.as_str().as_bytes(), &salt)
            .map_err(|error| Error::internal(format!("argon2: {error}")))?;
        Ok(Hash(hash.to_string()))
    }

    /// Hashes a password unless it is one of these former ones; each of them takes as long to compare as a sign-in.
    ///
    /// # Errors
    /// When Argon2 fails.
    pub fn hash_unless_used(
        &self,
        password: &Accepted,
        former: &[String],
    ) -> Result<Option<Hash>, Error> {
        let used = former
            .iter()
            .any(|hash| self.verify(password.as_str(), Some(hash)) != Verdict::Wrong);
        if used {
            return Ok(None);
        }
        self.hash(password).map(Some)
    }

    /// Checks `password` against a stored hash; without one, against a decoy, which takes as long and is never right.
    #[must_use]
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Verdict {
        let Ok(parsed) = PasswordHash::new(stored.unwrap_or(&self.decoy)) else {
            return Verdict::Wrong;
        };
        let right = self
            .argon2
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        if !right || stored.is_none() {
            return Verdict::Wrong;
        }
        let today = Params::try_from(&parsed).is_ok_and(|params| {
            params.m_cost() == self.memory && params.t_cost() == self.passes && params.p_cost() == 1
        }) && parsed.algorithm == Algorithm::Argon2id.ident();
        if today {
            Verdict::Right
        } else {
            Verdict::RightButOld
        }
    }
}
