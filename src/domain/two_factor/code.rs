//! The code between the password and being signed in.

use diesel::prelude::*;

use super::totp::Secret;
use super::{plain, recovery_codes};
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, By, Code, Details, Target};
use crate::domain::keys::Keys;
use crate::domain::session::{self, Stage};
use crate::domain::{lockout, sign_in};
use crate::error::Error;

/// Completes the sign-in of the actor's half session with a code of the authenticator app or a recovery code, and
/// answers how far that has come then; nothing when the code was wrong. The session is found by `token` from then on.
/// Wrong codes in a row, in whichever session, lock the user.
///
/// # Errors
/// [`Error::SignedOut`] when the session has ended, or was completed, meanwhile.
pub fn enter(
    tx: &mut Tx<'_>,
    keys: &Keys,
    actor: &Actor,
    typed: &str,
    token: &str,
) -> Result<Option<Stage>, Error> {
    // Takes the user's row, so that parallel codes are judged one after the other.
    session::ensure_at(tx, actor, Stage::Code)?;
    let target = actor.target();
    // Whoever types it has only shown that they know the password.
    let by = By::nobody(&actor.origin);
    let Some(kind) = judge(tx, keys, (&by, &target), actor.id, typed)? else {
        return Ok(None);
    };
    let next = Stage::after_second_factor(tx, actor.id)?;
    session::advance(tx, keys, actor, (Stage::Code, next), token)?;
    let noted = Details::default().with("secondFactor", kind);
    sign_in::note(tx, &actor.into(), &target, actor.id, &noted)?;
    Ok(Some(next))
}

/// Judges a code of a user whose row is taken, and answers of which kind it was; nothing when it was wrong. A right one is
/// used up and forgets the wrong ones before it, a wrong one is counted. Part of a larger deed, which is audited.
pub(in crate::domain) fn judge(
    tx: &mut Tx<'_>,
    keys: &Keys,
    (by, target): (&By<'_>, &Target<'_>),
    user: i64,
    typed: &str,
) -> Result<Option<&'static str>, Error> {
    let kind = if accept_code(tx, keys, user, &plain(typed))? {
        "authenticator app"
    } else if recovery_codes::spend(tx, user, typed)? {
        "recovery code"
    } else {
        audit::record(tx, by, Code::CodeRefused, target, &Details::default())?;
        lockout::count_wrong_code(tx, by, target, user)?;
        return Ok(None);
    };
    diesel::update(users::table.find(user))
        .set(users::failed_codes.eq(0))
        .execute(tx.db())?;
    Ok(Some(kind))
}

/// Uses up the time step of a right code. A step that was used, or lies before one that was, is never accepted again.
fn accept_code(tx: &mut Tx<'_>, keys: &Keys, user: i64, code: &str) -> Result<bool, Error> {
    let now = tx.now();
    let (sealed, last): (Option<String>, i64) = users::table
        .find(user)
        .select((users::totp_sealed, users::totp_step))
        .first(tx.db())?;
    let secret = sealed.and_then(|sealed| Secret::open_of(keys, user, &sealed));
    let secret = secret.ok_or_else(|| Error::internal("a second factor cannot be unsealed"))?;
    let Some(step) = secret.step_of(code, now)?.filter(|step| *step > last) else {
        return Ok(false);
    };
    diesel::update(users::table.find(user))
        .set(users::totp_step.eq(step))
        .execute(tx.db())?;
    Ok(true)
}
