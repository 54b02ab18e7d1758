//! Organizations: how one is made, with its roles, policy, default account and first org admin.

mod activation;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Deserialize;

use super::account;
use super::actor::Origin;
use super::audit::{self, By, Code, Details, Target};
use super::keys::Keys;
use super::password::Hash;
use super::password_policy::{self, Accepted, Policy};
use super::permit::{ModifySecurity, Permit};
use super::role;
use super::secret::Secret;
use super::text::{clean, has_control, whole_number};
use super::user::{self, DetailsInput, NewRow};
use crate::db::schema::organizations;
use crate::db::{Db, Tx};
use crate::error::{Error, FieldErrors};

pub use activation::{all, set_active};

/// What the set-up asks for, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SetUp {
    /// The one-time token of the link.
    pub token: String,
    /// Name of the organization.
    pub organization: String,
    /// First name of the first org admin.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email.
    pub email: String,
    /// Password.
    pub password: String,
}

/// A new organization, with the secrets that are shown once.
pub struct Created {
    /// The organization.
    pub id: i64,
    /// Its default account.
    pub account_id: i64,
    /// Its first org admin.
    pub user_id: i64,
    /// The organization secret.
    pub secret: String,
    /// The first user's secret.
    pub user_secret: String,
}

impl SetUp {
    /// Checks everything at once; the password against the default policy.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is wrong.
    pub fn check(&self) -> Result<Accepted, Error> {
        let mut errors = FieldErrors::default();
        check_name("organization", &self.organization, &mut errors);
        let details = self.details();
        details.check(&mut errors);
        let accepted = Policy::default().accept(&self.password, details.owner());
        if let Err(sentence) = &accepted {
            errors.add("password", sentence.clone());
        }
        errors.into_result()?;
        accepted.map_err(|refusal| Error::Internal(refusal.into()))
    }

    fn details(&self) -> DetailsInput<'_> {
        DetailsInput {
            first_name: &self.first_name,
            last_name: &self.last_name,
            email: &self.email,
        }
    }
}

fn check_name(field: &'static str, typed: &str, errors: &mut FieldErrors) -> String {
    let name = clean(typed);
    if name.is_empty() {
        errors.add(field, "Enter the name of your organization.");
    } else if name.chars().count() > 200 {
        errors.add(field, "Enter a name of at most 200 characters.");
    } else if has_control(&name) {
        errors.add(field, "Enter a name without control characters.");
    }
    name
}

/// Whether the installation has an organization. Once it has one it always has.
///
/// # Errors
/// When the database cannot be read.
pub fn any_exists(db: &mut Db) -> Result<bool, Error> {
    Ok(diesel::select(diesel::dsl::exists(
        organizations::table.select(organizations::id),
    ))
    .get_result(db)?)
}

/// How many users it has in all of its accounts; the database keeps count.
///
/// # Errors
/// [`Error::NotFound`] when it is not there.
pub fn user_count(db: &mut Db, id: i64) -> Result<i64, Error> {
    Ok(organizations::table
        .find(id)
        .select(organizations::user_count)
        .first(db)?)
}

/// Makes the first organization.
///
/// # Errors
/// [`Error::NotFound`] when there is one already: set-up has closed. [`Error::Invalid`] for bad input.
pub fn set_up(
    tx: &mut Tx<'_>,
    keys: &Keys,
    origin: &Origin,
    input: &SetUp,
    hash: &Hash,
) -> Result<Created, Error> {
    tx.lock_installation()?;
    if any_exists(tx.db())? {
        return Err(Error::NotFound);
    }
    create(tx, keys, origin, input, hash)
}

/// Makes an organization with everything that it cannot be without.
///
/// # Errors
/// [`Error::Invalid`] for bad input.
pub fn create(
    tx: &mut Tx<'_>,
    keys: &Keys,
    origin: &Origin,
    input: &SetUp,
    hash: &Hash,
) -> Result<Created, Error> {
    input.check()?;
    let mut errors = FieldErrors::default();
    let details = input.details().check(&mut errors);
    errors.into_result()?;
    let details = details.ok_or(Error::Malformed("The form is not complete."))?;
    let secret = Secret::for_organization(keys);
    let name = clean(&input.organization);
    let created_at = tx.now();
    let id: i64 = diesel::insert_into(organizations::table)
        .values((
            organizations::name.eq(&name),
            organizations::created_at.eq(created_at),
            organizations::secret_digest.eq(&secret.digest),
            organizations::secret_sealed.eq(&secret.sealed),
        ))
        .returning(organizations::id)
        .get_result(tx.db())?;
    role::create_defaults(tx, id)?;
    password_policy::create_default(tx, id)?;
    let account_id = account::create_default(tx, id, &details)?;
    let row = NewRow {
        organization_id: id,
        account_id,
        details: &details,
        hash: Some(hash),
        org_admin: true,
        account_admin: true,
    };
    let (user_id, user_secret) = user::insert(tx, keys, &row)?;
    let target = Target {
        kind: "organization",
        id: Some(id),
        name: &name,
        organization: Some(id),
        account: None,
    };
    let by = By {
        id: Some(user_id),
        name: &details.full_name(),
        email: &details.email,
        origin,
    };
    audit::record(
        tx,
        &by,
        Code::OrganizationCreated,
        &target,
        &Details::default(),
    )?;
    Ok(Created {
        id,
        account_id,
        user_id,
        secret: secret.plain,
        user_secret,
    })
}

/// What Settings shows of an organization.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = organizations)]
pub struct Organization {
    /// Id.
    pub id: i64,
    /// Name, 1 to 200 characters.
    pub name: String,
    /// Whether anybody of it may sign in and call the API.
    pub active: bool,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Minutes after which an unused session ends.
    pub idle_minutes: i32,
    /// Minutes after which any session ends.
    pub longest_minutes: i32,
    /// What it demands at sign-in besides the password: `none` or `totp`.
    pub two_factor: String,
}

impl Organization {
    /// The organization of this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find(db: &mut Db, id: i64) -> Result<Self, Error> {
        Ok(organizations::table
            .find(id)
            .select(Self::as_select())
            .first(db)?)
    }

    /// The organization as what an audit event tells of.
    #[must_use]
    pub fn target(&self) -> Target<'_> {
        Target {
            kind: "organization",
            id: Some(self.id),
            name: &self.name,
            organization: Some(self.id),
            account: None,
        }
    }
}

/// Changes the organization's name.
///
/// # Errors
/// [`Error::Invalid`] for a bad name.
pub fn rename(tx: &mut Tx<'_>, permit: &Permit<ModifySecurity>, typed: &str) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    let name = check_name("name", typed, &mut errors);
    errors.into_result()?;
    let organization = Organization::find(tx.db(), permit.reach.organization())?;
    let mut noted = Details::default();
    noted.changed("name", &organization.name, &name);
    if noted.is_empty() {
        return Ok(());
    }
    diesel::update(organizations::table.find(organization.id))
        .set(organizations::name.eq(&name))
        .execute(tx.db())?;
    let by = (&permit.actor).into();
    audit::record(
        tx,
        &by,
        Code::OrganizationUpdated,
        &organization.target(),
        &noted,
    )
}

/// Replaces the organization secret: the old one stops working at once. Answers the new one.
///
/// # Errors
/// When the database cannot be written.
pub fn reset_secret(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<ModifySecurity>,
) -> Result<String, Error> {
    let organization = Organization::find(tx.db(), permit.reach.organization())?;
    let secret = Secret::for_organization(keys);
    diesel::update(organizations::table.find(organization.id))
        .set((
            organizations::secret_digest.eq(&secret.digest),
            organizations::secret_sealed.eq(&secret.sealed),
        ))
        .execute(tx.db())?;
    let by = (&permit.actor).into();
    let (target, noted) = (organization.target(), Details::default());
    audit::record(tx, &by, Code::SecretReset, &target, &noted)?;
    Ok(secret.plain)
}

/// How long sessions hold, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SessionLimits {
    /// Minutes without use, 1 to 1,440.
    pub idle_minutes: String,
    /// Hours at the longest, 1 to 168 (a week).
    pub longest_hours: String,
}

/// Changes how long sessions hold. It acts on those that are open.
///
/// # Errors
/// [`Error::Invalid`] for a number out of its range.
pub fn limit_sessions(
    tx: &mut Tx<'_>,
    permit: &Permit<ModifySecurity>,
    input: &SessionLimits,
) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    let idle = whole_number("idle_minutes", &input.idle_minutes, 1..=1440, &mut errors);
    let longest = whole_number("longest_hours", &input.longest_hours, 1..=168, &mut errors) * 60;
    errors.into_result()?;
    let organization = Organization::find(tx.db(), permit.reach.organization())?;
    let mut noted = Details::default();
    noted.changed("idleMinutes", &organization.idle_minutes, &idle);
    noted.changed("longestMinutes", &organization.longest_minutes, &longest);
    if noted.is_empty() {
        return Ok(());
    }
    diesel::update(organizations::table.find(organization.id))
        .set((
            organizations::idle_minutes.eq(idle),
            organizations::longest_minutes.eq(longest),
        ))
        .execute(tx.db())?;
    let by = (&permit.actor).into();
    audit::record(
        tx,
        &by,
        Code::SessionLimitsUpdated,
        &organization.target(),
        &noted,
    )
}
