//! Accounts: the row, what is accepted for it, and whether it is active. The other verbs stand in files of their own.

mod adding;
mod deletion;
mod editing;
mod listing;
mod rank;
mod roles;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::audit::{self, Code, Details, Target};
use super::permit::{EditAccounts, Permit, Reach};
use super::role::Held;
use super::text::{clean, fold, has_control, sort_key};
use super::user::ValidDetails;
use super::{instance, job, recovery, session};
use crate::db::schema::{accounts, users};
use crate::db::{Db, Moment, Tx};
use crate::error::{Error, FieldErrors, Kind};

pub use adding::{NewAccount, add};
pub use deletion::delete;
pub use editing::{Changes, EditAccount, update};
pub use listing::list;
pub use rank::ensure_may_stop;
pub use roles::{give, take};

/// An account.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    /// Never reused.
    pub id: i64,
    /// The organization.
    pub organization_id: i64,
    /// 1 to 200 characters.
    pub name: String,
    /// Up to 2,000 characters.
    pub description: String,
    /// Unique in the organization, 1 to 200 characters.
    pub external_id: String,
    /// Whether it is the organization's default account.
    pub is_default: bool,
    /// Whether its users may sign in and call the API.
    pub active: bool,
    /// Goes up with every change; a form that was made from an older one is refused.
    pub version: i64,
    /// Whether all of its users are org admins.
    pub org_admin: bool,
    /// Whether all of its users are account admins.
    pub account_admin: bool,
    /// When it was made, UTC.
    #[diesel(deserialize_as = Moment)]
    pub created_at: NaiveDateTime,
    /// When it was last changed, UTC.
    #[diesel(deserialize_as = Moment)]
    pub updated_at: NaiveDateTime,
    /// How many users it has; the database keeps count.
    pub user_count: i64,
}

impl Account {
    /// The roles that everybody in it holds.
    #[must_use]
    pub fn held(&self) -> Held {
        Held {
            in_default_account: self.is_default,
            org_admin: self.org_admin,
            account_admin: self.account_admin,
        }
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target {
            kind: "account",
            id: Some(self.id),
            name: &self.name,
            organization: Some(self.organization_id),
            account: Some(self.id),
        }
    }
}

/// The account of this id, if it is within reach.
///
/// # Errors
/// [`Error::NotFound`] otherwise.
pub fn find(db: &mut Db, reach: Reach, id: i64) -> Result<Account, Error> {
    if !reach.covers(reach.organization(), id) {
        return Err(Error::NotFound);
    }
    let found = accounts::table
        .filter(accounts::id.eq(id))
        .filter(accounts::organization_id.eq(reach.organization()));
    // As the session is found, and for the same reason.
    Ok(match db {
        Db::Postgres(db) => found.select(Account::as_select()).first(db)?,
        Db::Sqlite(db) => found.select(Account::as_select()).first(db)?,
    })
}

/// The id of the organization's default account.
///
/// # Errors
/// When the database cannot be read.
pub fn default_id(db: &mut Db, organization: i64) -> Result<i64, Error> {
    Ok(accounts::table
        .filter(accounts::organization_id.eq(organization))
        .filter(accounts::is_default)
        .select(accounts::id)
        .first(db)?)
}

struct NewRow<'a> {
    organization: i64,
    name: &'a str,
    description: &'a str,
    external_id: &'a str,
    is_default: bool,
}

fn insert(tx: &mut Tx<'_>, row: &NewRow<'_>) -> Result<i64, Error> {
    let now = tx.now();
    diesel::insert_into(accounts::table)
        .values((
            accounts::organization_id.eq(row.organization),
            accounts::name.eq(row.name),
            accounts::name_key.eq(sort_key(row.name)),
            accounts::name_search.eq(fold(row.name)),
            accounts::description.eq(row.description),
            accounts::external_id.eq(row.external_id),
            accounts::is_default.eq(row.is_default),
            accounts::active.eq(true),
            accounts::created_at.eq(now),
            accounts::updated_at.eq(now),
        ))
        .returning(accounts::id)
        .get_result(tx.db())
        .map_err(|error| taken_or(error, row.external_id))
}

/// Makes the default account of a new organization.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn create_default(
    tx: &mut Tx<'_>,
    organization: i64,
    first_user: &ValidDetails,
) -> Result<i64, Error> {
    let row = NewRow {
        organization,
        name: &format!("{}’s Company Default Account", first_user.full_name()),
        description: "Auto created default account for the entire company",
        external_id: &first_user.email,
        is_default: true,
    };
    insert(tx, &row)
}

/// The external id is the only unique value that somebody chooses.
fn taken_or(error: DbError, external_id: &str) -> Error {
    match error {
        DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            let sentence = format!(
                "{external_id} already belongs to an account. Enter a different external id."
            );
            let mut errors = FieldErrors::default();
            errors.note("external_id", sentence, Kind::Taken);
            Error::Invalid(errors)
        }
        other => other.into(),
    }
}

fn check_external_id(typed: &str, errors: &mut FieldErrors) -> String {
    let external_id = clean(typed);
    if external_id.is_empty() {
        errors.add("external_id", "Enter an external id.");
    } else if external_id.chars().count() > 200 {
        errors.add(
            "external_id",
            "Enter an external id of at most 200 characters.",
        );
    } else if has_control(&external_id) {
        errors.add(
            "external_id",
            "Enter an external id without control characters.",
        );
    }
    external_id
}

fn check_description(typed: &str, errors: &mut FieldErrors) -> String {
    let description = clean(typed);
    if description.chars().count() > 2000 {
        errors.add(
            "description",
            "Enter a description of at most 2,000 characters.",
        );
    } else if description
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        errors.add(
            "description",
            "Enter a description without control characters.",
        );
    }
    description
}

fn check_name(typed: &str, errors: &mut FieldErrors) -> String {
    let name = clean(typed);
    if name.is_empty() {
        errors.add("name", "Enter a name.");
    } else if name.chars().count() > 200 {
        errors.add("name", "Enter a name of at most 200 characters.");
    } else if has_control(&name) {
        errors.add("name", "Enter a name without control characters.");
    }
    name
}

fn set_active(tx: &mut Tx<'_>, id: i64, active: bool) -> Result<(), Error> {
    let now = tx.now();
    diesel::update(accounts::table.find(id))
        .set((
            accounts::active.eq(active),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(tx.db())?;
    Ok(())
}

/// What a deactivated or deleted account cost.
#[derive(Debug, Clone)]
pub struct Loss {
    /// The account's name.
    pub name: String,
    /// Its users.
    pub users: i64,
    /// Their jobs.
    pub jobs: i64,
    /// Their instances.
    pub instances: i64,
}

/// What an account has: what a confirmation page counts.
///
/// # Errors
/// When the database cannot be read.
pub fn holdings(db: &mut Db, account: &Account) -> Result<Loss, Error> {
    Ok(Loss {
        name: account.name.clone(),
        users: users::table
            .filter(users::account_id.eq(account.id))
            .count()
            .get_result(db)?,
        jobs: job::count_of_account(db, account.id)?,
        instances: instance::count_of_account(db, account.id)?,
    })
}

/// Deactivates an account: its users are refused from the next request on, their jobs are removed. Deactivating an
/// inactive account does nothing.
///
/// # Errors
/// As [`ensure_may_stop`].
pub fn deactivate(tx: &mut Tx<'_>, permit: &Permit<EditAccounts>, id: i64) -> Result<Loss, Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = find(tx.db(), permit.reach, id)?;
    ensure_may_stop(tx.db(), &permit.actor, &account)?;
    let mut loss = holdings(tx.db(), &account)?;
    if !account.active {
        return Ok(loss);
    }
    set_active(tx, id, false)?;
    session::end_all_of_account(tx, id)?;
    recovery::void_all_of_account(tx, id)?;
    loss.jobs = job::stop_of_account(tx, id)?;
    let noted = Details::default()
        .with("users", &loss.users)
        .with("jobsStopped", &loss.jobs);
    let by = (&permit.actor).into();
    audit::record(tx, &by, Code::AccountDeactivated, &account.target(), &noted)?;
    Ok(loss)
}

/// Activates an account again. Jobs do not come back. Activating an active account does nothing.
///
/// # Errors
/// [`Error::NotFound`] when it is out of reach.
pub fn activate(tx: &mut Tx<'_>, permit: &Permit<EditAccounts>, id: i64) -> Result<Account, Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = find(tx.db(), permit.reach, id)?;
    if !account.active {
        set_active(tx, id, true)?;
        // A sign-in at the moment of the deactivation may have left one, which must not come back to life.
        session::end_all_of_account(tx, id)?;
        recovery::void_all_of_account(tx, id)?;
        let by = (&permit.actor).into();
        audit::record(
            tx,
            &by,
            Code::AccountActivated,
            &account.target(),
            &Details::default(),
        )?;
    }
    Ok(account)
}
