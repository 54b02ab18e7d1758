//! The installation: which key its database belongs to.

use diesel::prelude::*;

use super::keys::Keys;
use crate::db::Tx;
use crate::db::schema::installation;
use crate::error::Error;

/// Binds an empty database to the installation's key, and refuses a key that another database was made with.
///
/// # Errors
/// A sentence when the key is not the one; otherwise when the database cannot be used.
pub fn bind(tx: &mut Tx<'_>, keys: &Keys) -> Result<(), Error> {
    tx.lock_installation()?;
    match tx.key_check()? {
        Some(bound) if bound == keys.check() => Ok(()),
        Some(_) => Err(Error::Refused(
            "TENANTRY_SECRET_KEY or TENANTRY_SECRET_KEY_FILE is not the key that this database was made with. \
             Put the key back that belongs to it."
                .to_owned(),
        )),
        None => {
            diesel::insert_into(installation::table)
                .values((
                    installation::id.eq(1),
                    installation::key_check.eq(keys.check()),
                ))
                .execute(tx.db())?;
            Ok(())
        }
    }
}

/// Lets nothing be written with a key that was replaced while this program ran.
///
/// # Errors
/// [`Error::Unavailable`] when it was; otherwise when the database cannot be used.
pub fn ensure_bound(tx: &mut Tx<'_>, keys: &Keys) -> Result<(), Error> {
    if tx.key_check()?.is_some_and(|bound| bound == keys.check()) {
        return Ok(());
    }
    Err(Error::Unavailable(
        "the installation's key was replaced; start again, with the new key".to_owned(),
    ))
}

/// Binds the database to another key, if it still is bound to this one. Waits until nothing that was sealed with the
/// old one is being written any more; whoever comes later finds the new one.
///
/// # Errors
/// A sentence when it is not; otherwise when the database cannot be used.
pub(super) fn bind_anew(tx: &mut Tx<'_>, old: &Keys, new: &Keys) -> Result<(), Error> {
    let row = installation::table.filter(installation::key_check.eq(old.check()));
    let bound = diesel::update(row)
        .set(installation::key_check.eq(new.check()))
        .execute(tx.db())?;
    if bound == 1 {
        Ok(())
    } else {
        Err(Error::Refused(
            "The key was replaced meanwhile. Nothing was changed.".to_owned(),
        ))
    }
}
