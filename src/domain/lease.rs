//! Leases: how the programs that run jobs get them, and say what became of them. No job is ever held by two workers.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::execution::{EXPIRED, Execution, Outcome, RUNNING};
use super::instance;
use super::job::Request;
use super::keys::Keys;
use super::permit::{Permit, RunJobs};
use super::schedule::Schedule;
use super::text::{cut, name};
use crate::db::Tx;
use crate::db::schema::{executions, instances, jobs, users};
use crate::error::{Error, FieldErrors};

/// Characters of a worker's message that are kept.
const LONGEST_MESSAGE: usize = 2_000;

/// What a worker asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it calls itself, 1 to 100 characters.
    pub worker: String,
    /// Jobs at most, 1 to 100.
    pub max: i64,
    /// For how long, 1 to 3,600 seconds.
    pub seconds: i64,
}

/// A job that a worker holds now.
pub struct Leased {
    /// The lease.
    pub execution: Execution,
    /// `api`, `bulk`, `formula` or `polling`.
    pub kind: String,
    /// The job's name.
    pub name: String,
    /// The owner.
    pub user_id: i64,
    /// Its account.
    pub account_id: i64,
    /// What to send, when its owner scheduled a call.
    pub request: Option<Request>,
    /// What to run or to ask for news, when it was made for an instance.
    pub instance: Option<Subject>,
}

/// The instance that a job was made for.
pub struct Subject {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// `element` or `formula`.
    pub kind: String,
    /// The element's key, or the formula's id.
    pub source: String,
    /// What an element instance is addressed by.
    pub token: String,
}

#[derive(Queryable)]
struct Due {
    id: i64,
    kind: String,
    name: String,
    cron: String,
    next_fire_at: Option<NaiveDateTime>,
    request_sealed: Option<String>,
    user_id: i64,
    account_id: i64,
    instance: Option<(i64, String, String, String)>,
}

/// Leases jobs that are due to a worker: those of the whole organization, the one that has waited longest first. A job
/// that came due several times is leased once, and one whose lease ran out is leased again.
///
/// # Errors
/// [`Error::Invalid`] for a wish out of its limits.
pub fn lease(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<RunJobs>,
    wish: &Wish,
) -> Result<Vec<Leased>, Error> {
    let mut errors = FieldErrors::default();
    let worker = name("workerId", "workerId", 100, &wish.worker, &mut errors);
    if !(1..=100).contains(&wish.max) {
        errors.add("max", "Enter a max from 1 to 100.");
    }
    if !(1..=3600).contains(&wish.seconds) {
        errors.add("seconds", "Enter seconds from 1 to 3600.");
    }
    errors.into_result()?;
    let worker = worker.unwrap_or_default();
    let organization = permit.reach.organization();
    let until = tx.now() + TimeDelta::seconds(wish.seconds);
    let ids = tx.lock_due_jobs(organization, wish.max)?;
    // A lease that ran out keeps its fire time for the next worker.
    let expired: Vec<(i64, NaiveDateTime)> = diesel::update(
        executions::table
            .filter(executions::job_id.eq_any(&ids))
            .filter(executions::outcome.eq(RUNNING)),
    )
    .set(executions::outcome.eq(EXPIRED))
    .returning((executions::job_id, executions::fire_at))
    .get_results(tx.db())?;
    let mut due: Vec<Due> = jobs::table
        .inner_join(users::table)
        .left_join(instances::table)
        .filter(jobs::id.eq_any(&ids))
        .select((
            jobs::id,
            jobs::kind,
            jobs::name,
            jobs::cron,
            jobs::next_fire_at,
            jobs::request_sealed,
            users::id,
            users::account_id,
            (
                instances::id,
                instances::name,
                instances::kind,
                instances::source,
            )
                .nullable(),
        ))
        .load(tx.db())?;
    // In the order in which they waited.
    due.sort_by_key(|job| ids.iter().position(|id| *id == job.id));
    due.into_iter()
        .map(|job| {
            let retried = expired.iter().find(|(id, _)| *id == job.id);
            let fire_at = retried.map(|(_, at)| *at).or(job.next_fire_at);
            let execution = begin(tx, organization, &job, fire_at, (&worker, until))?;
            let request = job.request_sealed.as_deref();
            Ok(Leased {
                execution,
                kind: job.kind,
                name: job.name,
                user_id: job.user_id,
                account_id: job.account_id,
                request: request
                    .map(|sealed| Request::open(keys, sealed))
                    .transpose()?,
                instance: job.instance.map(|(id, name, kind, source)| Subject {
                    id,
                    name,
                    kind,
                    source,
                    token: instance::token(keys, id),
                }),
            })
        })
        .collect()
}

/// Gives a job to the worker, and finds when it fires next: what came due until now is this one time.
fn begin(
    tx: &mut Tx<'_>,
    organization: i64,
    job: &Due,
    fire_at: Option<NaiveDateTime>,
    (worker, until): (&str, NaiveDateTime),
) -> Result<Execution, Error> {
    let now = tx.now();
    let schedule = Schedule::parse(&job.cron).map_err(Error::Internal)?;
    diesel::update(jobs::table.find(job.id))
        .set((
            jobs::next_fire_at.eq(schedule.next(now)),
            jobs::leased_until.eq(until),
        ))
        .execute(tx.db())?;
    Ok(diesel::insert_into(executions::table)
        .values((
            executions::organization_id.eq(organization),
            executions::user_id.eq(job.user_id),
            executions::job_id.eq(job.id),
            executions::worker.eq(worker),
            executions::fire_at.eq(fire_at.unwrap_or(now)),
            executions::leased_at.eq(now),
            executions::leased_until.eq(until),
            executions::outcome.eq(RUNNING),
        ))
        .returning((
            executions::id,
            executions::job_id,
            executions::worker,
            executions::fire_at,
            executions::leased_at,
            executions::leased_until,
            executions::finished_at,
            executions::outcome,
            executions::message,
        ))
        .get_result(tx.db())?)
}

/// What a worker says of a lease.
#[derive(Debug, Clone)]
pub struct Report {
    /// The lease.
    pub execution: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// Anything; what is more than 2,000 characters is cut off.
    pub message: String,
}

/// Takes a worker's report, also after its lease ran out, as long as nobody else got the job.
///
/// # Errors
/// [`Error::NotFound`] for what was never leased in the organization; [`Error::Gone`] when the job was removed;
/// [`Error::Refused`] when it was reported before, or another worker got the job.
pub fn report(
    tx: &mut Tx<'_>,
    permit: &Permit<RunJobs>,
    job: i64,
    report: &Report,
) -> Result<Execution, Error> {
    tx.lock_job(job)?;
    let lease = executions::table
        .filter(executions::id.eq(report.execution))
        .filter(executions::job_id.eq(job))
        .filter(executions::organization_id.eq(permit.reach.organization()));
    let leased: Execution = lease.select(Execution::as_select()).first(tx.db())?;
    let held = diesel::dsl::exists(jobs::table.find(job));
    if !diesel::select(held).get_result::<bool>(tx.db())? {
        return Err(Error::Gone(
            "The job was removed. Stop running it.".to_owned(),
        ));
    }
    match leased.outcome.as_str() {
        RUNNING => {}
        EXPIRED => {
            return Err(Error::Refused(
                "The lease ran out, and another worker got the job.".to_owned(),
            ));
        }
        _ => {
            return Err(Error::Refused("This lease was reported before.".to_owned()));
        }
    }
    diesel::update(jobs::table.find(job))
        .set(jobs::leased_until.eq(None::<NaiveDateTime>))
        .execute(tx.db())?;
    let now = tx.now();
    let printable: String = report
        .message
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    diesel::update(executions::table.find(report.execution))
        .set((
            executions::finished_at.eq(now),
            executions::outcome.eq(report.outcome.key()),
            executions::message.eq(cut(&printable, LONGEST_MESSAGE)),
        ))
        .execute(tx.db())?;
    Ok(lease.select(Execution::as_select()).first(tx.db())?)
}
