//! The last events of one user, in the words of a short list: what it did, and what was done to it.

use std::cmp::Reverse;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Event;
use crate::db::schema::audit_events as events;
use crate::db::{Backend, Db};
use crate::domain::audit;
use crate::domain::permit::Reach;
use crate::error::Error;

/// An event in the words of a short list.
#[derive(Debug)]
pub struct Line {
    /// What happened, and by whom or to what if that was somebody or something else.
    pub text: String,
    /// When, in UTC.
    pub at: NaiveDateTime,
}

/// The last `count` events of a user that lie within reach, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn last_of_user(
    db: &mut Db,
    reach: Reach,
    user: i64,
    count: usize,
) -> Result<Vec<Line>, Error> {
    let within = || {
        let query = events::table
            .filter(events::organization_id.eq(reach.organization()))
            .into_boxed::<Backend>();
        match reach {
            Reach::Organization(_) => query,
            Reach::Account { account, .. } => query.filter(events::account_id.eq(account)),
        }
    };
    // The two lie along indexes of their own.
    let did = within().filter(events::actor_id.eq(user));
    let was_done = within()
        .filter(events::target_kind.eq("user"))
        .filter(events::target_id.eq(user));
    let mut found: Vec<Event> = Vec::new();
    for query in [did, was_done] {
        found.extend(
            query
                .order((events::at.desc(), events::id.desc()))
                .limit(i64::try_from(count).unwrap_or(i64::MAX))
                .select(Event::as_select())
                .load::<Event>(db)?,
        );
    }
    found.sort_by_key(|event| Reverse(event.position()));
    found.dedup_by_key(|event| event.id);
    found.truncate(count);
    Ok(found.iter().map(|event| line(event, user)).collect())
}

fn line(event: &Event, user: i64) -> Line {
    let about = event.target_kind == "user" && event.target_id == Some(user);
    let by = event.actor_name.as_str();
    let text = if !about {
        match (event.target_kind.as_str(), event.target_name.as_str()) {
            // There is only one, its own.
            ("organization", _) | (_, "") => event.what().to_owned(),
            (_, name) => format!("{}: {name}", event.what()),
        }
    } else if event.actor_id == Some(user) || by.is_empty() {
        audit::short(&event.code).to_owned()
    } else {
        format!("{} by {by}", audit::short(&event.code))
    };
    Line { text, at: event.at }
}
