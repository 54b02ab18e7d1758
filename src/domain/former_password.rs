//! Former passwords: which ones a user cannot take again, and where a replaced one goes.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::password::Hash;
use super::recovery;
use crate::db::schema::{former_passwords as former, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// The policy asks for no more than this many.
const MOST: i64 = 9;

/// The hashes that a new password of the user must not match: the present one, and the last before it, `count` in all.
///
/// # Errors
/// When the database cannot be read.
pub fn forbidden(db: &mut Db, user: i64, count: i32) -> Result<Vec<String>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let present: Option<String> = users::table
        .find(user)
        .select(users::password_hash)
        .first(db)?;
    let before: Vec<String> = former::table
        .filter(former::user_id.eq(user))
        .order(former::id.desc())
        .limit(i64::from(count) - 1)
        .select(former::hash)
        .load(db)?;
    Ok(present.into_iter().chain(before).collect())
}

/// The sentence for a password that was used before.
#[must_use]
pub fn refusal(count: i32) -> String {
    if count == 1 {
        "The password needs to differ from the present one.".to_owned()
    } else {
        format!("The password needs to differ from your last {count} passwords.")
    }
}

/// Gives the user a new password, if the present one still is `present`; keeps the replaced one, and voids links for
/// another. Answers whether it did.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    user: i64,
    present: Option<&str>,
    hash: &Hash,
    now: NaiveDateTime,
) -> Result<bool, Error> {
    let row = users::table.find(user);
    let same = match present {
        Some(present) => diesel::update(row.filter(users::password_hash.eq(present)))
            .set((
                users::password_hash.eq(hash.as_str()),
                users::password_changed_at.eq(now),
            ))
            .execute(tx.db())?,
        None => diesel::update(row.filter(users::password_hash.is_null()))
            .set((
                users::password_hash.eq(hash.as_str()),
                users::password_changed_at.eq(now),
            ))
            .execute(tx.db())?,
    };
    if same == 0 {
        return Ok(false);
    }
    recovery::void(tx, user)?;
    if let Some(present) = present {
        diesel::insert_into(former::table)
            .values((former::user_id.eq(user), former::hash.eq(present)))
            .execute(tx.db())?;
        let kept = former::table
            .filter(former::user_id.eq(user))
            .order(former::id.desc())
            .limit(MOST)
            .select(former::id)
            .load::<i64>(tx.db())?;
        diesel::delete(
            former::table
                .filter(former::user_id.eq(user))
                .filter(former::id.ne_all(kept)),
        )
        .execute(tx.db())?;
    }
    Ok(true)
}
