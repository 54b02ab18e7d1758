//! What the demo's people own on the platform: jobs, element instances and formula instances.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use chrono::NaiveDateTime;
use rand::Rng as _;
use rand::rngs::StdRng;

use super::rows::{Batch, InstanceRow, JobRow};
use super::time::Span;
use crate::domain::instance::{ELEMENT, FORMULA};
use crate::domain::job::{API, Request};
use crate::domain::keys::Keys;
use crate::domain::schedule::Schedule;
use crate::error::Error;

/// Name, kind and Quartz expression.
const JOBS: [(&str, &str, &str); 20] = [
    ("Nightly manifest sync", "bulk", "0 30 2 1/1 * ? *"),
    ("Invoice poller", "polling", "0 0/15 * 1/1 * ? *"),
    ("Dock slot refresh", "api", "0 0/5 * 1/1 * ? *"),
    ("Customs status check", "api", "0 0 0/1 1/1 * ? *"),
    ("Month-end statement run", "formula", "0 0 4 1 1/1 ? *"),
    ("New order poller", "polling", "0 0/10 * 1/1 * ? *"),
    ("Weekly stock export", "bulk", "0 0 5 ? * MON *"),
    ("Exchange rates", "api", "0 5 6 ? * MON-FRI *"),
    ("Overdue reminder", "formula", "0 0 9 ? * MON-FRI *"),
    ("Contact poller", "polling", "0 0/30 * 1/1 * ? *"),
    ("Price list import", "bulk", "0 15 3 ? * TUE,FRI *"),
    ("Fuel surcharge update", "formula", "0 0 7 ? * WED *"),
    ("Ticket poller", "polling", "0 0/2 * 1/1 * ? *"),
    ("Carrier tracking", "api", "0 0/20 6-22 1/1 * ? *"),
    ("Payroll hand-over", "formula", "0 0 18 L * ? *"),
    ("Archive closed orders", "bulk", "0 0 1 ? * SUN *"),
    ("Returns poller", "polling", "0 10 0/2 1/1 * ? *"),
    ("Quarterly VAT extract", "bulk", "0 0 6 1 1/3 ? *"),
    ("Health check", "api", "0 0/1 * 1/1 * ? *"),
    ("Shift roster to calendar", "formula", "0 45 20 ? * SUN *"),
];

/// Name and element key.
const ELEMENTS: [(&str, &str); 18] = [
    ("Ledger Cloud", "ledgercloud"),
    ("HubFreight", "hubfreight"),
    ("SFTP Drop", "sftp"),
    ("Warehouse Desk", "warehousedesk"),
    ("Customs Gateway", "customsgateway"),
    ("Mail Relay", "smtprelay"),
    ("Shared Calendar", "caldav"),
    ("Order Book", "orderbook"),
    ("Ticket Desk", "ticketdesk"),
    ("Payroll One", "payrollone"),
    ("Map Tiles", "maptiles"),
    ("Contact Hub", "contacthub"),
    ("Bank Statements EU", "ebics"),
    ("Signature Desk", "signaturedesk"),
    ("Archive Bucket", "objectstore"),
    ("Tax Rates", "taxrates"),
    ("Webshop", "webshop"),
    ("Fleet Tracker", "fleettracker"),
];

/// Name and formula id.
const FORMULAS: [(&str, u32); 12] = [
    ("Order to invoice", 1204),
    ("Delivery note to archive", 1207),
    ("New contact to newsletter", 1219),
    ("Ticket to work order", 1233),
    ("Stock below minimum", 1240),
    ("Customs hold to on-call", 1256),
    ("Return to credit note", 1261),
    ("Hired to accounts", 1278),
    ("Rate change to price list", 1290),
    ("Late delivery to customer", 1302),
    ("Signed contract to folder", 1317),
    ("Payment to ledger", 1325),
];

/// What all jobs of one demo are made with.
#[derive(Clone)]
pub struct Planned {
    organization: i64,
    /// For each of the list of jobs, when it fires next and what it sends.
    jobs: Vec<(Option<NaiveDateTime>, Option<String>)>,
}

impl Planned {
    /// Plans every job of the list.
    ///
    /// # Errors
    /// When a schedule is not understood, which is a mistake in our list.
    pub fn new(keys: &Keys, organization: i64, now: NaiveDateTime) -> Result<Self, Error> {
        let jobs = JOBS
            .iter()
            .map(|(name, kind, cron)| {
                let schedule = Schedule::parse(cron).map_err(Error::Internal)?;
                let request = Request {
                    method: "GET".to_owned(),
                    uri: format!("/hubs/{}", name.to_lowercase().replace(' ', "-")),
                    ..Request::default()
                };
                let sealed = (*kind == API).then(|| request.seal(keys)).transpose()?;
                Ok((schedule.next(now), sealed))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self { organization, jobs })
    }
}

/// Which of the lists above somebody owns.
#[derive(Clone, Default)]
pub struct Owned {
    /// Places in the list of jobs.
    pub jobs: Range<usize>,
    /// Places in the list of elements.
    pub elements: Range<usize>,
    /// Places in the list of formulas.
    pub formulas: Range<usize>,
}

impl Owned {
    /// Draws what somebody owns who owns something.
    pub fn draw(rng: &mut StdRng) -> Self {
        Self {
            jobs: places(rng, JOBS.len(), 0..=2),
            elements: places(rng, ELEMENTS.len(), 1..=2),
            formulas: places(rng, FORMULAS.len(), 0..=1),
        }
    }

    /// So many jobs, elements and formulas, from the place `from` of each list on, or from its end.
    #[must_use]
    pub fn some(from: usize, jobs: usize, elements: usize, formulas: usize) -> Self {
        Self {
            jobs: stretch(JOBS.len(), from, jobs),
            elements: stretch(ELEMENTS.len(), from, elements),
            formulas: stretch(FORMULAS.len(), from, formulas),
        }
    }

    /// The same without the jobs, as a deactivation leaves it.
    #[must_use]
    pub fn without_jobs(self) -> Self {
        Self { jobs: 0..0, ..self }
    }

    /// Adds the rows for `user`, each made at some time in `during`.
    pub fn add(
        &self,
        planned: &Planned,
        batch: &mut Batch<'_>,
        rng: &mut StdRng,
        user: i64,
        during: Span,
    ) {
        let jobs = JOBS.iter().zip(&planned.jobs);
        let own = jobs.skip(self.jobs.start).take(self.jobs.len());
        for ((name, kind, cron), (next_fire_at, request)) in own {
            batch.jobs.push(JobRow {
                user_id: user,
                organization_id: planned.organization,
                next_fire_at: *next_fire_at,
                request_sealed: request.clone(),
                name,
                kind,
                cron,
                created_at: during.any(rng),
            });
        }
        let mut instance = |kind, name, source| {
            batch.instances.push(InstanceRow {
                user_id: user,
                kind,
                name,
                source,
                created_at: during.any(rng),
            });
        };
        for (name, key) in &ELEMENTS[self.elements.clone()] {
            instance(ELEMENT, name, Cow::Borrowed(*key));
        }
        for (name, formula) in &FORMULAS[self.formulas.clone()] {
            instance(FORMULA, name, Cow::Owned(formula.to_string()));
        }
    }
}

/// A stretch of a list of `length`, as long as one of `few` says.
fn places(rng: &mut StdRng, length: usize, few: RangeInclusive<usize>) -> Range<usize> {
    let count = rng.random_range(few);
    stretch(length, rng.random_range(0..length), count)
}

/// `count` places of a list of `length`: from `from` on, or its last ones.
fn stretch(length: usize, from: usize, count: usize) -> Range<usize> {
    let count = count.min(length);
    let start = from.min(length - count);
    start..start + count
}
