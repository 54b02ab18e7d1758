//! Activity: the audit trail as it is looked through, newest first, by filter and by page.

mod last;
mod scan;
mod trail;
mod words;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;
use serde::Deserialize;

pub use self::last::{Line, last_of_user};
pub use self::trail::Asked;
pub use self::words::{Change, kinds};

use self::scan::End;
use super::account;
use super::audit::{self, Code, Details, Target};
use super::email;
use super::keys::Keys;
use super::permit::{Permit, Reach, ViewLogs};
use super::text::{clean, fold};
use crate::db::schema::{accounts, audit_events, users};
use crate::db::{Backend, Db, Tx};
use crate::error::Error;

/// Events on a page.
pub const PAGE: usize = 50;
/// Counting stops here; more are "more than".
pub const COUNTED: i64 = 1_000;
/// Events that are looked at for one page, where no index answers the search.
pub const LOOKED_AT: usize = 10_000;
/// Longer searches match nothing that can be stored.
const LONGEST: usize = 300;

/// What is asked for, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ActivityQuery {
    /// The first day, `yyyy-MM-dd`, in UTC.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Who did it or had it done to them: an id, an email, or part of a name.
    pub person: String,
    /// The id of an account.
    pub account: String,
    /// A code.
    pub event: String,
    /// Any text of an event.
    pub q: String,
    /// The page after this position.
    pub after: String,
    /// The page before this position.
    pub before: String,
}

/// A query that was understood, cut to what its asker may see.
#[derive(Debug, Clone)]
pub struct Search {
    reach: Reach,
    from: Option<NaiveDateTime>,
    to: Option<NaiveDateTime>,
    person: Person,
    account: Option<i64>,
    code: Option<&'static str>,
    /// The codes that alone are shown; all of them when there are none.
    only: &'static [&'static str],
    q: String,
    place: Place,
    /// Events on a page.
    size: usize,
    /// Counting stops here.
    counted: i64,
    /// What a position is sealed for: it tells of an event, so it is bound to whoever may see it.
    purpose: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Person {
    Anyone,
    Id(i64),
    Named(String),
}

/// An event's place in the order: its time, and its id among those of the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    at: NaiveDateTime,
    id: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    After(Position),
    Before(Position),
}

/// An event, as it was written.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub struct Event {
    /// Id.
    pub id: i64,
    /// The account of what it was done to.
    pub account_id: Option<i64>,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Who, by id.
    pub actor_id: Option<i64>,
    /// Full name; empty when nobody is known.
    pub actor_name: String,
    /// Email.
    pub actor_email: String,
    /// Through what.
    pub channel: String,
    /// From which address.
    pub address: String,
    /// Which request.
    pub request_id: String,
    /// What.
    pub code: String,
    /// On what kind of thing.
    pub target_kind: String,
    /// Its id.
    pub target_id: Option<i64>,
    /// Its name.
    pub target_name: String,
    /// Before and after, as JSON.
    pub details: String,
    /// `done` or `refused`.
    pub outcome: String,
}

/// One page of events.
pub struct Page {
    /// The events, up to the size that was asked for.
    pub events: Vec<Event>,
    /// The value of `before`, when there may be an earlier page; empty for the first page.
    pub previous: Option<String>,
    /// The value of `after`, when there may be a later page.
    pub next: Option<String>,
    /// How many match, up to one more than `counted`, where that is cheap to know.
    pub total: Option<i64>,
    counted: i64,
    /// How far back [`LOOKED_AT`] events reached, when that ended the page.
    pub reached: Option<NaiveDate>,
}

impl ActivityQuery {
    /// Understands the query for whoever holds the permit.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a date, word or position that no page of ours makes.
    pub fn parse(&self, keys: &Keys, permit: &Permit<ViewLogs>) -> Result<Search, Error> {
        let (person, q) = (clean(&self.person), clean(&self.q));
        if person.chars().count() > LONGEST || q.chars().count() > LONGEST {
            return Err(Error::Malformed("The search text is too long."));
        }
        let account = match self.account.as_str() {
            "" => None,
            id => Some(number(id).ok_or(Error::Malformed("account is the id of an account."))?),
        };
        let code = match self.event.as_str() {
            "" => None,
            word => Some(
                audit::codes()
                    .map(|(key, _)| key)
                    .find(|key| *key == word)
                    .ok_or(Error::Malformed("event names no kind of event."))?,
            ),
        };
        let mut search = Search {
            reach: permit.reach,
            from: day(&self.from)?.map(|day| day.and_time(NaiveTime::MIN)),
            to: day(&self.to)?.and_then(|day| day.and_hms_micro_opt(23, 59, 59, 999_999)),
            person: match number(&person) {
                Some(id) => Person::Id(id),
                None if person.is_empty() => Person::Anyone,
                None => Person::Named(fold(&person)),
            },
            account,
            code,
            only: &[],
            q: fold(&q),
            place: Place::First,
            size: PAGE,
            counted: COUNTED,
            purpose: format!("activity.{:?}", permit.reach),
        };
        search.place = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Place::First,
            (after, "") => Place::After(search.open(keys, after)?),
            ("", before) => Place::Before(search.open(keys, before)?),
            _ => {
                return Err(Error::Malformed(
                    "Only one of after and before can be given.",
                ));
            }
        };
        Ok(search)
    }

    /// Whether anything narrows what is shown.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.is_empty())
    }

    /// What narrows it: the names and values of the address.
    #[must_use]
    pub fn filters(&self) -> [(&'static str, &str); 6] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("person", &self.person),
            ("account", &self.account),
            ("event", &self.event),
            ("q", &self.q),
        ]
    }
}

impl Search {
    /// Looks up what the query names: the account has to be within reach, and an email becomes its user, whose
    /// events are then found under every email and name it had.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an account out of reach.
    pub fn look_up(&mut self, db: &mut Db) -> Result<(), Error> {
        if let Some(id) = self.account {
            account::find(db, self.reach, id)?;
        }
        let Person::Named(text) = &self.person else {
            return Ok(());
        };
        let Some(key) = email::key(text) else {
            return Ok(());
        };
        let mut query = users::table
            .inner_join(accounts::table)
            .filter(users::email_key.eq(key))
            .filter(accounts::organization_id.eq(self.reach.organization()))
            .select(users::id)
            .into_boxed::<Backend>();
        if let Reach::Account { account, .. } = self.reach {
            query = query.filter(accounts::id.eq(account));
        }
        if let Some(id) = query.first(db).optional()? {
            self.person = Person::Id(id);
        }
        Ok(())
    }

    /// Whether it is the first page.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.place == Place::First
    }

    /// Whether nothing newer matches where the page was looked for, so that the first page says it better.
    #[must_use]
    pub fn is_before_all(&self, page: &Page) -> bool {
        matches!(self.place, Place::Before(_)) && page.events.is_empty() && page.previous.is_none()
    }

    /// Reads the page.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page(&self, db: &mut Db, keys: &Keys) -> Result<Page, Error> {
        let (mut events, end) = self.scan(db, &self.place)?;
        events.truncate(self.size);
        let backwards = matches!(self.place, Place::Before(_));
        if backwards {
            events.reverse();
        }
        let token = |position: Position| self.seal(keys, position);
        let first = events.first().map(Event::position);
        let last = events.last().map(Event::position);
        let (edge, here) = if backwards {
            (first, last)
        } else {
            (last, first)
        };
        let (onward, stopped) = match end {
            End::More => (edge, None),
            End::Nothing => (None, None),
            End::Here(position) => (Some(position), Some(position)),
        };
        let onward = onward.map(token);
        let back = match self.place {
            Place::First => None,
            // Nothing stands here to go back from: from where the looking ended, or from the very beginning.
            Place::After(_) => Some(here.or(stopped).map(token).unwrap_or_default()),
            Place::Before(_) => here.or(stopped).map(token),
        };
        let (previous, next) = if backwards {
            (onward, back)
        } else {
            (back, onward)
        };
        Ok(Page {
            events,
            previous,
            next,
            total: self.count(db)?,
            counted: self.counted,
            reached: stopped.map(|position| position.at.date()),
        })
    }

    fn seal(&self, keys: &Keys, position: Position) -> String {
        let mut plain = position.id.to_be_bytes().to_vec();
        plain.extend(position.at.and_utc().timestamp_micros().to_be_bytes());
        keys.seal(&self.purpose, &plain)
    }

    fn open(&self, keys: &Keys, token: &str) -> Result<Position, Error> {
        let parts = keys.open(&self.purpose, token).and_then(|plain| {
            let (id, at) = plain.split_first_chunk::<8>()?;
            let at = DateTime::from_timestamp_micros(i64::from_be_bytes(at.try_into().ok()?))?;
            Some(Position {
                at: at.naive_utc(),
                id: i64::from_be_bytes(*id),
            })
        });
        parts.ok_or(Error::Malformed(
            "This position in the events is not understood. Go back to the first page.",
        ))
    }
}

impl Page {
    /// How many match, where that is known to the last one.
    #[must_use]
    pub fn exact_total(&self) -> Option<i64> {
        self.total.filter(|total| *total <= self.counted)
    }
}

/// Notes that what a query shows is taken away as a file, and by which filter.
///
/// # Errors
/// When the database cannot be written.
pub fn note_export(
    tx: &mut Tx<'_>,
    permit: &Permit<ViewLogs>,
    query: &ActivityQuery,
) -> Result<(), Error> {
    let actor = &permit.actor;
    let mut noted = Details::default();
    for (name, value) in query.filters() {
        if !value.is_empty() {
            noted = noted.with(name, value);
        }
    }
    let target = Target {
        kind: "organization",
        id: Some(actor.organization_id),
        name: &actor.organization_name,
        organization: Some(actor.organization_id),
        account: match permit.reach {
            Reach::Organization(_) => None,
            Reach::Account { account, .. } => Some(account),
        },
    };
    audit::record(tx, &actor.into(), Code::ActivityExported, &target, &noted)
}

/// Accounts to choose from: id and name, by name; `None` when there are more than `most`.
///
/// # Errors
/// When the database cannot be read.
pub fn accounts_of(
    db: &mut Db,
    organization: i64,
    most: usize,
) -> Result<Option<Vec<(i64, String)>>, Error> {
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let mut rows: Vec<(Vec<u8>, i64, String)> = accounts::table
        .filter(accounts::organization_id.eq(organization))
        .order((accounts::active.asc(), accounts::name_key.asc()))
        .limit(limit)
        .select((accounts::name_key, accounts::id, accounts::name))
        .load(db)?;
    rows.sort();
    let all = rows.len() <= most;
    Ok(all.then(|| rows.into_iter().map(|(_, id, name)| (id, name)).collect()))
}

/// A number as people and links write ids: digits only.
fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn day(text: &str) -> Result<Option<NaiveDate>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let day = text.parse::<NaiveDate>().ok().filter(|_| shape);
    day.map(Some)
        .ok_or(Error::Malformed("from and to are days like 2026-11-24."))
}

#[cfg(test)]
mod tests {
    use super::{day, number};

    #[test]
    fn days_and_numbers_are_what_pages_write() {
        assert!(day("2024-02-29").is_ok_and(|day| day.is_some()));
        for wrong in [
            "2023-02-29",
            "2026-1-01",
            "+026-01-01",
            "24.11.2026",
            "2026-11-24 ",
            "x",
        ] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
        assert_eq!(number("7702"), Some(7702));
        for wrong in ["", "+5", "-5", "5x", "99999999999999999999"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
