//! Changing one's own jobs. A job that was made for an instance stays what the instance says of it.

use diesel::prelude::*;

use super::{Job, find};
use crate::db::Tx;
use crate::db::schema::{executions, instances, jobs};
use crate::domain::audit::{self, Code, Details};
use crate::domain::execution;
use crate::domain::permit::{Permit, ScheduleJobs};
use crate::domain::schedule::Schedule;
use crate::error::{Error, FieldErrors};

/// Switches a job on or off. What it missed while it was off is not made up for.
///
/// # Errors
/// [`Error::NotFound`] when it is not there or somebody else's.
pub fn set_enabled(
    tx: &mut Tx<'_>,
    permit: &Permit<ScheduleJobs>,
    id: i64,
    enabled: bool,
) -> Result<Job, Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    tx.lock_job(id)?;
    let job = find(tx.db(), owner, id)?;
    if job.enabled == enabled {
        return Ok(job);
    }
    let (code, next) = if enabled {
        let schedule = Schedule::parse(&job.cron).map_err(Error::Internal)?;
        (Code::JobEnabled, schedule.next(tx.now()))
    } else {
        (Code::JobDisabled, job.next_fire_at)
    };
    diesel::update(jobs::table.find(id))
        .set((jobs::enabled.eq(enabled), jobs::next_fire_at.eq(next)))
        .execute(tx.db())?;
    let noted = Details::default();
    audit::record(tx, &owner.into(), code, &job.target(owner), &noted)?;
    find(tx.db(), owner, id)
}

/// Gives a job another schedule, and its instance too.
///
/// # Errors
/// [`Error::NotFound`] as [`set_enabled`]; [`Error::Invalid`] for a bad schedule.
pub fn reschedule(
    tx: &mut Tx<'_>,
    permit: &Permit<ScheduleJobs>,
    id: i64,
    cron: &str,
) -> Result<Job, Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    tx.lock_job(id)?;
    let job = find(tx.db(), owner, id)?;
    let mut errors = FieldErrors::default();
    let accepted = Schedule::accept("trigger.cron", cron, tx.now(), &mut errors);
    errors.into_result()?;
    let (schedule, next) = accepted.ok_or(Error::Malformed("The schedule is not complete."))?;
    let mut noted = Details::default();
    noted.changed("schedule", &job.cron, schedule.as_str());
    if noted.is_empty() {
        return Ok(job);
    }
    diesel::update(jobs::table.find(id))
        .set((
            jobs::cron.eq(schedule.as_str()),
            jobs::next_fire_at.eq(next),
        ))
        .execute(tx.db())?;
    if let Some(instance) = job.instance_id {
        diesel::update(instances::table.find(instance))
            .set(instances::cron.eq(schedule.as_str()))
            .execute(tx.db())?;
    }
    let target = job.target(owner);
    audit::record(tx, &owner.into(), Code::JobRescheduled, &target, &noted)?;
    find(tx.db(), owner, id)
}

/// Deletes a job; the instance that it was made for runs by no schedule any more.
///
/// # Errors
/// [`Error::NotFound`] as [`set_enabled`].
pub fn delete(tx: &mut Tx<'_>, permit: &Permit<ScheduleJobs>, id: i64) -> Result<(), Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    tx.lock_job(id)?;
    let job = find(tx.db(), owner, id)?;
    diesel::delete(jobs::table.find(id)).execute(tx.db())?;
    execution::withdraw(tx, || Box::new(executions::job_id.eq(id)))?;
    if let Some(instance) = job.instance_id {
        diesel::update(instances::table.find(instance))
            .set(instances::cron.eq(None::<String>))
            .execute(tx.db())?;
    }
    let noted = Details::default();
    audit::record(
        tx,
        &owner.into(),
        Code::JobDeleted,
        &job.target(owner),
        &noted,
    )
}
