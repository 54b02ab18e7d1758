//! Deleting a user with all it owns.

use diesel::prelude::*;

use super::{ensure_may_change, ensure_org_admin_left, find};
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::audit::{self, Code, Details};
use crate::domain::permit::{DeleteUsers, Permit};
use crate::domain::{account, instance, job, session};
use crate::error::Error;

/// What went with a deleted user.
pub struct Deleted {
    /// Its full name.
    pub name: String,
    /// Jobs that were stopped.
    pub jobs: i64,
    /// Element and formula instances.
    pub instances: i64,
}

/// Deletes a user with its sessions, jobs and instances, for good. Its events stay.
///
/// # Errors
/// [`Error::Oneself`] for oneself; [`Error::Refused`] for the last active org admin; [`Error::Forbidden`] for somebody above.
pub fn delete(
    tx: &mut Tx<'_>,
    permit: &Permit<DeleteUsers>,
    account: i64,
    id: i64,
) -> Result<Deleted, Error> {
    let organization = permit.reach.organization();
    tx.lock_organization(organization)?;
    let account = account::find(tx.db(), permit.reach, account)?;
    let user = find(tx.db(), permit.reach, account.id, id)?;
    ensure_may_change(&permit.actor, &user, &account)?;
    // What it makes for itself at this moment waits, and then finds nobody to make it for.
    tx.lock_user(id)?;
    session::end_all(tx, id)?;
    let jobs = job::stop_of_user(tx, id)?;
    let instances = instance::remove_of_user(tx, id)?;
    diesel::delete(users::table.find(id)).execute(tx.db())?;
    let name = user.full_name();
    ensure_org_admin_left(tx, organization, &name)?;
    let noted = Details::default()
        .with("email", &user.email)
        .with("jobs", &jobs)
        .with("instances", &instances);
    let target = user.target(organization, &name);
    audit::record(
        tx,
        &(&permit.actor).into(),
        Code::UserDeleted,
        &target,
        &noted,
    )?;
    Ok(Deleted {
        name,
        jobs,
        instances,
    })
}
