//! The pair of secrets that authorizes an API call: the user's and its organization's.

use diesel::prelude::*;

use super::actor::{Actor, Origin, Row};
use super::audit::{self, Code, Details};
use super::keys::Keys;
use super::secret;
use crate::db::schema::{accounts, organizations, roles, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// Reads the actor's own pair: its secret, and its organization's.
///
/// # Errors
/// When the database cannot be used, or a secret was sealed with another key.
pub fn reveal(tx: &mut Tx<'_>, keys: &Keys, actor: &Actor) -> Result<(String, String), Error> {
    let (user, organization): (String, String) = users::table
        .inner_join(accounts::table.inner_join(organizations::table))
        .filter(users::id.eq(actor.id))
        .select((users::secret_sealed, organizations::secret_sealed))
        .first(tx.db())?;
    let (by, noted) = (actor.into(), Details::default());
    audit::record(tx, &by, Code::SecretRevealed, &actor.target(), &noted)?;
    Ok((
        secret::open(keys, secret::OF_USER, &user)?,
        secret::open(keys, secret::OF_ORGANIZATION, &organization)?,
    ))
}

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
        .filter(users::secret_digest.eq(keys.digest(secret::OF_USER, user)))
        .filter(organizations::secret_digest.eq(keys.digest(secret::OF_ORGANIZATION, organization)))
        .filter(users::active)
        .filter(accounts::active)
        .filter(organizations::active)
        .select(Row::as_select())
        .load(db)?;
    Ok(Actor::from_rows(rows, origin))
}
