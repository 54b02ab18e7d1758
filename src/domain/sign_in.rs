//! Signing in: finding the user, and what a right or wrong password leads to. The answer never tells which it was.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actor::{Channel, Origin};
use super::audit::{self, By, Code, Details, Target};
use super::keys::Keys;
use super::password::{Hash, Hasher, Verdict};
use super::password_policy::Accepted;
use super::session::Stage;
use super::{email, lockout, session, two_factor};
use crate::db::schema::{accounts, organizations, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// The user that an email belongs to, as far as signing in needs it.
#[derive(Debug, Clone)]
pub struct Candidate {
    id: i64,
    account: i64,
    organization: i64,
    name: String,
    email: String,
    hash: Option<String>,
    allowed: bool,
}

type Found = (
    (i64, String, String, String, Option<String>, bool),
    (i64, bool),
    (i64, bool),
);

/// Finds the user of a typed email.
///
/// # Errors
/// When the database cannot be read.
pub fn candidate(db: &mut Db, typed: &str) -> Result<Option<Candidate>, Error> {
    // What is no address is looked up too, so that it takes as long.
    let key = email::key(typed).unwrap_or_default();
    let found: Option<Found> = users::table
        .inner_join(accounts::table.inner_join(organizations::table))
        .filter(users::email_key.eq(key))
        .select((
            (
                users::id,
                users::first_name,
                users::last_name,
                users::email,
                users::password_hash,
                users::active,
            ),
            (accounts::id, accounts::active),
            (organizations::id, organizations::active),
        ))
        .first(db)
        .optional()?;
    Ok(found.map(
        |((id, first, last, email, hash, user), (account, in_account), (organization, in_it))| {
            Candidate {
                id,
                account,
                organization,
                name: format!("{first} {last}"),
                email,
                hash,
                allowed: user && in_account && in_it,
            }
        },
    ))
}

/// Checks the password, in about the same time whether there is such a user or not. Slow on purpose.
#[must_use]
pub fn verify(hasher: &Hasher, candidate: Option<&Candidate>, password: &str) -> Verdict {
    let stored = candidate.and_then(|candidate| candidate.hash.as_deref());
    hasher.verify(password, stored)
}

/// What somebody types to sign in.
pub struct Typed {
    /// Email.
    pub email: String,
    /// Password.
    pub password: String,
    /// A code of the second factor, which only a call of the API sends along.
    pub code: Option<String>,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A session has begun, and its sign-in has come so far.
    Begun(Stage),
    /// The password was right, but something else comes first, which a token of the API cannot wait for.
    Waits(Stage),
    /// Nothing has begun.
    Refused,
}

/// One attempt to sign in, after its password was checked.
pub struct Attempt {
    /// Where it came from.
    pub origin: Origin,
    /// The browser, in a few words.
    pub agent: String,
    /// Whom the email belongs to.
    pub candidate: Option<Candidate>,
    /// What the check found.
    pub verdict: Verdict,
    /// A code of the second factor, if one came along.
    pub code: Option<String>,
}

/// Finishes a sign-in: starts a session under `token`, or does not. Every outcome is audited.
///
/// # Errors
/// When the database cannot be written.
pub fn finish(
    tx: &mut Tx<'_>,
    keys: &Keys,
    attempt: &Attempt,
    token: &str,
) -> Result<Outcome, Error> {
    let origin = &attempt.origin;
    let right = attempt.verdict != Verdict::Wrong;
    let Some(candidate) = &attempt.candidate else {
        let target = Target {
            kind: "user",
            id: None,
            name: "",
            organization: None,
            account: None,
        };
        // What was typed may be a password in the wrong box, so it is not kept.
        audit::record(
            tx,
            &By::nobody(origin),
            Code::SignInRefused,
            &target,
            &Details::default(),
        )?;
        return Ok(Outcome::Refused);
    };
    let target = Target {
        kind: "user",
        id: Some(candidate.id),
        name: &candidate.name,
        organization: Some(candidate.organization),
        account: Some(candidate.account),
    };
    let by = By::nobody(origin);
    if !(right && candidate.allowed && still_holds(tx, candidate)?) {
        let reason = if !right {
            "password"
        } else if candidate.allowed && is_locked(tx, candidate)? {
            "locked"
        } else {
            "inactive"
        };
        let noted = Details::default().with("reason", reason);
        audit::record(tx, &by, Code::SignInRefused, &target, &noted)?;
        if !right && candidate.allowed {
            lockout::count_failure(tx, &by, &target, candidate.id)?;
        }
        return Ok(Outcome::Refused);
    }
    session::sweep(tx, candidate.id)?;
    let mut stage = Stage::after_password(tx, candidate.id)?;
    let mut how = Details::default();
    // The console asks for a code on a page of its own.
    if let (Stage::Code, Some(code)) = (stage, &attempt.code) {
        let Some(kind) = two_factor::judge(tx, keys, (&by, &target), candidate.id, code)? else {
            return Ok(Outcome::Refused);
        };
        how = how.with("secondFactor", kind);
        stage = Stage::after_second_factor(tx, candidate.id)?;
    }
    let stage = match (origin.channel, stage) {
        (Channel::Api, Stage::Full) => Stage::Api,
        (Channel::Api, stage) => {
            let noted = Details::default().with("reason", stage.key());
            audit::record(tx, &by, Code::SignInRefused, &target, &noted)?;
            return Ok(Outcome::Waits(stage));
        }
        (_, stage) => stage,
    };
    session::begin(
        tx,
        keys,
        candidate.id,
        (token, stage),
        origin,
        &attempt.agent,
    )?;
    if stage == Stage::Code {
        audit::record(tx, &by, Code::PasswordAccepted, &target, &how)?;
        return Ok(Outcome::Begun(stage));
    }
    let by = By {
        id: Some(candidate.id),
        name: &candidate.name,
        email: &candidate.email,
        origin,
    };
    note(tx, &by, &target, candidate.id, &how)?;
    Ok(Outcome::Begun(stage))
}

/// Notes that a user has shown who it is by all that is asked for: on its row, and as an event.
pub(super) fn note(
    tx: &mut Tx<'_>,
    by: &By<'_>,
    target: &Target<'_>,
    user: i64,
    how: &Details,
) -> Result<(), Error> {
    let now = tx.now();
    diesel::update(users::table.find(user))
        .set(users::last_login_at.eq(now))
        .execute(tx.db())?;
    audit::record(tx, by, Code::SignedIn, target, how)
}

/// Whether it is a lock that keeps the user out.
fn is_locked(tx: &mut Tx<'_>, candidate: &Candidate) -> Result<bool, Error> {
    let now = tx.now();
    let until: Option<Option<NaiveDateTime>> = users::table
        .find(candidate.id)
        .select(users::locked_until)
        .first(tx.db())
        .optional()?;
    Ok(lockout::holds(until.flatten(), now))
}

/// Takes the user's row, if it still is what the password was checked against: active, not locked, with the same
/// password. That forgets earlier failures. This also makes a deactivation at the same moment wait, or win.
fn still_holds(tx: &mut Tx<'_>, candidate: &Candidate) -> Result<bool, Error> {
    let now = tx.now();
    let row = users::table
        .filter(users::id.eq(candidate.id))
        .filter(users::active)
        .filter(
            users::locked_until
                .is_null()
                .or(users::locked_until.le(now)),
        )
        .filter(users::password_hash.eq(candidate.hash.as_deref()));
    Ok(diesel::update(row)
        .set((
            users::failed_passwords.eq(0),
            users::locked_until.eq(None::<NaiveDateTime>),
        ))
        .execute(tx.db())?
        == 1)
}

/// A right password whose hash was made with older parameters, to be hashed again.
#[must_use]
pub fn renewable(verdict: Verdict, password: &str) -> Option<Accepted> {
    (verdict == Verdict::RightButOld).then(|| Accepted::proven(password))
}

/// Replaces a hash made with older parameters by one of the same password.
///
/// # Errors
/// When the database cannot be written.
pub fn renew(tx: &mut Tx<'_>, candidate: &Candidate, hash: &Hash) -> Result<(), Error> {
    let row = users::table
        .filter(users::id.eq(candidate.id))
        .filter(users::password_hash.eq(candidate.hash.as_deref()));
    diesel::update(row)
        .set(users::password_hash.eq(hash.as_str()))
        .execute(tx.db())?;
    Ok(())
}
