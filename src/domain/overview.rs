//! What a user owns and has open, counted and named, in one query: what the pages Edit and Delete tell.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::actor::Actor;
use super::session;
use crate::db::{Db, Spelled, Value};
use crate::error::Error;

const QUERY: &str = "SELECT \
    (SELECT COUNT(*) FROM jobs WHERE user_id = users.id), \
    (SELECT COUNT(*) FROM instances WHERE user_id = users.id AND kind = 'element'), \
    (SELECT COUNT(*) FROM instances WHERE user_id = users.id AND kind = 'formula'), \
    (SELECT COUNT(*) FROM sessions WHERE user_id = users.id AND \
        (stage = 'api' AND started_at > ? OR stage <> 'api' AND seen_at > ? AND started_at > ?)), \
    (SELECT string_agg(name, ', ') FROM \
        (SELECT name FROM jobs WHERE user_id = users.id ORDER BY id LIMIT 3) AS few), \
    (SELECT string_agg(name, ', ') FROM \
        (SELECT name FROM instances WHERE user_id = users.id AND kind = 'element' ORDER BY id LIMIT 3) AS few), \
    (SELECT string_agg(name, ', ') FROM \
        (SELECT name FROM instances WHERE user_id = users.id AND kind = 'formula' ORDER BY id LIMIT 3) AS few) \
    FROM users WHERE id = ?";

type Columns = (
    BigInt,
    BigInt,
    BigInt,
    BigInt,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);

/// What a user owns and has open.
#[derive(Debug, Queryable)]
pub struct Overview {
    /// Jobs.
    pub jobs: i64,
    /// Element instances.
    pub elements: i64,
    /// Formula instances.
    pub formulas: i64,
    /// Sessions that hold, bearer tokens of the API among them.
    pub sessions: i64,
    job_names: Option<String>,
    element_names: Option<String>,
    formula_names: Option<String>,
}

impl Overview {
    /// The first few jobs by name.
    #[must_use]
    pub fn job_names(&self) -> &str {
        self.job_names.as_deref().unwrap_or_default()
    }

    /// The first few element instances by name.
    #[must_use]
    pub fn element_names(&self) -> &str {
        self.element_names.as_deref().unwrap_or_default()
    }

    /// The first few formula instances by name.
    #[must_use]
    pub fn formula_names(&self) -> &str {
        self.formula_names.as_deref().unwrap_or_default()
    }

    /// Instances of both kinds.
    #[must_use]
    pub fn instances(&self) -> i64 {
        self.elements + self.formulas
    }
}

/// The overview of a user of the actor's organization, who was found within reach before.
///
/// # Errors
/// [`Error::NotFound`] when there is no such user any more; otherwise when the database cannot be read.
pub fn of_user(
    db: &mut Db,
    actor: &Actor,
    user: i64,
    now: NaiveDateTime,
) -> Result<Overview, Error> {
    let values = vec![
        Value::Time(session::tokens_after(now)),
        Value::Time(actor.limits.seen_after(now)),
        Value::Time(actor.limits.started_after(now)),
        Value::Id(user),
    ];
    let found: Option<Overview> = Spelled::<Columns>::new(QUERY, values).load(db)?.pop();
    found.ok_or(Error::NotFound)
}
