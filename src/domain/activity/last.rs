//! The last events of one user, in the words of a short list: what it did, and what was done to it.

use chrono::NaiveDateTime;

use super::{Event, Person, Place, Search};
use crate::db::Db;
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
    let search = Search {
        reach,
        from: None,
        to: None,
        person: Person::Id(user),
        account: None,
        code: None,
        only: &[],
        q: String::new(),
        place: Place::First,
        size: count,
        counted: 0,
        purpose: String::new(),
    };
    let (found, _) = search.scan(db, &search.place)?;
    let lines = found.iter().take(count).map(|event| line(event, user));
    Ok(lines.collect())
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
