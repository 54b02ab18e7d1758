//! Changing one's own instances. Their jobs come and go with them.

use diesel::prelude::*;

use super::making::{check_tags, polling_schedule, start};
use super::{ELEMENT, Instance, OfKind, find};
use crate::db::Tx;
use crate::db::schema::{instances, jobs};
use crate::domain::audit::{self, Code, Details};
use crate::domain::job;
use crate::domain::permit::{CreateElementInstances, Permit};
use crate::domain::text::name;
use crate::error::{Error, FieldErrors};

/// What of an element instance is to change; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct EditElement {
    /// Name.
    pub name: Option<String>,
    /// Words of its owner, all of them.
    pub tags: Option<Vec<String>>,
    /// Whether it is to be asked for news.
    pub polling: Option<bool>,
}

/// Changes an element instance of the actor's own, and its poller with it.
///
/// # Errors
/// [`Error::NotFound`] when it is not there or somebody else's; [`Error::Invalid`] with every field that is wrong.
pub fn update(
    tx: &mut Tx<'_>,
    permit: &Permit<CreateElementInstances>,
    id: i64,
    input: &EditElement,
) -> Result<Instance, Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    let instance = find(tx.db(), owner, ELEMENT, id)?;
    let mut errors = FieldErrors::default();
    let named = match &input.name {
        Some(typed) => name("name", "name", 200, typed, &mut errors),
        None => Some(instance.name.clone()),
    };
    let tags = match &input.tags {
        Some(tags) => check_tags(tags, &mut errors)?,
        None => instance.tags.clone(),
    };
    errors.into_result()?;
    let named = named.unwrap_or_default();
    let cron = match input.polling {
        Some(true) if instance.cron.is_none() => Some(polling_schedule()?.as_str().to_owned()),
        Some(false) => None,
        _ => instance.cron.clone(),
    };
    let mut noted = Details::default();
    noted.changed("name", &instance.name, &named);
    noted.changed("tags", &instance.tags, &tags);
    let schedule = |cron: &Option<String>| cron.clone().unwrap_or_default();
    noted.changed("schedule", &schedule(&instance.cron), &schedule(&cron));
    if noted.is_empty() {
        return Ok(instance);
    }
    diesel::update(instances::table.find(id))
        .set((
            instances::name.eq(&named),
            instances::tags.eq(tags),
            instances::cron.eq(&cron),
        ))
        .execute(tx.db())?;
    diesel::update(jobs::table.filter(jobs::instance_id.eq(id)))
        .set(jobs::name.eq(&named))
        .execute(tx.db())?;
    let changed = find(tx.db(), owner, ELEMENT, id)?;
    if cron != instance.cron && !instance.disabled {
        job::stop_of_instance(tx, id)?;
        start(tx, owner, &changed)?;
    }
    let target = changed.target(owner);
    audit::record(tx, &owner.into(), Code::InstanceUpdated, &target, &noted)?;
    Ok(changed)
}

/// Switches an instance of the actor's own on or off: its job is made, or stopped and removed.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, of the other kind, or somebody else's.
pub fn set_enabled<D: OfKind>(
    tx: &mut Tx<'_>,
    permit: &Permit<D>,
    id: i64,
    enabled: bool,
) -> Result<Instance, Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    let mut instance = find(tx.db(), owner, D::KIND, id)?;
    let switched = instance.disabled == enabled;
    instance.disabled = !enabled;
    diesel::update(instances::table.find(id))
        .set(instances::disabled.eq(!enabled))
        .execute(tx.db())?;
    // A deactivation of the owner has left an enabled instance without its job: this brings it back.
    let (code, changed) = if enabled {
        (Code::InstanceEnabled, start(tx, owner, &instance)?)
    } else {
        job::stop_of_instance(tx, id)?;
        (Code::InstanceDisabled, false)
    };
    if !switched && !changed {
        return Ok(instance);
    }
    let (target, noted) = (instance.target(owner), Details::default());
    audit::record(tx, &owner.into(), code, &target, &noted)?;
    Ok(instance)
}

/// Deletes an instance of the actor's own, with its job.
///
/// # Errors
/// [`Error::NotFound`] as [`set_enabled`].
pub fn delete<D: OfKind>(tx: &mut Tx<'_>, permit: &Permit<D>, id: i64) -> Result<(), Error> {
    let owner = &permit.actor;
    tx.lock_owner(owner.id)?;
    let instance = find(tx.db(), owner, D::KIND, id)?;
    job::stop_of_instance(tx, id)?;
    diesel::delete(instances::table.find(id)).execute(tx.db())?;
    let (target, noted) = (instance.target(owner), Details::default());
    audit::record(tx, &owner.into(), Code::InstanceDeleted, &target, &noted)
}
