//! Scheduling a job: what is accepted, and what is kept of it.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{API, Job, find};
use crate::db::Tx;
use crate::db::schema::jobs;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::keys::Keys;
use crate::domain::permit::{Permit, ScheduleJobs};
use crate::domain::schedule::Schedule;
use crate::domain::text::{clean, has_control, name};
use crate::error::{Error, FieldErrors};

/// What requests are sealed for: their headers may hold secrets.
pub(in crate::domain) const OF_REQUEST: &str = "job-request";
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// Bytes of a request as it is kept.
const LARGEST: usize = 65_536;

/// What a scheduled call sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// A path that begins with `/`, or an http(s) address.
    pub uri: String,
    /// By name.
    pub headers: BTreeMap<String, String>,
    /// Parameters, by name.
    pub query: BTreeMap<String, String>,
    /// JSON as text.
    pub body: Option<String>,
}

impl Request {
    fn check(&mut self, errors: &mut FieldErrors) {
        self.method.make_ascii_uppercase();
        if !METHODS.contains(&self.method.as_str()) {
            errors.add("method", "Enter GET, POST, PUT, PATCH or DELETE.");
        }
        let known = ["/", "http://", "https://"];
        if !known.iter().any(|start| self.uri.starts_with(start))
            || self
                .uri
                .chars()
                .any(|c| c.is_whitespace() || c.is_control())
        {
            errors.add(
                "uri",
                "Enter a path that begins with /, or an http address.",
            );
        } else if self.uri.chars().count() > 2000 {
            errors.add("uri", "Enter a uri of at most 2000 characters.");
        }
        for (field, pairs) in [("headers", &self.headers), ("query", &self.query)] {
            if pairs
                .iter()
                .any(|(key, value)| key.is_empty() || has_control(key) || has_control(value))
            {
                errors.add(field, "Enter names and values without control characters.");
            }
        }
    }

    /// What a job keeps of it.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than 64 KiB.
    pub fn seal(&self, keys: &Keys) -> Result<String, Error> {
        let plain = serde_json::to_vec(self).map_err(Error::internal)?;
        if plain.len() > LARGEST {
            return Err(Error::TooLarge);
        }
        Ok(keys.seal(OF_REQUEST, &plain))
    }

    /// What [`Request::seal`] made.
    pub(in crate::domain) fn open(keys: &Keys, sealed: &str) -> Result<Self, Error> {
        let plain = keys
            .open(OF_REQUEST, sealed)
            .ok_or_else(|| Error::internal("a job's request cannot be unsealed"))?;
        serde_json::from_slice(&plain).map_err(Error::internal)
    }
}

/// A job as it is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewJob {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// What it sends.
    pub request: Request,
    /// A Quartz expression.
    pub cron: String,
}

/// What is written for a new job.
pub(in crate::domain) struct NewRow<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub kind: &'static str,
    pub schedule: &'a Schedule,
    pub next: Option<NaiveDateTime>,
    pub instance: Option<i64>,
    pub request: Option<String>,
}

/// Writes a new job of an active owner; the caller has made sure of that by [`Tx::lock_owner`].
pub(in crate::domain) fn insert(
    tx: &mut Tx<'_>,
    owner: &Actor,
    row: &NewRow<'_>,
) -> Result<i64, Error> {
    let now = tx.now();
    Ok(diesel::insert_into(jobs::table)
        .values((
            jobs::user_id.eq(owner.id),
            jobs::organization_id.eq(owner.organization_id),
            jobs::name.eq(row.name),
            jobs::description.eq(row.description),
            jobs::kind.eq(row.kind),
            jobs::cron.eq(row.schedule.as_str()),
            jobs::next_fire_at.eq(row.next),
            jobs::instance_id.eq(row.instance),
            jobs::request_sealed.eq(&row.request),
            jobs::created_at.eq(now),
        ))
        .returning(jobs::id)
        .get_result(tx.db())?)
}

/// Schedules a call of the actor's own.
///
/// # Errors
/// [`Error::Invalid`] with every field that is wrong; [`Error::TooLarge`] for more than 64 KiB to send.
pub fn schedule(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<ScheduleJobs>,
    input: NewJob,
) -> Result<Job, Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    let mut errors = FieldErrors::default();
    let name = name("name", "name", 200, &input.name, &mut errors);
    let description = clean(&input.description);
    if description.chars().count() > 2000 || has_control(&description) {
        errors.add(
            "description",
            "Enter a description of at most 2000 characters, without control characters.",
        );
    }
    let mut request = input.request;
    request.check(&mut errors);
    let accepted = Schedule::accept("trigger.cron", &input.cron, tx.now(), &mut errors);
    errors.into_result()?;
    let (Some(name), Some((schedule, next))) = (name, accepted) else {
        return Err(Error::Malformed("The job is not complete."));
    };
    let row = NewRow {
        name: &name,
        description: &description,
        kind: API,
        schedule: &schedule,
        next: Some(next),
        instance: None,
        request: Some(request.seal(keys)?),
    };
    let id = insert(tx, owner, &row)?;
    let job = find(tx.db(), owner, id)?;
    let noted = Details::default().with("schedule", schedule.as_str());
    audit::record(
        tx,
        &owner.into(),
        Code::JobCreated,
        &job.target(owner),
        &noted,
    )?;
    Ok(job)
}
