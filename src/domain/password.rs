//! Password hashes: Argon2id, made and checked with the installation's parameters.

use std::cell::RefCell;

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{self, Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{ARGON2ID_IDENT, Argon2, Block, Params, Version};

use super::password_policy::Accepted;
use crate::error::Error;

/// A password's hash, in PHC text form. Only [`Hasher::hash`] makes one, and only from a password that was [`Accepted`].
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

/// Blocks, of which one more than 32 MiB are asked for: a piece that large glibc gives back to the system when it is freed,
/// a smaller one it keeps for the thread. What is not touched takes no memory.
const RETURNED: usize = 32 * 1024 + 1;

/// Argon2id (RFC 9106) with one lane; each thread that hashes has its own.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    /// Kept from one hash to the next: asking the system for it anew made sign-ins a third dearer.
    memory: RefCell<Vec<Block>>,
    /// Checked when there is no user, so that both cases take as long. It is the hash of nothing.
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
        let random = rand::random::<[u8; Params::DEFAULT_OUTPUT_LEN]>();
        let decoy =
            in_text(&params, |_| Output::new(&random)).map_err(|error| error.to_string())?;
        Ok(Self {
            params,
            memory: RefCell::default(),
            decoy,
        })
    }

    /// Hashes a password with a fresh salt. Slow on purpose: never inside a transaction or on an async thread.
    ///
    /// # Errors
    /// When Argon2 fails, for instance for want of memory.
    pub fn hash(&self, password: &Accepted) -> Result<Hash, Error> {
        let hash = in_text(&self.params, |parts| self.compute(parts, password.as_str()));
        hash.map(Hash)
            .map_err(|error| Error::internal(format!("argon2: {error}")))
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
        // Outputs are compared in constant time.
        let right = self
            .compute(&parsed, password)
            .is_ok_and(|output| parsed.hash == Some(output));
        if !right || stored.is_none() {
            return Verdict::Wrong;
        }
        let today = Params::try_from(&parsed).is_ok_and(|params| {
            let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
            costs(&params) == costs(&self.params)
        }) && parsed.algorithm == ARGON2ID_IDENT;
        if today {
            Verdict::Right
        } else {
            Verdict::RightButOld
        }
    }

    /// Gives the memory back to the system until the next hash.
    pub fn give_back(&self) {
        self.memory.take();
    }

    /// Hashes with the algorithm, parameters and salt that these parts of a hash name.
    fn compute(&self, parts: &PasswordHash<'_>, password: &str) -> password_hash::Result<Output> {
        let version = parts
            .version
            .map_or(Ok(Version::V0x13), Version::try_from)?;
        let params = Params::try_from(parts)?;
        let mut salt = [0; Salt::MAX_LENGTH];
        let salt = parts
            .salt
            .ok_or(password_hash::Error::Password)?
            .decode_b64(&mut salt)?;
        let (blocks, length) = (params.block_count(), params.output_len());
        let mut memory = self.memory.borrow_mut();
        if memory.capacity() < blocks {
            *memory = Vec::with_capacity(blocks.max(RETURNED));
        }
        memory.resize(blocks, Block::default());
        let argon2 = Argon2::new(parts.algorithm.try_into()?, version, params);
        Output::init_with(length.unwrap_or(Params::DEFAULT_OUTPUT_LEN), |output| {
            Ok(argon2.hash_password_into_with_memory(
                password.as_bytes(),
                salt,
                output,
                &mut *memory,
            )?)
        })
    }
}

/// The PHC text of a hash with these parameters and a fresh salt.
fn in_text(
    params: &Params,
    output: impl FnOnce(&PasswordHash<'_>) -> password_hash::Result<Output>,
) -> password_hash::Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    let mut parts = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(salt.as_salt()),
        hash: None,
    };
    parts.hash = Some(output(&parts)?);
    Ok(parts.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Hasher, Verdict};

    #[test]
    fn memory_is_given_back_and_asked_for_again() {
        let hasher = Hasher::new(64, 1).unwrap();
        let decoy = hasher.decoy.clone();
        for _ in 0..2 {
            assert!(hasher.verify("wrong", Some(&decoy)) == Verdict::Wrong);
            assert!(hasher.memory.borrow().capacity() > 0);
            hasher.give_back();
            assert_eq!(hasher.memory.borrow().capacity(), 0);
        }
    }
}
