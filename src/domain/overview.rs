//! What a user owns and has open, counted and named, in one query: what the pages Edit and Delete tell.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::actor::Actor;
use crate::db::Db;
use crate::db::schema::users;
use crate::error::Error;

/// What a user owns and has open.
#[derive(Debug, Queryable)]
pub struct Overview {
    /// Jobs.
    pub jobs: i64,
    /// Element instances.
    pub elements: i64,
    /// Formula instances.
    pub formulas: i64,
    /// Sessions that hold.
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
/// When the database cannot be read.
pub fn of_user(
    db: &mut Db,
    actor: &Actor,
    user: i64,
    now: NaiveDateTime,
) -> Result<Overview, Error> {
    let join = if db.is_sqlite() {
        "group_concat"
    } else {
        "string_agg"
    };
    let count = |from: &str| format!("(SELECT COUNT(*) FROM {from})");
    let names = |from: &str| {
        format!(
            "(SELECT {join}(name, ', ') FROM (SELECT name FROM {from} ORDER BY id LIMIT 3) AS few)"
        )
    };
    let jobs = "jobs WHERE jobs.user_id = users.id";
    let elements = "instances WHERE instances.user_id = users.id AND kind = 'element'";
    let formulas = "instances WHERE instances.user_id = users.id AND kind = 'formula'";
    let open = sql::<BigInt>(
        "(SELECT COUNT(*) FROM sessions WHERE sessions.user_id = users.id AND seen_at > ",
    )
    .bind::<Timestamp, _>(actor.limits.seen_after(now))
    .sql(" AND started_at > ")
    .bind::<Timestamp, _>(actor.limits.started_after(now))
    .sql(")");
    Ok(users::table
        .find(user)
        .select((
            sql::<BigInt>(&count(jobs)),
            sql::<BigInt>(&count(elements)),
            sql::<BigInt>(&count(formulas)),
            open,
            sql::<Nullable<Text>>(&names(jobs)),
            sql::<Nullable<Text>>(&names(elements)),
            sql::<Nullable<Text>>(&names(formulas)),
        ))
        .first(db)?)
}
