//! Element and formula instances: what a user owns and keeps when it is deactivated. One that runs by a schedule has a
//! job as long as it is enabled and its owner active.

mod changing;
mod making;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actor::Actor;
use super::audit::Target;
use super::keys::Keys;
use super::paging::{Asked, COUNTED, Page, Paging, counted};
use super::permit::{CreateElementInstances, CreateFormulaInstances, Deed, Permit, ViewUsers};
use super::{account, user};
use crate::db::schema::{instances, users};
use crate::db::{Backend, BoundedCount, Db, Tx, one};
use crate::error::Error;

pub use changing::{EditElement, delete, set_enabled, update};
pub use making::{NewElement, NewFormula, add_element, add_formula};

/// The kind of a connected service, as stored.
pub const ELEMENT: &str = "element";
/// The kind of a running workflow, as stored.
pub const FORMULA: &str = "formula";

/// A deed that makes and changes instances of one kind.
pub trait OfKind: Deed {
    /// [`ELEMENT`] or [`FORMULA`].
    const KIND: &'static str;
}
impl OfKind for CreateElementInstances {
    const KIND: &'static str = ELEMENT;
}
impl OfKind for CreateFormulaInstances {
    const KIND: &'static str = FORMULA;
}

/// An element or formula instance.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = instances)]
pub struct Instance {
    /// Never reused.
    pub id: i64,
    /// The owner.
    pub user_id: i64,
    /// [`ELEMENT`] or [`FORMULA`].
    pub kind: String,
    /// 1 to 200 characters.
    pub name: String,
    /// The element's key, or the formula's id.
    pub source: String,
    /// Whether it was switched off.
    pub disabled: bool,
    /// When its job runs, a Quartz expression; without one it has no job.
    pub cron: Option<String>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    tags: String,
}

impl Instance {
    /// Up to twenty words of its owner.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        // Nothing but our own JSON is ever written there.
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    fn target<'a>(&'a self, owner: &Actor) -> Target<'a> {
        Target {
            kind: if self.kind == ELEMENT {
                "element instance"
            } else {
                "formula instance"
            },
            id: Some(self.id),
            name: &self.name,
            organization: Some(owner.organization_id),
            account: Some(owner.account_id),
        }
    }
}

/// What an element instance is addressed by on the platform. It is derived, so it is stored nowhere.
#[must_use]
pub fn token(keys: &Keys, id: i64) -> String {
    keys.digest("instance-token", &id.to_string())
}

/// A page of the actor's own instances of a kind, the oldest first.
///
/// # Errors
/// [`Error::Malformed`] for paging that is not understood.
pub fn own(
    db: &mut Db,
    keys: &Keys,
    actor: &Actor,
    kind: &str,
    asked: &Asked,
) -> Result<Page<Instance>, Error> {
    let id = actor.id;
    let own = || {
        instances::table
            .filter(instances::user_id.eq(id))
            .filter(instances::kind.eq(kind))
            .into_boxed()
    };
    load(db, keys, own, &asked.parse(keys, format!("{kind}s.{id}"))?)
}

/// A page of the instances of both kinds of the user of this id or email, within reach, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] for a user out of reach; [`Error::Malformed`] for paging that is not understood.
pub fn of_user(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewUsers>,
    user: &str,
    asked: &Asked,
) -> Result<Page<Instance>, Error> {
    let (profile, _) = user::named(db, permit.reach, None, user)?;
    let id = profile.user.id;
    let all = || {
        instances::table
            .filter(instances::user_id.eq(id))
            .into_boxed()
    };
    let paging = asked.parse(keys, format!("instances of user {id}"))?;
    load(db, keys, all, &paging)
}

/// A page of the instances of both kinds of all users of an account within reach, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] for an account out of reach; [`Error::Malformed`] for paging that is not understood.
pub fn of_account(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewUsers>,
    account: i64,
    asked: &Asked,
) -> Result<Page<Instance>, Error> {
    let id = account::find(db, permit.reach, account)?.id;
    let all = || {
        let owners = users::table
            .filter(users::account_id.eq(id))
            .select(users::id);
        instances::table
            .filter(instances::user_id.eq_any(owners))
            .into_boxed()
    };
    let paging = asked.parse(keys, format!("instances of account {id}"))?;
    load(db, keys, all, &paging)
}

fn load<'a>(
    db: &mut Db,
    keys: &Keys,
    all: impl Fn() -> instances::BoxedQuery<'a, Backend>,
    paging: &Paging,
) -> Result<Page<Instance>, Error> {
    let query = all()
        .filter(instances::id.gt(paging.after))
        .order(instances::id)
        .select(Instance::as_select());
    let rows: Vec<Instance> = paging.of(query).load(db)?;
    let total = BoundedCount(all().select(one()).limit(COUNTED + 1)).get_result(db)?;
    Ok(paging.page(keys, rows, counted(total), |row| row.id))
}

/// One of the actor's own instances of a kind.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, of the other kind, or somebody else's.
pub fn find(db: &mut Db, actor: &Actor, kind: &str, id: i64) -> Result<Instance, Error> {
    Ok(instances::table
        .filter(instances::id.eq(id))
        .filter(instances::user_id.eq(actor.id))
        .filter(instances::kind.eq(kind))
        .select(Instance::as_select())
        .first(db)?)
}

/// How many instances the users of the account have.
///
/// # Errors
/// When the database cannot be read.
pub fn count_of_account(db: &mut Db, account: i64) -> Result<i64, Error> {
    Ok(instances::table
        .inner_join(users::table)
        .filter(users::account_id.eq(account))
        .count()
        .get_result(db)?)
}

/// Removes all instances of the user, whose jobs were stopped before; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn remove_of_user(tx: &mut Tx<'_>, user: i64) -> Result<i64, Error> {
    let removed =
        diesel::delete(instances::table.filter(instances::user_id.eq(user))).execute(tx.db())?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

/// Removes all instances of the account's users, whose jobs were stopped before; answers how many.
///
/// # Errors
/// When the database cannot be written.
pub fn remove_of_account(tx: &mut Tx<'_>, account: i64) -> Result<i64, Error> {
    let owners = users::table
        .filter(users::account_id.eq(account))
        .select(users::id);
    let removed = diesel::delete(instances::table.filter(instances::user_id.eq_any(owners)))
        .execute(tx.db())?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}
