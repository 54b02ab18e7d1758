//! Users: the row, what is accepted as their details, and who may change whom. The verbs stand in files of their own.

mod adding;
mod deletion;
mod editing;
mod listing;
mod password;
mod roles;
mod secret;

use chrono::{DateTime, NaiveDateTime};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::account::Account;
use super::actor::Actor;
use super::audit::{Details, Target};
use super::email;
use super::keys::Keys;
use super::password::Hash;
use super::password_policy::Owner;
use super::permit::Reach;
use super::recovery;
use super::role::{Held, Role};
use super::secret::Secret;
use super::text::{clean, fold, name, sort_key};
use crate::db::schema::{accounts, users};
use crate::db::{Db, Moment, Tx};
use crate::error::{Error, FieldErrors, Kind};

pub use adding::{Added, NewUser, add};
pub use deletion::{Deleted, delete};
pub use editing::{Changes, EditUser, Edited, edit};
pub use listing::{Profile, list, named};
pub use password::{NewPassword, Prepared, prepare};
pub use roles::{give, take};
pub use secret::{Told, password_hash, refuse_secret, reset_secret, tell_secret};

/// Why one's own row cannot be changed here.
pub const THIS_IS_YOU: &str = "This is you. Change your details in My Profile.";
/// Why a user of another account cannot be an org admin.
pub const DEFAULT_ACCOUNT_ONLY: &str = "Only users of the default account can be Org Admin.";

/// A user, without the texts that only search and sign-in need.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    /// Never reused.
    pub id: i64,
    /// The account, which never changes.
    pub account_id: i64,
    /// 1 to 100 characters.
    pub first_name: String,
    /// 1 to 100 characters.
    pub last_name: String,
    /// As typed.
    pub email: String,
    /// Whether sign-in and API calls are accepted.
    pub active: bool,
    /// Whether it manages the organization.
    pub org_admin: bool,
    /// Whether it manages the users of its account.
    pub account_admin: bool,
    /// Whether one-key shortcuts are on.
    pub shortcuts: bool,
    /// Goes up with every change; a form that was made from an older one is refused.
    pub version: i64,
    /// When it was added, UTC.
    #[diesel(deserialize_as = Moment)]
    pub created_at: NaiveDateTime,
    /// The last sign-in, UTC; 1970-01-01 when there was none.
    #[diesel(deserialize_as = Moment)]
    pub last_login_at: NaiveDateTime,
    /// When its password was set, UTC; 1970-01-01 when somebody else set it, so that it has to be changed.
    #[diesel(deserialize_as = Moment)]
    pub password_changed_at: NaiveDateTime,
    /// Whether it has a password; without, it is a user of the API only.
    #[diesel(select_expression = users::password_hash.is_not_null())]
    pub has_password: bool,
    /// Until when wrong passwords or codes have locked it, UTC; what has passed is no lock.
    pub locked_until: Option<NaiveDateTime>,
    /// Since when it has a second factor, UTC.
    pub totp_since: Option<NaiveDateTime>,
}

impl User {
    /// First name, a blank, last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The last sign-in, if there was one.
    #[must_use]
    pub fn last_login(&self) -> Option<NaiveDateTime> {
        (self.last_login_at != never()).then_some(self.last_login_at)
    }

    /// The roles it holds itself.
    #[must_use]
    pub fn own_roles(&self, account: &Account) -> Held {
        Held {
            in_default_account: account.is_default,
            org_admin: self.org_admin,
            account_admin: self.account_admin,
        }
    }

    /// The roles it holds: its own, and its account's.
    #[must_use]
    pub fn held(&self, account: &Account) -> Held {
        self.own_roles(account).and(account.held())
    }

    /// The user as what an audit event tells of.
    #[must_use]
    pub fn target<'a>(&self, organization: i64, name: &'a str) -> Target<'a> {
        Target {
            kind: "user",
            id: Some(self.id),
            name,
            organization: Some(organization),
            account: Some(self.account_id),
        }
    }
}

/// What stands for "has never signed in".
#[must_use]
pub fn never() -> NaiveDateTime {
    DateTime::UNIX_EPOCH.naive_utc()
}

/// Names and email as typed.
#[derive(Debug, Clone, Copy)]
pub struct DetailsInput<'a> {
    /// First name.
    pub first_name: &'a str,
    /// Last name.
    pub last_name: &'a str,
    /// Email.
    pub email: &'a str,
}

/// Names and email that were accepted, as they are kept.
#[derive(Debug, Clone)]
pub struct ValidDetails {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email as typed.
    pub email: String,
    /// What makes the email unique.
    pub email_key: String,
}

impl<'a> DetailsInput<'a> {
    /// Accepts the details, or notes what is wrong with each field.
    pub fn check(&self, errors: &mut FieldErrors) -> Option<ValidDetails> {
        let first_name = name("first_name", "first name", 100, self.first_name, errors);
        let last_name = name("last_name", "last name", 100, self.last_name, errors);
        let typed = clean(self.email);
        let email_key = email::key(&typed);
        if email_key.is_none() {
            errors.add("email", email::EXAMPLE);
        }
        Some(ValidDetails {
            first_name: first_name?,
            last_name: last_name?,
            email: typed,
            email_key: email_key?,
        })
    }

    /// Whose password it would be.
    #[must_use]
    pub fn owner(&self) -> Owner<'a> {
        Owner {
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
        }
    }
}

impl ValidDetails {
    /// First name, a blank, last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The text in which a search looks. Each part begins on a line of its own, so that its beginning can be found.
    #[must_use]
    pub fn search(&self) -> String {
        fold(&format!(
            "\n{} {}\n{}\n{}",
            self.first_name, self.last_name, self.last_name, self.email
        ))
    }
}

/// What is written for a new user.
pub struct NewRow<'a> {
    /// The organization of the account.
    pub organization_id: i64,
    /// The account, which the caller may add to.
    pub account_id: i64,
    /// Names and email.
    pub details: &'a ValidDetails,
    /// The password; none for a user of the API only.
    pub hash: Option<&'a Hash>,
    /// Org admin.
    pub org_admin: bool,
    /// Account admin.
    pub account_admin: bool,
}

/// Writes a new, active user and answers its id and its secret.
///
/// # Errors
/// [`Error::Invalid`] when the email belongs to a user.
pub fn insert(tx: &mut Tx<'_>, keys: &Keys, row: &NewRow<'_>) -> Result<(i64, String), Error> {
    let secret = Secret::for_user(keys);
    let details = row.details;
    let now = tx.now();
    let inserted = diesel::insert_into(users::table)
        .values((
            users::organization_id.eq(row.organization_id),
            users::account_id.eq(row.account_id),
            users::first_name.eq(&details.first_name),
            users::first_name_key.eq(sort_key(&details.first_name)),
            users::last_name.eq(&details.last_name),
            users::last_name_key.eq(sort_key(&details.last_name)),
            users::email.eq(&details.email),
            users::email_key.eq(&details.email_key),
            users::search.eq(details.search()),
            users::password_hash.eq(row.hash.map(Hash::as_str)),
            users::active.eq(true),
            users::org_admin.eq(row.org_admin),
            users::account_admin.eq(row.account_admin),
            users::created_at.eq(now),
            users::updated_at.eq(now),
            users::last_login_at.eq(never()),
            users::password_changed_at.eq(now),
            users::secret_digest.eq(&secret.digest),
            users::secret_sealed.eq(&secret.sealed),
        ))
        .returning(users::id)
        .get_result(tx.db());
    let id = inserted.map_err(|error| taken_or(error, &details.email))?;
    Ok((id, secret.plain))
}

/// The email is the only unique value that a person chooses.
fn taken_or(error: DbError, email: &str) -> Error {
    match error {
        DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => email_taken(email),
        other => other.into(),
    }
}

fn email_taken(email: &str) -> Error {
    let mut errors = FieldErrors::default();
    errors.note("email", taken(email), Kind::Taken);
    Error::Invalid(errors)
}

fn taken(email: &str) -> String {
    format!("{email} already belongs to a user. Enter a different email.")
}

/// The user of this id in this account, if both are within reach.
///
/// # Errors
/// [`Error::NotFound`] otherwise.
pub fn find(db: &mut Db, reach: Reach, account: i64, id: i64) -> Result<User, Error> {
    if !reach.covers(reach.organization(), account) {
        return Err(Error::NotFound);
    }
    Ok(users::table
        .inner_join(accounts::table)
        .filter(users::id.eq(id))
        .filter(users::account_id.eq(account))
        .filter(accounts::organization_id.eq(reach.organization()))
        .select(User::as_select())
        .first(db)?)
}

/// Whether `actor` may change a user who holds `held`: nobody changes themselves, or somebody who may do more.
#[must_use]
pub fn may_change(actor: &Actor, id: i64, held: Held) -> bool {
    actor.id != id && actor.privileges.covers(actor.roles.of(held))
}

/// What [`may_change`] says, as an error.
///
/// # Errors
/// [`Error::Oneself`] for oneself; [`Error::Forbidden`] for somebody above.
pub fn ensure_may_change(actor: &Actor, user: &User, account: &Account) -> Result<(), Error> {
    if actor.id == user.id {
        return Err(Error::Oneself(THIS_IS_YOU.to_owned()));
    }
    if may_change(actor, user.id, user.held(account)) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// Refuses a change after which the organization has no active org admin.
pub(super) fn ensure_org_admin_left(
    tx: &mut Tx<'_>,
    organization: i64,
    name: &str,
) -> Result<(), Error> {
    let left = users::table
        .inner_join(accounts::table)
        .filter(accounts::organization_id.eq(organization))
        .filter(accounts::is_default)
        .filter(users::org_admin)
        .filter(users::active);
    if diesel::select(diesel::dsl::exists(left)).get_result(tx.db())? {
        Ok(())
    } else {
        Err(Error::Refused(format!(
            "{name} is the last active Org Admin. Make somebody else an Org Admin first."
        )))
    }
}

/// Writes names and email and raises the version; answers what changed.
pub(super) fn write_details(
    tx: &mut Tx<'_>,
    user: &User,
    details: &ValidDetails,
) -> Result<Details, Error> {
    let now = tx.now();
    diesel::update(users::table.find(user.id))
        .set((
            users::first_name.eq(&details.first_name),
            users::first_name_key.eq(sort_key(&details.first_name)),
            users::last_name.eq(&details.last_name),
            users::last_name_key.eq(sort_key(&details.last_name)),
            users::email.eq(&details.email),
            users::email_key.eq(&details.email_key),
            users::search.eq(details.search()),
            users::version.eq(users::version + 1),
            users::updated_at.eq(now),
        ))
        .execute(tx.db())
        .map_err(|error| taken_or(error, &details.email))?;
    if user.email != details.email {
        recovery::void(tx, user.id)?;
    }
    let mut noted = Details::default();
    noted.changed("firstName", &user.first_name, &details.first_name);
    noted.changed("lastName", &user.last_name, &details.last_name);
    noted.changed("email", &user.email, &details.email);
    Ok(noted)
}

/// Roles (org admin, account admin) that change need a giver who holds all they allow.
fn check_roles(
    actor: &Actor,
    account: &Account,
    before: (bool, bool),
    after: (bool, bool),
    errors: &mut FieldErrors,
) -> Result<(), Error> {
    // Being in an account gives its roles, which are roles given too.
    if !actor.privileges.covers(actor.roles.of(account.held())) {
        return Err(Error::Forbidden);
    }
    if after.0 && !account.is_default {
        errors.note("org_admin", DEFAULT_ACCOUNT_ONLY, Kind::Forbidden);
    } else if before.0 != after.0 && !actor.may_give(Role::OrgAdmin) {
        return Err(Error::Forbidden);
    }
    if before.1 != after.1 && !actor.may_give(Role::AccountAdmin) {
        return Err(Error::Forbidden);
    }
    Ok(())
}
