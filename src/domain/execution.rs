//! Executions: what was leased to a worker, and what became of it. Kept for thirty days.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::actor::Actor;
use super::job;
use super::keys::Keys;
use super::paging::{Asked, COUNTED, Page, Paging, counted};
use crate::db::schema::executions;
use crate::db::{Backend, BoundedCount, Db, Tx, one};
use crate::error::Error;

/// For so long executions are kept.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// Executions that are removed in one transaction.
const STEP: i64 = 1_000;

/// A worker holds the job.
pub(super) const RUNNING: &str = "running";
/// The lease ran out, and another worker got the job.
pub(super) const EXPIRED: &str = "expired";
/// The job was removed before the worker had reported.
const WITHDRAWN: &str = "withdrawn";

/// How a job ended, as its worker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Succeeded,
    /// Otherwise.
    Failed,
}

impl Outcome {
    /// The word that is stored.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// One execution of a job.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = executions)]
pub struct Execution {
    /// Never reused; the lease, for its worker.
    pub id: i64,
    /// The job.
    pub job_id: i64,
    /// What the worker calls itself.
    pub worker: String,
    /// When the job fired, UTC.
    pub fire_at: NaiveDateTime,
    /// When the worker got it, UTC.
    pub leased_at: NaiveDateTime,
    /// Until when it holds it, UTC.
    pub leased_until: NaiveDateTime,
    /// When the worker reported, UTC.
    pub finished_at: Option<NaiveDateTime>,
    /// `running`, `succeeded`, `failed` or `expired`.
    pub outcome: String,
    /// What the worker said.
    pub message: String,
}

/// A page of the executions of the actor's own jobs, the newest first.
///
/// # Errors
/// [`Error::Malformed`] for paging that is not understood.
pub fn own(
    db: &mut Db,
    keys: &Keys,
    actor: &Actor,
    asked: &Asked,
) -> Result<Page<Execution>, Error> {
    let id = actor.id;
    let own = || {
        executions::table
            .filter(executions::user_id.eq(id))
            .filter(executions::outcome.ne(WITHDRAWN))
            .into_boxed()
    };
    load(
        db,
        keys,
        own,
        &asked.parse(keys, format!("executions.{id}"))?,
    )
}

/// A page of the executions of one of the actor's own jobs, the newest first.
///
/// # Errors
/// [`Error::NotFound`] when the job is not there or somebody else's; [`Error::Malformed`] for paging that is not
/// understood.
pub fn of_job(
    db: &mut Db,
    keys: &Keys,
    actor: &Actor,
    job: i64,
    asked: &Asked,
) -> Result<Page<Execution>, Error> {
    let id = job::find(db, actor, job)?.id;
    let all = || {
        executions::table
            .filter(executions::job_id.eq(id))
            .into_boxed()
    };
    load(db, keys, all, &asked.parse(keys, format!("history.{id}"))?)
}

fn load<'a>(
    db: &mut Db,
    keys: &Keys,
    all: impl Fn() -> executions::BoxedQuery<'a, Backend>,
    paging: &Paging,
) -> Result<Page<Execution>, Error> {
    let mut rest = all();
    if paging.after > 0 {
        rest = rest.filter(executions::id.lt(paging.after));
    }
    let query = rest
        .order(executions::id.desc())
        .select(Execution::as_select());
    let rows: Vec<Execution> = paging.of(query).load(db)?;
    let total = BoundedCount(all().select(one()).limit(COUNTED + 1)).get_result(db)?;
    Ok(paging.page(keys, rows, counted(total), |row| row.id))
}

/// Some executions, told by their columns.
pub(super) type Whose = Box<dyn BoxableExpression<executions::table, Backend, SqlType = Bool>>;

/// Forgets the executions of jobs that were just removed. Those that nobody has reported stay as withdrawn, so that their
/// workers can be told.
pub(super) fn withdraw(tx: &mut Tx<'_>, whose: impl Fn() -> Whose) -> Result<(), Error> {
    let reported = executions::finished_at.is_not_null();
    diesel::delete(executions::table.filter(whose()).filter(reported)).execute(tx.db())?;
    diesel::update(executions::table.filter(whose()))
        .set(executions::outcome.eq(WITHDRAWN))
        .execute(tx.db())?;
    Ok(())
}

/// Removes the oldest executions from before a time, up to a thousand; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn trim(tx: &mut Tx<'_>, before: NaiveDateTime) -> Result<i64, Error> {
    let old: Vec<i64> = executions::table
        .filter(executions::leased_at.lt(before))
        .order(executions::leased_at)
        .limit(STEP)
        .select(executions::id)
        .load(tx.db())?;
    let removed =
        diesel::delete(executions::table.filter(executions::id.eq_any(old))).execute(tx.db())?;
    Ok(i64::try_from(removed).unwrap_or(STEP))
}
