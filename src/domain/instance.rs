//! Element and formula instances: what a user owns and keeps when it is deactivated.

use diesel::prelude::*;

use crate::db::schema::{instances, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// The kind of a connected service, as stored.
pub const ELEMENT: &str = "element";
/// The kind of a running workflow, as stored.
pub const FORMULA: &str = "formula";

/// How many instances the users of the account have.
///
/// # Errors
/// When the database cannot be read.
pub fn count_of_account(db: &mut Db, account: i64) -> Result<i64, Error> {
    Ok(instances::table
        .inner_join(users::table)
        .filter(users::account_id.eq(account))
        .count()
        .get_result(db)?)
}

/// Removes all instances of the user; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn remove_of_user(tx: &mut Tx<'_>, user: i64) -> Result<i64, Error> {
    let removed =
        diesel::delete(instances::table.filter(instances::user_id.eq(user))).execute(tx.db())?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

/// Removes all instances of the account's users; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn remove_of_account(tx: &mut Tx<'_>, account: i64) -> Result<i64, Error> {
    let owners = users::table
        .filter(users::account_id.eq(account))
        .select(users::id);
    let removed = diesel::delete(instances::table.filter(instances::user_id.eq_any(owners)))
        .execute(tx.db())?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}
