//! Jobs: the register of what the platform runs on behalf of one user. Other programs run them; see `lease`.
//! Deactivation stops them for good.

mod changing;
mod scheduling;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actor::Actor;
use super::audit::Target;
use super::execution;
use super::keys::Keys;
use super::paging::{Asked, COUNTED, Page, counted};
use super::permit::{Permit, ViewUsers};
use super::user;
use crate::db::schema::{executions, jobs, users};
use crate::db::{BoundedCount, Db, Tx, one};
use crate::error::Error;

pub use changing::{delete, reschedule, set_enabled};
pub use scheduling::{NewJob, Request, schedule};
pub(super) use scheduling::{NewRow, OF_REQUEST, insert};

/// A call of the platform that its owner scheduled.
pub const API: &str = "api";
/// What runs a formula instance.
pub const FORMULA: &str = "formula";
/// What asks an element instance for news.
pub const POLLING: &str = "polling";

/// A job.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Job {
    /// Never reused.
    pub id: i64,
    /// The owner.
    pub user_id: i64,
    /// 1 to 200 characters.
    pub name: String,
    /// Up to 2,000 characters.
    pub description: String,
    /// `api`, `bulk`, `formula` or `polling`.
    pub kind: String,
    /// A Quartz expression.
    pub cron: String,
    /// Whether it is leased to workers.
    pub enabled: bool,
    /// When it fires next, UTC; none when it never does again.
    pub next_fire_at: Option<NaiveDateTime>,
    /// The instance that it was made for.
    pub instance_id: Option<i64>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
}

impl Job {
    /// What Quartz calls the state of a trigger.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self.next_fire_at {
            _ if !self.enabled => "PAUSED",
            Some(_) => "NORMAL",
            None => "COMPLETE",
        }
    }

    fn target<'a>(&'a self, owner: &Actor) -> Target<'a> {
        Target {
            kind: "job",
            id: Some(self.id),
            name: &self.name,
            organization: Some(owner.organization_id),
            account: Some(owner.account_id),
        }
    }
}

/// A page of the actor's own jobs, the oldest first.
///
/// # Errors
/// [`Error::Malformed`] for paging that is not understood.
pub fn own(db: &mut Db, keys: &Keys, actor: &Actor, asked: &Asked) -> Result<Page<Job>, Error> {
    load(db, keys, actor.id, asked)
}

/// A page of the jobs of the user of this id or email, within reach, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] for a user out of reach; [`Error::Malformed`] for paging that is not understood.
pub fn of_user(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewUsers>,
    user: &str,
    asked: &Asked,
) -> Result<Page<Job>, Error> {
    let (profile, _) = user::named(db, permit.reach, None, user)?;
    load(db, keys, profile.user.id, asked)
}

fn load(db: &mut Db, keys: &Keys, user: i64, asked: &Asked) -> Result<Page<Job>, Error> {
    let paging = asked.parse(keys, format!("jobs.{user}"))?;
    let all = || jobs::table.filter(jobs::user_id.eq(user));
    let query = all()
        .filter(jobs::id.gt(paging.after))
        .order(jobs::id)
        .select(Job::as_select());
    let rows: Vec<Job> = paging.of(query).load(db)?;
    let total = BoundedCount(all().select(one()).limit(COUNTED + 1)).get_result(db)?;
    Ok(paging.page(keys, rows, counted(total), |row| row.id))
}

/// One of the actor's own jobs.
///
/// # Errors
/// [`Error::NotFound`] when it is not there or somebody else's.
pub fn find(db: &mut Db, actor: &Actor, id: i64) -> Result<Job, Error> {
    Ok(jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::user_id.eq(actor.id))
        .select(Job::as_select())
        .first(db)?)
}

/// Whether an instance has its job.
pub(super) fn is_of_instance(db: &mut Db, instance: i64) -> Result<bool, Error> {
    let job = jobs::table.filter(jobs::instance_id.eq(instance));
    Ok(diesel::select(diesel::dsl::exists(job)).get_result(db)?)
}

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

/// Stops and removes all jobs of the user; answers how many. A worker that holds one is told when it reports.
///
/// # Errors
/// When the database cannot be written.
pub fn stop_of_user(tx: &mut Tx<'_>, user: i64) -> Result<i64, Error> {
    let stopped = diesel::delete(jobs::table.filter(jobs::user_id.eq(user))).execute(tx.db())?;
    execution::withdraw(tx, || Box::new(executions::user_id.eq(user)))?;
    Ok(i64::try_from(stopped).unwrap_or(i64::MAX))
}

/// Stops and removes all jobs of the account's users; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn stop_of_account(tx: &mut Tx<'_>, account: i64) -> Result<i64, Error> {
    let owners = || {
        users::table
            .filter(users::account_id.eq(account))
            .select(users::id)
    };
    let stopped =
        diesel::delete(jobs::table.filter(jobs::user_id.eq_any(owners()))).execute(tx.db())?;
    execution::withdraw(tx, || Box::new(executions::user_id.eq_any(owners())))?;
    Ok(i64::try_from(stopped).unwrap_or(i64::MAX))
}

/// Stops and removes the job that was made for an instance, if it has one.
pub(super) fn stop_of_instance(tx: &mut Tx<'_>, instance: i64) -> Result<(), Error> {
    let stopped: Option<i64> = diesel::delete(jobs::table.filter(jobs::instance_id.eq(instance)))
        .returning(jobs::id)
        .get_result(tx.db())
        .optional()?;
    match stopped {
        Some(id) => execution::withdraw(tx, || Box::new(executions::job_id.eq(id))),
        None => Ok(()),
    }
}
