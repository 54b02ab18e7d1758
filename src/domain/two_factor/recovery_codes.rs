//! Recovery codes, for when the phone is not at hand: ten, each accepted once, stored as digests only.

use diesel::prelude::*;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

use super::{State, plain};
use crate::db::Tx;
use crate::db::schema::recovery_codes as codes;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::session;
use crate::error::Error;

const COUNT: usize = 10;
/// Digits of a code, which a phone's number pad can type: 83 bits.
const DIGITS: usize = 25;
/// Digits that stand together.
const GROUP: usize = 5;

/// Replaces the actor's recovery codes; answers the new ones, which are never to be had again.
///
/// # Errors
/// [`Error::NotFound`] when there is no second factor.
pub fn renew(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<String>, Error> {
    session::ensure_open(tx, actor)?;
    if State::own(tx.db(), actor)?.since.is_none() {
        return Err(Error::NotFound);
    }
    let fresh = replace(tx, actor.id)?;
    let (by, target) = (actor.into(), actor.target());
    audit::record(
        tx,
        &by,
        Code::RecoveryCodesRenewed,
        &target,
        &Details::default(),
    )?;
    Ok(fresh)
}

/// Gives a user ten new codes instead of those there were; part of a larger deed, which is audited.
pub(super) fn replace(tx: &mut Tx<'_>, user: i64) -> Result<Vec<String>, Error> {
    forget(tx, user)?;
    let fresh: Vec<String> = (0..COUNT).map(|_| code()).collect();
    for code in &fresh {
        diesel::insert_into(codes::table)
            .values((
                codes::user_id.eq(user),
                codes::digest.eq(digest(user, code)),
            ))
            .execute(tx.db())?;
    }
    Ok(fresh)
}

/// Uses a code up; answers whether it was one. Part of a larger deed, which is audited.
pub(super) fn spend(tx: &mut Tx<'_>, user: i64, typed: &str) -> Result<bool, Error> {
    let same = codes::table
        .filter(codes::user_id.eq(user))
        .filter(codes::digest.eq(digest(user, typed)));
    Ok(diesel::delete(same).execute(tx.db())? > 0)
}

/// Forgets all codes of a user; part of a larger deed, which is audited.
pub(super) fn forget(tx: &mut Tx<'_>, user: i64) -> Result<(), Error> {
    diesel::delete(codes::table.filter(codes::user_id.eq(user))).execute(tx.db())?;
    Ok(())
}

fn code() -> String {
    let mut rng = rand::rng();
    let mut code = String::with_capacity(DIGITS + DIGITS / GROUP);
    for place in 0..DIGITS {
        if place > 0 && place % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(rng.random_range(b'0'..=b'9')));
    }
    code
}

/// Not keyed: what was handed out on paper has to outlive the installation's key, and 83 random bits cannot be tried out.
fn digest(user: i64, code: &str) -> String {
    hex::encode(Sha256::digest(format!(
        "recovery-code {user} {}",
        plain(code)
    )))
}
