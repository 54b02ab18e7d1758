//! Jobs: what the platform runs on behalf of one user. Deactivation stops them for good.

use diesel::prelude::*;

use crate::db::schema::{jobs, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// How many jobs the users of the account have.
///
/// # Errors
/// When the database cannot be read.
pub fn count_of_account(db: &mut Db, account: i64) -> Result<i64, Error> {
    Ok(jobs::table
        .inner_join(users::table)
        .filter(users::account_id.eq(account))
        .count()
        .get_result(db)?)
}

/// Stops and removes all jobs of the user; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn stop_of_user(tx: &mut Tx<'_>, user: i64) -> Result<i64, Error> {
    let stopped = diesel::delete(jobs::table.filter(jobs::user_id.eq(user))).execute(tx.db())?;
    Ok(i64::try_from(stopped).unwrap_or(i64::MAX))
}

/// Stops and removes all jobs of the account's users; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn stop_of_account(tx: &mut Tx<'_>, account: i64) -> Result<i64, Error> {
    let owners = users::table
        .filter(users::account_id.eq(account))
        .select(users::id);
    let stopped =
        diesel::delete(jobs::table.filter(jobs::user_id.eq_any(owners))).execute(tx.db())?;
    Ok(i64::try_from(stopped).unwrap_or(i64::MAX))
}
