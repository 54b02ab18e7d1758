//! A password that somebody else sets for a user, who has to change it at its next sign-in.

use super::editing::Changes;
use super::{Profile, User, ensure_may_change, named, never, password_hash};
use crate::db::{Db, Tx};
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::password::Hash;
use crate::domain::password_policy::{Accepted, Policy};
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::{former_password, session};
use crate::error::{Error, FieldErrors};

/// A new password, hashed.
#[derive(Clone)]
pub struct NewPassword {
    /// The hash that it replaces; none for a user of the API only.
    pub present: Option<String>,
    /// Its own.
    pub hash: Hash,
}

/// What a new password is checked against before it is hashed, which is slow.
pub struct Prepared {
    /// The hash that it will replace.
    pub present: Option<String>,
    /// The password.
    pub accepted: Accepted,
    /// The hashes that it must not match.
    pub forbidden: Vec<String>,
    /// The answer when it does.
    pub used: Error,
}

/// Checks a password for the user of this name, under the names that `changes` give it.
///
/// # Errors
/// [`Error::Invalid`] for a password that breaks the policy; [`Error::Oneself`] and [`Error::Forbidden`] as for any edit.
pub fn prepare(
    db: &mut Db,
    permit: &Permit<EditUsers>,
    account: Option<i64>,
    name: &str,
    changes: &Changes,
    password: &str,
) -> Result<Prepared, Error> {
    let (Profile { user, .. }, account) = named(db, permit.reach, account, name)?;
    ensure_may_change(&permit.actor, &user, &account)?;
    let policy = Policy::of_organization(db, account.organization_id)?;
    let refused = |sentence: String| {
        let mut errors = FieldErrors::default();
        errors.add("password", sentence);
        Error::Invalid(errors)
    };
    let accepted = policy.accept(password, changes.details(&user).owner());
    let count = policy.previous_password_count;
    Ok(Prepared {
        accepted: accepted
            .map_err(|open| refused(open.said_through(permit.actor.origin.channel)))?,
        present: password_hash(db, user.id)?,
        forbidden: former_password::forbidden(db, user.id, count)?,
        used: refused(former_password::refusal(count)),
    })
}

/// Sets the password, which counts as expired at once, and ends all sessions of the user.
///
/// # Errors
/// [`Error::Changed`] when it was changed since it was prepared.
pub(super) fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: &User,
    new: &NewPassword,
) -> Result<(), Error> {
    let present = new.present.as_deref();
    if !former_password::replace(tx, user.id, present, &new.hash, never())? {
        return Err(Error::Changed(user.full_name()));
    }
    let ended = session::end_all(tx, user.id)?;
    let name = user.full_name();
    let target = user.target(actor.organization_id, &name);
    let noted = Details::default().with("sessionsEnded", &ended);
    audit::record(tx, &actor.into(), Code::PasswordSet, &target, &noted)
}
