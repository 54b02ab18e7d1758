//! How long audit events are kept: the one thing that removes them, an organization at a time, in small steps.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actor::Origin;
use super::audit::{self, By, Code, Details, Target};
use crate::db::schema::{audit_events as events, organizations};
use crate::db::{Backend, Db, Tx};
use crate::error::Error;

/// Events that are removed in one transaction.
const STEP: i64 = 1_000;

/// The removal of an organization's old events.
#[derive(Debug, Clone)]
pub struct Trimming {
    /// The organization; none for events that belong to nobody, such as sign-ins with an unknown address.
    organization: Option<i64>,
    name: String,
    before: NaiveDateTime,
    /// How many were removed so far.
    pub removed: i64,
    /// The event that tells of it, once there is one.
    event: Option<i64>,
}

/// What there is to trim, to what was before a time: one for each organization, and one for events of nobody.
///
/// # Errors
/// When the database cannot be read.
pub fn all(db: &mut Db, before: NaiveDateTime) -> Result<Vec<Trimming>, Error> {
    let rows: Vec<(i64, String)> = organizations::table
        .order(organizations::id)
        .select((organizations::id, organizations::name))
        .load(db)?;
    let named = rows.into_iter().map(|(id, name)| (Some(id), name));
    let trimmings = named
        .chain([(None, String::new())])
        .map(|(organization, name)| Trimming {
            organization,
            name,
            before,
            removed: 0,
            event: None,
        });
    Ok(trimmings.collect())
}

impl Trimming {
    /// Removes the oldest events, up to a thousand, and says so in an event of the same transaction: one for the whole
    /// trimming, which is brought up to date with each step. Answers the trimming, and whether there may be more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn step(mut self, tx: &mut Tx<'_>) -> Result<(Self, bool), Error> {
        if let Some(id) = self.organization {
            // Several servers may trim at once; each then removes, and tells of, its own.
            tx.lock_organization(id)?;
        }
        let ids: Vec<i64> = self
            .events()
            .filter(events::at.lt(self.before))
            .order((events::at, events::id))
            .limit(STEP)
            .select(events::id)
            .load(tx.db())?;
        if ids.is_empty() {
            return Ok((self, false));
        }
        let removed =
            diesel::delete(events::table.filter(events::id.eq_any(&ids))).execute(tx.db())?;
        self.removed += i64::try_from(removed).unwrap_or(STEP);
        self.tell(tx)?;
        let more = i64::try_from(ids.len()).is_ok_and(|count| count == STEP);
        Ok((self, more))
    }

    fn events(&self) -> events::BoxedQuery<'static, Backend> {
        let all = events::table.into_boxed::<Backend>();
        match self.organization {
            Some(id) => all.filter(events::organization_id.eq(id)),
            None => all.filter(events::organization_id.is_null()),
        }
    }

    fn tell(&mut self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let noted = Details::default()
            .with("removed", &self.removed)
            .with("before", &self.before.format("%Y-%m-%d %H:%M:%S"));
        if let Some(event) = self.event {
            diesel::update(events::table.find(event))
                .set(events::details.eq(noted.text()?))
                .execute(tx.db())?;
            return Ok(());
        }
        let origin = Origin::server();
        let target = Target {
            kind: "organization",
            id: self.organization,
            name: &self.name,
            organization: self.organization,
            account: None,
        };
        audit::record(
            tx,
            &By::nobody(&origin),
            Code::AuditTrimmed,
            &target,
            &noted,
        )?;
        let now = tx.now();
        self.event = self
            .events()
            .filter(events::code.eq(Code::AuditTrimmed.key()))
            .filter(events::at.eq(now))
            .filter(events::request_id.eq(origin.request_id))
            .select(events::id)
            .first(tx.db())
            .optional()?;
        Ok(())
    }
}
