//! How far the sign-in of a session has come, and what comes next.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{accounts, organizations, users};
use crate::domain::password_policy::Policy;
use crate::domain::two_factor::Method;
use crate::error::Error;

/// How far the sign-in of a session has come. Until it is [`Full`](Stage::Full), the session opens nothing but one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Signed in.
    Full,
    /// A code of the second factor is asked for.
    Code,
    /// The organization demands a second factor, which has to be set up.
    Enrolment,
    /// The password has expired, and a new one has to be chosen.
    Password,
    /// A bearer token of the API: for an hour, whatever the organization's limits, and for no page.
    Api,
}

const KEYS: [(Stage, &str); 5] = [
    (Stage::Full, "full"),
    (Stage::Code, "code"),
    (Stage::Enrolment, "enrolment"),
    (Stage::Password, "password"),
    (Stage::Api, "api"),
];

impl Stage {
    /// The word that is stored.
    pub(in crate::domain) fn key(self) -> &'static str {
        KEYS.iter()
            .find(|(stage, _)| *stage == self)
            .map_or("", |(_, key)| key)
    }

    /// The stage of a stored word.
    pub(super) fn parse(key: &str) -> Option<Self> {
        let found = KEYS.iter().find(|(_, known)| *known == key);
        found.map(|(stage, _)| *stage)
    }

    /// What comes after a right password: the second factor, then what comes after that.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::domain) fn after_password(tx: &mut Tx<'_>, user: i64) -> Result<Self, Error> {
        let (enrolled, method): (bool, String) = users::table
            .inner_join(accounts::table.inner_join(organizations::table))
            .filter(users::id.eq(user))
            .select((users::totp_since.is_not_null(), organizations::two_factor))
            .first(tx.db())?;
        if enrolled {
            Ok(Self::Code)
        } else if method == Method::Totp.key() {
            Ok(Self::Enrolment)
        } else {
            Self::after_second_factor(tx, user)
        }
    }

    /// What comes after the second factor: a new password, if the old one has expired.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::domain) fn after_second_factor(
        tx: &mut Tx<'_>,
        user: i64,
    ) -> Result<Self, Error> {
        let (changed_at, account): (NaiveDateTime, i64) = users::table
            .find(user)
            .select((users::password_changed_at, users::account_id))
            .first(tx.db())?;
        let policy = Policy::of_account(tx.db(), account)?;
        Ok(if policy.has_expired(changed_at, tx.now()) {
            Self::Password
        } else {
            Self::Full
        })
    }
}
