//! The list of an account's users: search, filters, order, and paging by key.

mod export;
mod position;
mod query;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::account::Account;
use super::keys::Keys;
use super::role::Held;
use super::text::has_control;
use crate::db::schema::users;
use crate::db::{
    Backend, BoundedCount, Db, HasId, HasPart, Hits, IsHit, Moment, fixed, next_users_having, one,
    users_having,
};
use crate::error::Error;

pub use self::export::note_export;
pub use self::position::Position;
pub use self::query::{ListQuery, SORTS, Sort};

use self::position::Place;
use self::query::{Role, Status};

/// Users on a page.
pub const PAGE: usize = 50;
/// The same, and one more to see whether there is a page after it.
const LIMIT: i64 = 51;
/// Counting stops here; more are "more than".
const COUNTED: i64 = 1000;
/// If the first hits of a search, one more than are counted, are among so many users, it finds nearly everybody.
const COMMON: i64 = 1100;

/// A list query that was understood.
#[derive(Debug, Clone)]
pub struct Listing {
    account: i64,
    q: String,
    status: Status,
    now: NaiveDateTime,
    role: Role,
    /// Who signed in from then on is not shown.
    idle_since: Option<NaiveDateTime>,
    /// The sorted column.
    pub sort: Sort,
    /// Whether the largest come first.
    pub descending: bool,
    place: Place,
}

/// Whom a list shows in all.
enum Found {
    /// Up to [`COUNTED`] users.
    Few(Vec<i64>),
    /// More than [`COUNTED`] whom a search finds; these are some of them. They may all be at the end of the order.
    Hits(Hits),
    /// So many, counted up to one more than [`COUNTED`], whom an index has in the order of the list.
    Counted(i64),
    /// All of the account, or nearly all, or more than [`COUNTED`] whom a filter leaves: they lie close together in any order.
    Many,
}

/// A user as a row of the table.
#[derive(Debug, Queryable)]
pub struct Row {
    /// Id.
    pub id: i64,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email as typed.
    pub email: String,
    /// Active.
    pub active: bool,
    /// Org admin.
    pub org_admin: bool,
    /// Account admin.
    pub account_admin: bool,
    /// Version, for the Active box.
    pub version: i64,
    /// When added, UTC.
    #[diesel(deserialize_as = Moment)]
    pub created_at: NaiveDateTime,
    /// Last sign-in, UTC; 1970-01-01 when there was none.
    #[diesel(deserialize_as = Moment)]
    pub last_login_at: NaiveDateTime,
    /// Until when it is locked, UTC; what has passed is no lock.
    pub locked_until: Option<NaiveDateTime>,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// How many jobs would stop.
    pub jobs: i64,
}

impl Row {
    /// The roles it holds itself.
    #[must_use]
    pub fn own_roles(&self, account: &Account) -> Held {
        Held {
            in_default_account: account.is_default,
            org_admin: self.org_admin,
            account_admin: self.account_admin,
        }
    }
}

/// How many users match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(i64),
    /// More than so many: that was enough to know.
    MoreThan(i64),
}

/// One page of users.
pub struct Page {
    /// Up to [`PAGE`] rows.
    pub rows: Vec<Row>,
    /// Position for `before`, when there is an earlier page.
    pub previous: Option<String>,
    /// Position for `after`, when there is a later page.
    pub next: Option<String>,
    /// How many match.
    pub total: Total,
}

type Filtered<'a> = users::BoxedQuery<'a, Backend>;

impl Listing {
    /// Whether anything narrows the list.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.q.is_empty() || self.is_narrowed()
    }

    /// Whether it is narrowed by more than a search.
    fn is_narrowed(&self) -> bool {
        self.status != Status::Any || self.role != Role::Any || self.idle_since.is_some()
    }

    /// Whether an index has just those who match, in the order of the list: of the locked, the inactive and the holders of
    /// each role there is one in the order of ids.
    fn is_indexed(&self, db: &Db) -> bool {
        let one = match (self.status, self.role) {
            // SQLite would take the index of all users of the account, which is narrower than that of the locked.
            (Status::Locked, Role::Any) => !db.is_sqlite(),
            (Status::Inactive, Role::Any) | (Status::Any, Role::OrgAdmin | Role::AccountAdmin) => {
                true
            }
            _ => false,
        };
        one && self.sort == Sort::Id && self.q.is_empty() && self.idle_since.is_none()
    }

    /// Whether it is the first page.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.place == Place::First
    }

    /// Reads the page of an account that has so many users in `all`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page(&self, db: &mut Db, keys: &Keys, all: i64) -> Result<Page, Error> {
        let found = self.found(db, all)?;
        let mut rows = self.rows(db, &found, &self.place, LIMIT)?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let (earlier, later) = match self.place {
            Place::First => (false, more),
            Place::After(_) => (true, more),
            Place::Before(_) => (more, true),
        };
        if matches!(self.place, Place::Before(_)) {
            rows.reverse();
        }
        let token = |row: &Row| self.seal(keys, row);
        Ok(Page {
            previous: rows.first().filter(|_| earlier).map(token),
            next: rows.last().filter(|_| later).map(token),
            total: self.total(&found, all),
            rows,
        })
    }

    /// Who is found, where these are few enough to be put in order at once. Without an order to serve, the database
    /// looks for them along the index of what narrows the list most.
    fn found(&self, db: &mut Db, all: i64) -> Result<Found, Error> {
        if has_control(&self.q) {
            // No name or email has such characters, but there are line ends between them where they are searched.
            return Ok(Found::Few(Vec::new()));
        }
        if self.is_indexed(db) {
            let matching = self.filtered(&Found::Many, true).select(one());
            let count = BoundedCount(matching.limit(COUNTED + 1)).get_result(db)?;
            return Ok(Found::Counted(count));
        }
        let many = |ids: &[i64]| i64::try_from(ids.len()).is_ok_and(|count| count > COUNTED);
        let mut found = Found::Many;
        if !self.q.is_empty() {
            let mut hits = users_having(db, self.account, all, &self.q, COUNTED + 1)?;
            if !many(&hits.ids) {
                hits.ids.extend(self.id());
                found = Found::Few(hits.ids);
            } else if self.is_narrowed() {
                found = Found::Hits(hits);
            } else {
                return self.many_hits(db, hits);
            }
        }
        // The index knows all but whether the id belongs to the account.
        let searched = !matches!(found, Found::Few(_)) || self.id().is_none();
        if searched && !self.is_narrowed() {
            return Ok(found);
        }
        let ids = self.filtered(&found, false);
        let ids: Vec<i64> = ids.select(users::id).limit(COUNTED + 1).load(db)?;
        Ok(if many(&ids) { found } else { Found::Few(ids) })
    }

    /// How to read more hits of a search than are counted, of whom these are some.
    fn many_hits(&self, db: &mut Db, hits: Hits) -> Result<Found, Error> {
        if self.are_followed(&hits) {
            return Ok(Found::Hits(hits));
        }
        let common = match hits.common {
            Some(common) => common,
            None => self.are_common(db, &hits)?,
        };
        Ok(if common {
            Found::Many
        } else {
            Found::Hits(hits)
        })
    }

    /// Whether the first hits are among so few users that it finds nearly everybody.
    fn are_common(&self, db: &mut Db, hits: &Hits) -> QueryResult<bool> {
        let last = hits.ids.iter().max().copied().unwrap_or_default();
        let until = users::table
            .filter(users::account_id.eq(self.account))
            .filter(users::id.le(last));
        let among: i64 = BoundedCount(until.select(one()).limit(COMMON + 1)).get_result(db)?;
        Ok(among <= COMMON)
    }

    /// Whether the hits can be followed in the order of the list.
    fn are_followed(&self, hits: &Hits) -> bool {
        hits.followed && self.sort == Sort::Id && self.id().is_none() && !self.is_narrowed()
    }

    /// The ids of hits that are followed, from a place on.
    fn next_hits(
        &self,
        db: &mut Db,
        hits: &Hits,
        place: &Place,
        limit: i64,
    ) -> QueryResult<Vec<i64>> {
        let (beyond, descending) = self.next_ids(place);
        let limited = usize::try_from(limit).ok();
        match limited.and_then(|limit| hits.ids.get(..limit)) {
            Some(first) if hits.lowest && beyond.is_none() && !descending => Ok(first.to_vec()),
            _ => next_users_having(db, self.account, &self.q, beyond, descending, limit),
        }
    }

    /// The id that is searched, if it can be one.
    fn id(&self) -> Option<i64> {
        // A sign means itself, as every other character; Rust would read "+5" as 5.
        let digits = self.q.bytes().all(|byte| byte.is_ascii_digit());
        self.q.parse().ok().filter(|_| digits)
    }

    fn total(&self, found: &Found, all: i64) -> Total {
        match found {
            Found::Few(ids) => Total::Exactly(i64::try_from(ids.len()).unwrap_or(i64::MAX)),
            Found::Counted(count) if *count <= COUNTED => Total::Exactly(*count),
            Found::Counted(_) | Found::Hits(_) => Total::MoreThan(COUNTED),
            Found::Many if self.is_filtered() => Total::MoreThan(COUNTED),
            Found::Many => Total::Exactly(all),
        }
    }

    fn rows(
        &self,
        db: &mut Db,
        found: &Found,
        place: &Place,
        limit: i64,
    ) -> Result<Vec<Row>, Error> {
        // In the order of ids it is known before whose rows are wanted.
        let ids = match found {
            Found::Few(ids) if self.sort == Sort::Id => Some(self.next_of(ids, place, limit)),
            Found::Few(ids) => Some(ids.clone()),
            Found::Hits(hits) if self.are_followed(hits) => {
                Some(self.next_hits(db, hits, place, limit)?)
            }
            Found::Counted(_) | Found::Hits(_) | Found::Many => None,
        };
        let query = match ids {
            Some(ids) if ids.is_empty() => return Ok(Vec::new()),
            // The search says already whose they are. Should its index ever be wrong, nobody of another account shows; the
            // sign keeps the database on the ids.
            Some(ids) => users::table
                .filter(HasId::one_of(&ids))
                .filter(fixed::<BigInt>("+users.account_id").eq(self.account))
                .into_boxed::<Backend>(),
            None => self.filtered(found, true),
        };
        let (query, backwards) = match place {
            Place::First => (query, false),
            Place::After(position) => (self.beyond(query, position, false), false),
            Place::Before(position) => (self.beyond(query, position, true), true),
        };
        Ok(query
            .order(self.order(backwards))
            .limit(limit)
            .select((
                users::id,
                users::first_name,
                users::last_name,
                users::email,
                users::active,
                users::org_admin,
                users::account_admin,
                users::version,
                users::created_at,
                users::last_login_at,
                users::locked_until,
                users::totp_since.is_not_null(),
                fixed::<BigInt>("(SELECT COUNT(*) FROM jobs WHERE jobs.user_id = users.id)"),
            ))
            .load(db)?)
    }

    /// The users who match; `in_order` where the order of the list is to lead the way.
    fn filtered<'a>(&self, found: &'a Found, in_order: bool) -> Filtered<'a> {
        let mut query = users::table
            .filter(users::account_id.eq(self.account))
            .into_boxed::<Backend>();
        query = match found {
            Found::Counted(_) => query,
            Found::Many if self.q.is_empty() => query,
            Found::Few(ids) => query.filter(HasId::one_of(ids)),
            Found::Hits(_) => {
                let hit = IsHit::new(self.account, &self.q);
                match self.id() {
                    Some(id) => query.filter(hit.or(users::id.eq(id))),
                    None => query.filter(hit),
                }
            }
            Found::Many => {
                let found = HasPart::new(&self.q);
                match self.id() {
                    Some(id) => query.filter(found.or(users::id.eq(id))),
                    None => query.filter(found),
                }
            }
        };
        query = match self.status {
            Status::Any => query,
            Status::Active => query.filter(users::active),
            Status::Inactive => query.filter(diesel::dsl::not(users::active)),
            Status::Locked => query.filter(users::locked_until.gt(self.now)),
        };
        if let Some(since) = self.idle_since {
            query = if in_order && self.sort != Sort::LastLogin {
                // SQLite would take the index of this column, and sort all that it finds.
                let hidden = "COALESCE(users.last_login_at, users.last_login_at)";
                query.filter(fixed::<Timestamp>(hidden).lt(since))
            } else {
                query.filter(users::last_login_at.lt(since))
            };
        }
        match self.role {
            Role::Any => query,
            Role::OrgAdmin => query.filter(users::org_admin),
            Role::AccountAdmin => query.filter(users::account_admin),
            Role::None => query
                .filter(diesel::dsl::not(users::org_admin))
                .filter(diesel::dsl::not(users::account_admin)),
        }
    }
}
