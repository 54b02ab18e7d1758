//! Finds the events of a search along one index, in steps that are bounded however little matches.

use diesel::prelude::*;
use diesel::sql_types::Timestamp;

use super::words::stored;
use super::{Event, Person, Place, Position, Search};
use crate::db::schema::audit_events as events;
use crate::db::{Backend, BoundedCount, Db, Order};
use crate::domain::permit::Reach;
use crate::domain::text::fold;
use crate::error::Error;

/// So many events are looked at where the index alone does not answer the search: in most cases the first step is enough.
const STEPS: [usize; 2] = [1_000, super::LOOKED_AT - 1_000];
/// Events that an export reads at a time.
const CHUNK: usize = 1_000;

/// The index that leads the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Time,
    Account(i64),
    Person(i64),
    Code(&'static str),
}

/// Why a scan ended.
pub(super) enum End {
    /// One more than a page was found.
    More,
    /// There is nothing beyond.
    Nothing,
    /// Enough was looked at; it can go on from here.
    Here(Position),
}

type Query<'a> = events::BoxedQuery<'a, Backend>;

impl Search {
    fn way(&self) -> Way {
        match (self.reach, &self.person, self.account, self.code) {
            // Always by the own account: how many events others have must not show, not even in what was looked at.
            (Reach::Account { account, .. }, ..) => Way::Account(account),
            (_, Person::Id(id), ..) => Way::Person(*id),
            (_, _, Some(account), _) => Way::Account(account),
            (_, _, None, Some(code)) => Way::Code(code),
            _ => Way::Time,
        }
    }

    /// Whether the index alone answers the search, so that every event along it matches.
    fn is_exact(&self) -> bool {
        let way = self.way();
        self.q.is_empty()
            && self.only.is_empty()
            && match self.person {
                Person::Anyone => true,
                Person::Id(id) => way == Way::Person(id),
                Person::Named(_) => false,
            }
            && self
                .account
                .is_none_or(|account| way == Way::Account(account))
            && self.code.is_none_or(|code| way == Way::Code(code))
    }

    /// The events from a place on, in the order in which they were found, and why there are no more of them.
    pub(super) fn scan(&self, db: &mut Db, place: &Place) -> Result<(Vec<Event>, End), Error> {
        let (mut position, backwards) = match place {
            Place::First => (None, false),
            Place::After(position) => (Some(*position), false),
            Place::Before(position) => (Some(*position), true),
        };
        // Where it does, a page is enough, and one more to see whether there is a page after it.
        let exact = [self.size + 1];
        let steps: &[usize] = if self.is_exact() { &exact } else { &STEPS };
        let mut found = Vec::new();
        for step in steps {
            let read = self.read(db, position, backwards, *step)?;
            let last = read.len() < *step;
            for event in read {
                position = Some(event.position());
                if self.matches(&event) {
                    found.push(event);
                    if found.len() > self.size {
                        return Ok((found, End::More));
                    }
                }
            }
            if last {
                return Ok((found, End::Nothing));
            }
        }
        Ok((found, position.map_or(End::Nothing, End::Here)))
    }

    /// The events of an export after a position, and the position of the next chunk, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn chunk(
        &self,
        db: &mut Db,
        after: Option<Position>,
    ) -> Result<(Vec<Event>, Option<Position>), Error> {
        let mut read = self.read(db, after, false, CHUNK)?;
        let next = read.last().map(Event::position);
        let next = next.filter(|_| read.len() == CHUNK);
        read.retain(|event| self.matches(event));
        Ok((read, next))
    }

    /// How many events there are, up to one more than `counted`, where one index knows.
    pub(super) fn count(&self, db: &mut Db) -> Result<Option<i64>, Error> {
        if !self.is_exact() || matches!(self.way(), Way::Person(_)) {
            return Ok(None);
        }
        let query = self.along(self.way()).select(events::id);
        Ok(Some(
            BoundedCount(query.limit(self.counted + 1)).get_result(db)?,
        ))
    }

    /// The next `limit` events along the way.
    fn read(
        &self,
        db: &mut Db,
        position: Option<Position>,
        backwards: bool,
        limit: usize,
    ) -> Result<Vec<Event>, Error> {
        let way = self.way();
        let order = Order {
            column: Some("audit_events.at"),
            id: "audit_events.id",
            descending: !backwards,
        };
        let load = |db: &mut Db, query: Query<'_>| -> Result<Vec<Event>, Error> {
            let query = match position {
                Some(Position { at, id }) => {
                    query.filter(order.after(at.into_sql::<Timestamp>(), id))
                }
                None => query,
            };
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            Ok(query
                .order(order)
                .limit(limit)
                .select(Event::as_select())
                .load(db)?)
        };
        let mut read = load(db, self.along(way))?;
        if let Way::Person(id) = way {
            // What somebody did, and what was done to them, lie along two indexes.
            let done_to = self
                .within()
                .filter(events::target_kind.eq("user"))
                .filter(events::target_id.eq(id));
            read.extend(load(db, done_to)?);
            read.sort_by_key(Event::position);
            read.dedup_by_key(|event| event.id);
            if !backwards {
                read.reverse();
            }
            read.truncate(limit);
        }
        Ok(read)
    }

    fn along(&self, way: Way) -> Query<'static> {
        let query = self.within();
        match way {
            Way::Time => query,
            Way::Account(account) => query.filter(events::account_id.eq(account)),
            Way::Person(id) => query.filter(events::actor_id.eq(id)),
            Way::Code(code) => query.filter(events::code.eq(code)),
        }
    }

    /// Within the organization and the dates.
    fn within(&self) -> Query<'static> {
        let mut query = events::table
            .filter(events::organization_id.eq(self.reach.organization()))
            .into_boxed::<Backend>();
        if let Some(from) = self.from {
            query = query.filter(events::at.ge(from));
        }
        if let Some(to) = self.to {
            query = query.filter(events::at.le(to));
        }
        query
    }

    /// Whether an event is asked for, in what its index does not know.
    fn matches(&self, event: &Event) -> bool {
        let account = match self.reach {
            Reach::Account { account, .. } => Some(account),
            Reach::Organization(_) => self.account,
        };
        account.is_none_or(|account| event.account_id == Some(account))
            && self.code.is_none_or(|code| event.code == code)
            && (self.only.is_empty() || self.only.contains(&event.code.as_str()))
            && self.person.is_in(event)
            && (self.q.is_empty() || self.is_told_by(event))
    }

    fn is_told_by(&self, event: &Event) -> bool {
        let texts = [
            &event.target_name,
            &event.actor_name,
            &event.actor_email,
            &event.address,
            &event.request_id,
        ];
        let told = |text: &str| contains(text, &self.q);
        texts.into_iter().any(|text| told(text))
            || stored(&event.details)
                .values()
                .any(|stored| told(&stored.after) || stored.before.as_deref().is_some_and(told))
    }
}

impl Person {
    fn is_in(&self, event: &Event) -> bool {
        let user = event.target_kind == "user";
        match self {
            Self::Anyone => true,
            Self::Id(id) => event.actor_id == Some(*id) || (user && event.target_id == Some(*id)),
            Self::Named(part) => {
                contains(&event.actor_name, part)
                    || contains(&event.actor_email, part)
                    || (user && contains(&event.target_name, part))
            }
        }
    }
}

impl Event {
    pub(super) fn position(&self) -> Position {
        Position {
            at: self.at,
            id: self.id,
        }
    }
}

/// Whether `part`, which is folded, is in `text`, whatever its letter case.
fn contains(text: &str, part: &str) -> bool {
    // Most text is ASCII, where folding is no more than lower case.
    if text.is_ascii() {
        text.to_ascii_lowercase().contains(part)
    } else {
        fold(text).contains(part)
    }
}
