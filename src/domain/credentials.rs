//! The pair of secrets that authorizes an API call: the user's and its organization's.

use diesel::prelude::*;

use super::actor::{Actor, Origin, Row};
use super::keys::Keys;
use super::secret;
use crate::db::Db;
use crate::db::schema::{accounts, organizations, roles, users};
use crate::error::Error;

/// Finds who calls with these two secrets, if they belong together and user, account and organization are active. A lock
/// is no hindrance: it is about passwords.
///
/// # Errors
/// When the database cannot be read.
pub fn authenticate(
    db: &mut Db,
    keys: &Keys,
    (user, organization): (&str, &str),
    origin: &Origin,
) -> Result<Option<Actor>, Error> {
    let rows: Vec<Row> = users::table
        .inner_join(accounts::table.inner_join(organizations::table.inner_join(roles::table)))
        .filter(users::secret_digest.eq(secret::digest_of_user(keys, user)))
        .filter(organizations::secret_digest.eq(secret::digest_of_organization(keys, organization)))
        .filter(users::active)
        .filter(accounts::active)
        .filter(organizations::active)
        .select(Row::as_select())
        .load(db)?;
    Ok(Actor::from_rows(rows, origin))
}
