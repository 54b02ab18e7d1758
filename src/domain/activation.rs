//! Deactivating and activating users, one or many at once, by the Active checkbox.

use std::fmt;
use std::str::FromStr;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::account;
use super::actor::Actor;
use super::audit::{self, Code, Details};
use super::permit::{EditUsers, Permit, Reach};
use super::user::{self, User};
use super::{instance, job, recovery, session};
use crate::db::schema::{accounts, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// The wish to change one user's Active box, made from a row as it was shown. Written `id.version.0` or `id.version.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The user.
    pub user: i64,
    /// The version of its row when it was shown.
    pub version: i64,
    /// What it is to be.
    pub active: bool,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}.{}",
            self.user,
            self.version,
            u8::from(self.active)
        )
    }
}

impl FromStr for Change {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Malformed("A row of the form is not understood.");
        let mut parts = text.splitn(3, '.');
        let mut number = || parts.next()?.parse().ok();
        let (user, version) = (number().ok_or_else(wrong)?, number().ok_or_else(wrong)?);
        let active = match parts.next() {
            Some("0") => false,
            Some("1") => true,
            _ => return Err(wrong()),
        };
        Ok(Self {
            user,
            version,
            active,
        })
    }
}

/// What many changes did.
pub struct Done {
    /// Full names of those who were deactivated.
    pub deactivated: Vec<String>,
    /// Full names of those who were activated.
    pub activated: Vec<String>,
    /// Jobs that were stopped.
    pub stopped: i64,
}

/// A user whose Active box is to change, with what that touches.
#[derive(Queryable)]
pub struct Affected {
    /// The user.
    pub user: User,
    /// Jobs that stop if it is deactivated.
    pub jobs: i64,
    /// Instances that stay.
    pub instances: i64,
}

/// The users of `changes`, in that order, if all are in the account and as they were shown.
///
/// # Errors
/// [`Error::Changed`] for the first that is not; [`Error::NotFound`] for one that is out of reach or gone.
pub fn affected(
    db: &mut Db,
    reach: Reach,
    account: i64,
    changes: &[Change],
) -> Result<Vec<Affected>, Error> {
    let ids: Vec<i64> = changes.iter().map(|change| change.user).collect();
    let mut found: Vec<Affected> = users::table
        .inner_join(accounts::table)
        .filter(accounts::organization_id.eq(reach.organization()))
        .filter(users::account_id.eq(account))
        .filter(users::id.eq_any(ids))
        .select((
            User::as_select(),
            sql::<BigInt>("(SELECT COUNT(*) FROM jobs WHERE jobs.user_id = users.id)"),
            sql::<BigInt>("(SELECT COUNT(*) FROM instances WHERE instances.user_id = users.id)"),
        ))
        .load(db)?;
    if !reach.covers(reach.organization(), account) {
        return Err(Error::NotFound);
    }
    changes
        .iter()
        .map(|change| {
            let place = found.iter().position(|it| it.user.id == change.user);
            let it = found.swap_remove(place.ok_or(Error::NotFound)?);
            if it.user.version == change.version {
                Ok(it)
            } else {
                Err(Error::Changed(it.user.full_name()))
            }
        })
        .collect()
}

/// Carries out all changes, or none.
///
/// # Errors
/// [`Error::Changed`] when a row is not as it was shown; [`Error::Oneself`] for oneself; [`Error::Refused`] for the last
/// active org admin; [`Error::Forbidden`] for somebody above.
pub fn apply(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    account: i64,
    changes: &[Change],
) -> Result<Done, Error> {
    let organization = permit.reach.organization();
    tx.lock_organization(organization)?;
    let affected = affected(tx.db(), permit.reach, account, changes)?;
    let account = account::find(tx.db(), permit.reach, account)?;
    let mut done = Done {
        deactivated: Vec::new(),
        activated: Vec::new(),
        stopped: 0,
    };
    let mut last_admin = None;
    for (Affected { user, .. }, change) in affected.iter().zip(changes) {
        user::ensure_may_change(&permit.actor, user, &account)?;
        match (user.active, change.active) {
            (true, false) => {
                done.stopped += deactivate(tx, &permit.actor, user, false)?;
                done.deactivated.push(user.full_name());
                if user.org_admin {
                    last_admin = Some(user.full_name());
                }
            }
            (false, true) => {
                activate(tx, &permit.actor, user)?;
                done.activated.push(user.full_name());
            }
            _ => {}
        }
    }
    if let Some(name) = last_admin {
        user::ensure_org_admin_left(tx, organization, &name)?;
    }
    Ok(done)
}

/// Deactivates one user: access is refused from the next request on, sessions end, jobs are removed. Its instances stay,
/// unless it is `permanent`. Answers how many jobs were stopped. Whether it may be done was checked before.
pub(super) fn deactivate(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: &User,
    permanent: bool,
) -> Result<i64, Error> {
    set(tx, user, false)?;
    session::end_all(tx, user.id)?;
    let stopped = job::stop_of_user(tx, user.id)?;
    let mut noted = Details::default().with("jobsStopped", &stopped);
    if permanent {
        let removed = instance::remove_of_user(tx, user.id)?;
        noted = noted.with("instancesRemoved", &removed);
    }
    let name = user.full_name();
    let target = user.target(actor.organization_id, &name);
    audit::record(tx, &actor.into(), Code::UserDeactivated, &target, &noted)?;
    Ok(stopped)
}

/// Activates one user. Its jobs do not come back. Whether it may be done was checked before.
pub(super) fn activate(tx: &mut Tx<'_>, actor: &Actor, user: &User) -> Result<(), Error> {
    set(tx, user, true)?;
    session::end_all(tx, user.id)?;
    let name = user.full_name();
    let target = user.target(actor.organization_id, &name);
    audit::record(
        tx,
        &actor.into(),
        Code::UserActivated,
        &target,
        &Details::default(),
    )
}

fn set(tx: &mut Tx<'_>, user: &User, active: bool) -> Result<(), Error> {
    let now = tx.now();
    diesel::update(users::table.find(user.id))
        .set((
            users::active.eq(active),
            users::version.eq(users::version + 1),
            users::updated_at.eq(now),
        ))
        .execute(tx.db())?;
    recovery::void(tx, user.id)
}
