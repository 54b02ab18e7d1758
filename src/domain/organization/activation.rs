//! Deactivating an organization and activating it again, from the server's shell.

use diesel::prelude::*;

use super::Organization;
use crate::db::schema::organizations;
use crate::db::{Db, Tx};
use crate::domain::actor::Origin;
use crate::domain::audit::{self, By, Code, Details};
use crate::domain::{recovery, session};
use crate::error::Error;

/// Every organization of the installation, by id.
///
/// # Errors
/// When the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<Organization>, Error> {
    Ok(organizations::table
        .order(organizations::id)
        .select(Organization::as_select())
        .load(db)?)
}

/// Deactivates an organization, or activates it again; answers its name. While it is inactive, everybody in it is refused,
/// from the next request on; jobs are kept, but not run. What is so already stays so.
///
/// # Errors
/// [`Error::NotFound`] when there is none of this id.
pub fn set_active(
    tx: &mut Tx<'_>,
    origin: &Origin,
    id: i64,
    active: bool,
) -> Result<String, Error> {
    tx.lock_organization(id)?;
    let organization = Organization::find(tx.db(), id)?;
    if organization.active == active {
        return Ok(organization.name);
    }
    diesel::update(organizations::table.find(id))
        .set(organizations::active.eq(active))
        .execute(tx.db())?;
    // Both ways: what a sign-in at the moment of the deactivation left must not come back to life.
    session::end_all_of_organization(tx, id)?;
    recovery::void_all_of_organization(tx, id)?;
    let code = if active {
        Code::OrganizationActivated
    } else {
        Code::OrganizationDeactivated
    };
    let (by, target) = (By::nobody(origin), organization.target());
    audit::record(tx, &by, code, &target, &Details::default())?;
    Ok(organization.name)
}
