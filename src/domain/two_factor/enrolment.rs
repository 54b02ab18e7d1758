//! Setting up an authenticator app: a secret that is shown first, and counts once a code has confirmed it.

use diesel::prelude::*;

use super::totp::Secret;
use super::{plain, recovery_codes};
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::keys::Keys;
use crate::domain::session::{self, Stage};
use crate::error::{Error, FieldErrors};

/// A secret that does not count yet. The browser keeps it, sealed for this user and this session, until a code comes.
pub struct Pending {
    /// The sealed form.
    pub sealed: String,
    /// The secret.
    pub secret: Secret,
}

impl Pending {
    /// A fresh one.
    #[must_use]
    pub fn new(keys: &Keys, actor: &Actor) -> Self {
        let secret = Secret::fresh();
        Self {
            sealed: secret.seal(keys, &purpose(actor)),
            secret,
        }
    }

    /// The one that the browser sends back, if we made it for this session; else a fresh one.
    #[must_use]
    pub fn open_or_new(keys: &Keys, actor: &Actor, sealed: &str) -> Self {
        match Secret::open(keys, &purpose(actor), sealed) {
            Some(secret) => Self {
                sealed: sealed.to_owned(),
                secret,
            },
            None => Self::new(keys, actor),
        }
    }
}

fn purpose(actor: &Actor) -> String {
    format!("enrolment.{}.{}", actor.id, actor.session_id)
}

/// Makes `pending` the actor's second factor, if `code` is one of its codes, and ends the actor's other sessions.
/// Answers the recovery codes, which are never to be had again.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code; [`Error::Refused`] when there is a second factor already.
pub fn enrol(
    tx: &mut Tx<'_>,
    keys: &Keys,
    actor: &Actor,
    pending: &Pending,
    code: &str,
) -> Result<Vec<String>, Error> {
    let now = tx.now();
    session::ensure_open(tx, actor)?;
    let Some(step) = pending.secret.step_of(&plain(code), now)? else {
        let mut errors = FieldErrors::default();
        errors.add(
            "code",
            "This code does not belong to the key. Enter the 6 digits that the app shows now.",
        );
        return Err(Error::Invalid(errors));
    };
    let free = users::table
        .filter(users::id.eq(actor.id))
        .filter(users::totp_since.is_null());
    let enrolled = diesel::update(free)
        .set((
            users::totp_since.eq(now),
            users::totp_sealed.eq(pending.secret.seal_for(keys, actor.id)),
            // The code that confirms is used up too.
            users::totp_step.eq(step),
            users::failed_codes.eq(0),
        ))
        .execute(tx.db())?;
    if enrolled == 0 {
        return Err(Error::Refused(
            "You have an authenticator app already. Remove it in My Profile before you set up another."
                .to_owned(),
        ));
    }
    let codes = recovery_codes::replace(tx, actor.id)?;
    let ended = session::end_others(tx, actor)?;
    let noted = Details::default().with("sessionsEnded", &ended);
    let (by, target) = (actor.into(), actor.target());
    audit::record(tx, &by, Code::TwoFactorEnrolled, &target, &noted)?;
    Ok(codes)
}

/// Goes on with a sign-in that had to wait for the enrolment: the session has a new token from now on.
///
/// # Errors
/// [`Error::SignedOut`] when the session has ended meanwhile.
pub fn complete_sign_in(
    tx: &mut Tx<'_>,
    keys: &Keys,
    actor: &Actor,
    token: &str,
) -> Result<(), Error> {
    let next = Stage::after_second_factor(tx, actor.id)?;
    session::advance(tx, keys, actor, (Stage::Enrolment, next), token)
}
