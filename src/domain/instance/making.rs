//! Making element and formula instances, with the job of those that run by a schedule.

use diesel::prelude::*;

use super::{ELEMENT, Instance, OfKind, find};
use crate::db::Tx;
use crate::db::schema::instances;
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Code, Details};
use crate::domain::job;
use crate::domain::permit::{CreateElementInstances, CreateFormulaInstances, Permit};
use crate::domain::schedule::Schedule;
use crate::domain::text::name;
use crate::error::{Error, FieldErrors};

/// When an element instance is asked for news.
const POLLING: &str = "0 0/15 * 1/1 * ? *";
/// Tags of an instance at most.
const TAGS: usize = 20;

/// An element instance as it is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewElement {
    /// Name.
    pub name: String,
    /// The element's key.
    pub element: String,
    /// Words of its owner.
    pub tags: Vec<String>,
    /// Whether it is to be asked for news.
    pub polling: bool,
}

/// A formula instance as it is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewFormula {
    /// Name.
    pub name: String,
    /// The formula's id.
    pub formula: i64,
    /// When it runs, a Quartz expression; without one it is run by its events.
    pub cron: Option<String>,
}

/// Tags as they are kept, or a note on what is wrong with them.
pub(super) fn check_tags(tags: &[String], errors: &mut FieldErrors) -> Result<String, Error> {
    if tags.len() > TAGS {
        errors.add("tags", format!("Enter at most {TAGS} tags."));
    }
    let kept: Vec<String> = tags
        .iter()
        .filter_map(|tag| name("tags", "tag", 100, tag, errors))
        .collect();
    serde_json::to_string(&kept).map_err(Error::internal)
}

/// When the poller of an element instance runs.
pub(super) fn polling_schedule() -> Result<Schedule, Error> {
    Schedule::parse(POLLING).map_err(Error::Internal)
}

/// Adds an element instance of the actor's own; if it is to be asked for news, with its poller.
///
/// # Errors
/// [`Error::Invalid`] with every field that is wrong.
pub fn add_element(
    tx: &mut Tx<'_>,
    permit: &Permit<CreateElementInstances>,
    input: &NewElement,
) -> Result<Instance, Error> {
    let mut errors = FieldErrors::default();
    let named = name("name", "name", 200, &input.name, &mut errors);
    let element = name("element.key", "key", 100, &input.element, &mut errors);
    let tags = check_tags(&input.tags, &mut errors)?;
    errors.into_result()?;
    let schedule = input.polling.then(polling_schedule).transpose()?;
    let row = NewRow {
        name: named.unwrap_or_default(),
        source: element.unwrap_or_default(),
        tags,
        schedule,
    };
    insert(tx, permit, &row)
}

/// Adds a formula instance of the actor's own; if it runs by a schedule, with its job.
///
/// # Errors
/// [`Error::Invalid`] with every field that is wrong.
pub fn add_formula(
    tx: &mut Tx<'_>,
    permit: &Permit<CreateFormulaInstances>,
    input: &NewFormula,
) -> Result<Instance, Error> {
    let mut errors = FieldErrors::default();
    let named = name("name", "name", 200, &input.name, &mut errors);
    if input.formula < 1 {
        errors.add("formula.id", "Enter the id of a formula.");
    }
    let accepted = input
        .cron
        .as_deref()
        .and_then(|cron| Schedule::accept("trigger.cron", cron, tx.now(), &mut errors));
    errors.into_result()?;
    let row = NewRow {
        name: named.unwrap_or_default(),
        source: input.formula.to_string(),
        tags: "[]".to_owned(),
        schedule: accepted.map(|(schedule, _)| schedule),
    };
    insert(tx, permit, &row)
}

struct NewRow {
    name: String,
    source: String,
    tags: String,
    schedule: Option<Schedule>,
}

fn insert<D: OfKind>(tx: &mut Tx<'_>, permit: &Permit<D>, row: &NewRow) -> Result<Instance, Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    let now = tx.now();
    let cron = row.schedule.as_ref().map(Schedule::as_str);
    let id: i64 = diesel::insert_into(instances::table)
        .values((
            instances::user_id.eq(owner.id),
            instances::kind.eq(D::KIND),
            instances::name.eq(&row.name),
            instances::source.eq(&row.source),
            instances::tags.eq(&row.tags),
            instances::cron.eq(cron),
            instances::created_at.eq(now),
        ))
        .returning(instances::id)
        .get_result(tx.db())?;
    let instance = find(tx.db(), owner, D::KIND, id)?;
    start(tx, owner, &instance)?;
    let mut noted = Details::default().with("source", &row.source);
    if let Some(cron) = cron {
        noted = noted.with("schedule", cron);
    }
    let target = instance.target(owner);
    audit::record(tx, &owner.into(), Code::InstanceCreated, &target, &noted)?;
    Ok(instance)
}

/// Makes the job of an instance that has a schedule and no job; answers whether it did.
pub(super) fn start(tx: &mut Tx<'_>, owner: &Actor, instance: &Instance) -> Result<bool, Error> {
    let Some(cron) = &instance.cron else {
        return Ok(false);
    };
    if job::is_of_instance(tx.db(), instance.id)? {
        return Ok(false);
    }
    let schedule = Schedule::parse(cron).map_err(Error::Internal)?;
    let row = job::NewRow {
        name: &instance.name,
        description: "",
        kind: if instance.kind == ELEMENT {
            job::POLLING
        } else {
            job::FORMULA
        },
        next: schedule.next(tx.now()),
        schedule: &schedule,
        instance: Some(instance.id),
        request: None,
    };
    job::insert(tx, owner, &row)?;
    Ok(true)
}
