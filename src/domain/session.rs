//! Sessions, and bearer tokens of the API: a row each, found by the digest of the token that only its holder has.

mod stage;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::actor::{Actor, Origin, Row};
use super::audit::{self, Code, Details};
use super::keys::{Keys, random};
use super::permit::{EditUsers, Permit};
use super::role::Role;
use super::text::cut;
use super::user;
use crate::db::schema::{accounts, organizations, roles, sessions, users};
use crate::db::{Db, Moment, Tx};
use crate::error::Error;

pub use stage::Stage;

/// "Last seen" is written no more often than this.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// A bearer token of the API is good for so long.
const TOKEN: TimeDelta = TimeDelta::hours(1);
/// Characters of the browser's name that are kept.
const LONGEST_AGENT: usize = 100;

/// A session that holds, and whether "last seen" is due.
pub struct Live {
    /// Who is signed in.
    pub actor: Actor,
    /// How far its sign-in has come.
    pub stage: Stage,
    /// Whether [`touch`] is due.
    pub stale: bool,
}

/// How long sessions of an organization hold, in minutes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Without use.
    pub idle: i32,
    /// At the longest.
    pub longest: i32,
}

impl Limits {
    /// Sessions that were last used at this time or before have run out.
    #[must_use]
    pub fn seen_after(self, now: NaiveDateTime) -> NaiveDateTime {
        now - TimeDelta::minutes(self.idle.into())
    }

    /// Sessions that were started at this time or before have run out.
    #[must_use]
    pub fn started_after(self, now: NaiveDateTime) -> NaiveDateTime {
        now - TimeDelta::minutes(self.longest.into())
    }

    fn hold(self, started: NaiveDateTime, seen: NaiveDateTime, now: NaiveDateTime) -> bool {
        seen > self.seen_after(now) && started > self.started_after(now)
    }
}

/// Bearer tokens of the API that were given at this time or before have run out.
#[must_use]
pub fn tokens_after(now: NaiveDateTime) -> NaiveDateTime {
    now - TOKEN
}

/// What of a session decides whether it holds.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Part {
    id: i64,
    #[diesel(deserialize_as = Moment)]
    started_at: NaiveDateTime,
    #[diesel(deserialize_as = Moment)]
    seen_at: NaiveDateTime,
    stage: String,
}

/// A session as its user sees it.
#[derive(Debug, Clone, Queryable)]
pub struct Session {
    /// Id.
    pub id: i64,
    /// When the user signed in, UTC.
    #[diesel(deserialize_as = Moment)]
    pub started_at: NaiveDateTime,
    /// When it was last used, UTC, to the minute.
    #[diesel(deserialize_as = Moment)]
    pub seen_at: NaiveDateTime,
    /// The address it was started from.
    pub address: String,
    /// The browser, in a few words.
    pub agent: String,
}

/// A fresh session token: 32 random bytes, hex.
#[must_use]
pub fn token() -> String {
    hex::encode(random::<32>())
}

fn digest(keys: &Keys, token: &str) -> String {
    keys.digest("session", token)
}

/// Starts a session for a user. The old one of the same browser is ended by its own verb.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    keys: &Keys,
    user: i64,
    (token, stage): (&str, Stage),
    origin: &Origin,
    agent: &str,
) -> Result<(), Error> {
    let now = tx.now();
    diesel::insert_into(sessions::table)
        .values((
            sessions::user_id.eq(user),
            sessions::token_digest.eq(digest(keys, token)),
            sessions::started_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::address.eq(&origin.address),
            sessions::agent.eq(cut(agent, LONGEST_AGENT)),
            sessions::stage.eq(stage.key()),
        ))
        .execute(tx.db())?;
    Ok(())
}

/// Finds who is signed in with `token`, if session, user, account and organization all hold at `now`.
///
/// # Errors
/// When the database cannot be read.
pub fn authenticate(
    db: &mut Db,
    keys: &Keys,
    token: &str,
    now: NaiveDateTime,
    origin: &Origin,
) -> Result<Option<Live>, Error> {
    let found =
        sessions::table
            .inner_join(users::table.inner_join(
                accounts::table.inner_join(organizations::table.inner_join(roles::table)),
            ))
            .filter(sessions::token_digest.eq(digest(keys, token)))
            .filter(users::active)
            .filter(accounts::active)
            .filter(organizations::active);
    // Every request asks this. Through `Db`, Diesel would write its long text twice each time, which took as long as the
    // rest of it.
    let rows: Vec<(Part, Row)> = match db {
        Db::Postgres(db) => found
            .select((Part::as_select(), Row::as_select()))
            .load(db)?,
        Db::Sqlite(db) => found
            .select((Part::as_select(), Row::as_select()))
            .load(db)?,
    };
    let (mut parts, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let (Some(session), Some(mut actor)) = (parts.pop(), Actor::from_rows(rows, origin)) else {
        return Ok(None);
    };
    let holds = |stage: &Stage| match stage {
        Stage::Api => session.started_at > tokens_after(now),
        _ => actor.limits.hold(session.started_at, session.seen_at, now),
    };
    let Some(stage) = Stage::parse(&session.stage).filter(holds) else {
        return Ok(None);
    };
    actor.session_id = session.id;
    Ok(Some(Live {
        actor,
        stage,
        stale: now - session.seen_at >= SEEN_EVERY,
    }))
}

/// Takes the sign-in of the actor's session from one stage to another. The session is found by a new token from now on.
///
/// # Errors
/// [`Error::SignedOut`] when it has ended, or is at another stage, meanwhile.
pub fn advance(
    tx: &mut Tx<'_>,
    keys: &Keys,
    actor: &Actor,
    (from, to): (Stage, Stage),
    token: &str,
) -> Result<(), Error> {
    let waiting = sessions::table
        .find(actor.session_id)
        .filter(sessions::stage.eq(from.key()));
    let advanced = diesel::update(waiting)
        .set((
            sessions::token_digest.eq(digest(keys, token)),
            sessions::stage.eq(to.key()),
        ))
        .execute(tx.db())?;
    still(advanced)
}

/// Gives the actor's session a new token: the former one finds it no more.
///
/// # Errors
/// When the database cannot be written.
pub fn renew(tx: &mut Tx<'_>, keys: &Keys, actor: &Actor, token: &str) -> Result<(), Error> {
    diesel::update(sessions::table.find(actor.session_id))
        .set(sessions::token_digest.eq(digest(keys, token)))
        .execute(tx.db())?;
    Ok(())
}

/// Holds the actor's session open until the transaction ends, if it still is: a lock or a deactivation at the same
/// moment waits, or wins.
pub(super) fn ensure_open(tx: &mut Tx<'_>, actor: &Actor) -> Result<(), Error> {
    // A lock, a deactivation and a deletion have the user's row first, too.
    tx.lock_user(actor.id)?;
    let open = touch(tx, actor)?;
    still(usize::from(open))
}

/// The same, if its sign-in has come to `stage` and no further.
pub(super) fn ensure_at(tx: &mut Tx<'_>, actor: &Actor, stage: Stage) -> Result<(), Error> {
    ensure_open(tx, actor)?;
    let at: String = sessions::table
        .find(actor.session_id)
        .select(sessions::stage)
        .first(tx.db())?;
    still(usize::from(at == stage.key()))
}

/// Whether the session was there.
fn still(found: usize) -> Result<(), Error> {
    if found == 1 {
        Ok(())
    } else {
        Err(Error::SignedOut)
    }
}

/// Notes that the actor's session was used, and answers whether it is still there. Not a change that is audited.
///
/// # Errors
/// When the database cannot be written.
pub fn touch(tx: &mut Tx<'_>, actor: &Actor) -> Result<bool, Error> {
    let now = tx.now();
    let open = diesel::update(sessions::table.find(actor.session_id))
        .set(sessions::seen_at.eq(now))
        .execute(tx.db())?;
    Ok(open == 1)
}

/// The sessions that hold at `now`.
#[diesel::dsl::auto_type]
fn holds(limits: Limits, now: NaiveDateTime) -> _ {
    let token_after: NaiveDateTime = tokens_after(now);
    let seen_after: NaiveDateTime = limits.seen_after(now);
    let started_after: NaiveDateTime = limits.started_after(now);
    let is_token = sessions::stage.eq("api");
    let is_other = sessions::stage.ne("api");
    let fresh_token = is_token.and(sessions::started_at.gt(token_after));
    let used = sessions::seen_at.gt(seen_after);
    let other = is_other.and(used.and(sessions::started_at.gt(started_after)));
    fresh_token.or(other)
}

/// The actor's own sessions that hold, the last used first.
///
/// # Errors
/// When the database cannot be read.
pub fn own(db: &mut Db, actor: &Actor, now: NaiveDateTime) -> Result<Vec<Session>, Error> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(actor.id))
        .filter(holds(actor.limits, now))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .limit(100)
        .select((
            sessions::id,
            sessions::started_at,
            sessions::seen_at,
            sessions::address,
            sessions::agent,
        ))
        .load(db)?)
}

/// Removes the user's sessions that do not hold any more.
pub(super) fn sweep(tx: &mut Tx<'_>, user: i64) -> Result<(), Error> {
    let now = tx.now();
    let (idle, longest) = users::table
        .inner_join(accounts::table.inner_join(organizations::table))
        .filter(users::id.eq(user))
        .select((organizations::idle_minutes, organizations::longest_minutes))
        .first(tx.db())?;
    let limits = Limits { idle, longest };
    diesel::delete(
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(diesel::dsl::not(holds(limits, now))),
    )
    .execute(tx.db())?;
    Ok(())
}

/// Ends the session that `actor` uses: signing out.
///
/// # Errors
/// When the database cannot be written.
pub fn sign_out(tx: &mut Tx<'_>, actor: &Actor) -> Result<(), Error> {
    diesel::delete(sessions::table.find(actor.session_id)).execute(tx.db())?;
    let target = actor.target();
    audit::record(
        tx,
        &actor.into(),
        Code::SignedOut,
        &target,
        &Details::default(),
    )
}

/// Ends one session of `actor`'s own.
///
/// # Errors
/// [`Error::NotFound`] when it is not there or another user's.
pub fn end_own(tx: &mut Tx<'_>, actor: &Actor, session: i64) -> Result<(), Error> {
    let own = sessions::table
        .filter(sessions::id.eq(session))
        .filter(sessions::user_id.eq(actor.id));
    if diesel::delete(own).execute(tx.db())? == 0 {
        return Err(Error::NotFound);
    }
    let noted = Details::default().with("sessions", &1);
    audit::record(
        tx,
        &actor.into(),
        Code::SessionsEnded,
        &actor.target(),
        &noted,
    )
}

/// Ends all sessions of `actor` but the one in use.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn end_others(tx: &mut Tx<'_>, actor: &Actor) -> Result<usize, Error> {
    let others = sessions::table
        .filter(sessions::user_id.eq(actor.id))
        .filter(sessions::id.ne(actor.session_id));
    Ok(diesel::delete(others).execute(tx.db())?)
}

/// Ends all sessions of another user; answers its name and how many there were.
///
/// # Errors
/// [`Error::Oneself`] for oneself; [`Error::Forbidden`] for somebody above.
pub fn end_of_user(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    account: i64,
    id: i64,
) -> Result<(String, usize), Error> {
    let account = super::account::find(tx.db(), permit.reach, account)?;
    let user = user::find(tx.db(), permit.reach, account.id, id)?;
    user::ensure_may_change(&permit.actor, &user, &account)?;
    let ended = end_all(tx, id)?;
    let noted = Details::default().with("sessions", &ended);
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    audit::record(
        tx,
        &(&permit.actor).into(),
        Code::SessionsEnded,
        &target,
        &noted,
    )?;
    Ok((name, ended))
}

/// Ends all sessions of a user; part of a larger deed, which is audited.
pub(super) fn end_all(tx: &mut Tx<'_>, user: i64) -> Result<usize, Error> {
    Ok(diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(tx.db())?)
}

/// Ends all sessions of an account's users who do not hold `role` themselves; part of a larger deed, which is audited.
pub(super) fn end_all_without(tx: &mut Tx<'_>, account: i64, role: Role) -> Result<usize, Error> {
    let all = users::table
        .filter(users::account_id.eq(account))
        .select(users::id);
    let ended = if role == Role::OrgAdmin {
        let owners = all.filter(diesel::dsl::not(users::org_admin));
        diesel::delete(sessions::table.filter(sessions::user_id.eq_any(owners))).execute(tx.db())
    } else {
        let owners = all.filter(diesel::dsl::not(users::account_admin));
        diesel::delete(sessions::table.filter(sessions::user_id.eq_any(owners))).execute(tx.db())
    };
    Ok(ended?)
}

/// Ends all sessions of an organization's users; part of a larger deed, which is audited.
pub(super) fn end_all_of_organization(tx: &mut Tx<'_>, organization: i64) -> Result<usize, Error> {
    let owners = users::table
        .filter(users::organization_id.eq(organization))
        .select(users::id);
    Ok(
        diesel::delete(sessions::table.filter(sessions::user_id.eq_any(owners)))
            .execute(tx.db())?,
    )
}

/// Ends all sessions of an account's users; part of a larger deed, which is audited.
pub(super) fn end_all_of_account(tx: &mut Tx<'_>, account: i64) -> Result<usize, Error> {
    let owners = users::table
        .filter(users::account_id.eq(account))
        .select(users::id);
    Ok(
        diesel::delete(sessions::table.filter(sessions::user_id.eq_any(owners)))
            .execute(tx.db())?,
    )
}
