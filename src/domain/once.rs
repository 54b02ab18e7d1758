//! Calls that carry an idempotency key are made at most once: a repetition within a day gets the first one's answer.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::keys::Keys;
use crate::db::Tx;
use crate::db::schema::idempotent_calls as calls;
use crate::error::Error;

/// An answer is kept for so long.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// What answers are sealed for: they may hold a secret.
const PURPOSE: &str = "idempotent-call";

/// A call as its key and its content tell it.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub user: i64,
    /// Found by this: a digest of the caller and the key.
    pub digest: String,
    /// A digest of address and body.
    pub content: String,
}

/// An answer that was given.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
}

impl Call {
    /// The call of a user with this key.
    #[must_use]
    pub fn new(keys: &Keys, user: i64, key: &str, content: &str) -> Self {
        Self {
            user,
            digest: keys.digest(PURPOSE, &format!("{user}.{key}")),
            content: keys.digest(PURPOSE, content),
        }
    }
}

/// Notes that the call begins, or answers what it was answered before.
///
/// # Errors
/// [`Error::Refused`] while the first one is under way, and for a key that was used for something else.
pub fn begin(tx: &mut Tx<'_>, keys: &Keys, call: &Call) -> Result<Option<Answer>, Error> {
    let now = tx.now();
    let old = calls::table
        .filter(calls::user_id.eq(call.user))
        .filter(calls::created_at.le(now - KEPT));
    diesel::delete(old).execute(tx.db())?;
    let found: Option<(String, Option<i32>, Option<String>)> = calls::table
        .find(&call.digest)
        .select((calls::content, calls::status, calls::body_sealed))
        .first(tx.db())
        .optional()?;
    match found {
        None => insert(tx, call, now).map(|()| None),
        Some((content, ..)) if content != call.content => Err(Error::Refused(
            "This Idempotency-Key was used for another call. Use a fresh one.".to_owned(),
        )),
        Some((_, Some(status), Some(sealed))) => {
            let body = keys.open(PURPOSE, &sealed);
            Ok(Some(Answer {
                status: u16::try_from(status).unwrap_or_default(),
                body: body.ok_or_else(|| Error::internal("an answer cannot be unsealed"))?,
            }))
        }
        Some(_) => Err(under_way()),
    }
}

fn under_way() -> Error {
    Error::Refused("The first call with this Idempotency-Key is still under way.".to_owned())
}

fn insert(tx: &mut Tx<'_>, call: &Call, now: NaiveDateTime) -> Result<(), Error> {
    let inserted = diesel::insert_into(calls::table)
        .values((
            calls::digest.eq(&call.digest),
            calls::user_id.eq(call.user),
            calls::content.eq(&call.content),
            calls::created_at.eq(now),
        ))
        .execute(tx.db());
    match inserted {
        Ok(_) => Ok(()),
        // Another one with this key has begun at the same moment.
        Err(DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(under_way()),
        Err(other) => Err(other.into()),
    }
}

/// Keeps the answer of a call that has begun. Nothing is kept when its user is gone.
///
/// # Errors
/// When the database cannot be written.
pub fn keep(tx: &mut Tx<'_>, keys: &Keys, call: &Call, answer: &Answer) -> Result<(), Error> {
    diesel::update(calls::table.find(&call.digest))
        .set((
            calls::status.eq(i32::from(answer.status)),
            calls::body_sealed.eq(keys.seal(PURPOSE, &answer.body)),
        ))
        .execute(tx.db())?;
    Ok(())
}

/// Forgets a call that was not made, so that it can be tried again.
///
/// # Errors
/// When the database cannot be written.
pub fn forget(tx: &mut Tx<'_>, call: &Call) -> Result<(), Error> {
    diesel::delete(calls::table.find(&call.digest)).execute(tx.db())?;
    Ok(())
}
