//! Element and formula instances: what a user owns and keeps when it is deactivated. One that runs by a schedule has a
//! job as long as it is enabled and its owner active.

mod changing;
mod making;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actor::Actor;
use super::audit::Target;
use super::keys::Keys;
use super::permit::{CreateElementInstances, CreateFormulaInstances, Deed, Permit, ViewUsers};
use super::slice::Slice;
use super::{account, user};
use crate::db::schema::{instances, users};
use crate::db::{Backend, Db, Tx};
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

/// A slice of the actor's own instances of a kind, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn own(db: &mut Db, actor: &Actor, kind: &str, slice: Slice) -> Result<Vec<Instance>, Error> {
    let own = instances::table
        .filter(instances::user_id.eq(actor.id))
        .filter(instances::kind.eq(kind));
    load(db, own.into_boxed(), slice)
}

/// A slice of the instances of both kinds of a user within reach, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] for a user out of reach.
pub fn of_user(
    db: &mut Db,
    permit: &Permit<ViewUsers>,
    user: i64,
    slice: Slice,
) -> Result<Vec<Instance>, Error> {
    user::ensure_reached(db, permit.reach, user)?;
    let all = instances::table.filter(instances::user_id.eq(user));
    load(db, all.into_boxed(), slice)
}

/// A slice of the instances of both kinds of all users of an account within reach, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] for an account out of reach.
pub fn of_account(
    db: &mut Db,
    permit: &Permit<ViewUsers>,
    account: i64,
    slice: Slice,
) -> Result<Vec<Instance>, Error> {
    let account = account::find(db, permit.reach, account)?;
    let owners = users::table
        .filter(users::account_id.eq(account.id))
        .select(users::id);
    let all = instances::table.filter(instances::user_id.eq_any(owners));
    load(db, all.into_boxed(), slice)
}

fn load(
    db: &mut Db,
    all: instances::BoxedQuery<'_, Backend>,
    slice: Slice,
) -> Result<Vec<Instance>, Error> {
    let rest = match slice.beyond {
        Some(id) => all.filter(instances::id.gt(id)),
        None => all,
    };
    Ok(rest
        .order(instances::id)
        .offset(slice.offset)
        .limit(slice.limit)
        .select(Instance::as_select())
        .load(db)?)
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
