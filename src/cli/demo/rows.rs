//! The rows that a demo is made of, and how many of them are written at once.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::Db;
use crate::db::schema::{accounts, audit_events, instances, jobs, users};
use crate::domain::keys::Keys;
use crate::domain::lockout::until_unlocked;
use crate::domain::secret::Secret;
use crate::domain::text::sort_key;
use crate::domain::two_factor;
use crate::domain::user::DetailsInput;
use crate::error::{Error, FieldErrors};

/// Wrong passwords that followed a lock and made it last until somebody unlocks.
const MORE_FAILURES: i32 = 3;

/// An account as it is written; the fields are the columns.
#[derive(Insertable)]
#[diesel(table_name = accounts)]
#[diesel(treat_none_as_default_value = false)]
pub struct AccountRow {
    /// Above every id that was given before.
    pub id: i64,
    pub organization_id: i64,
    pub name: String,
    pub name_key: Vec<u8>,
    pub name_search: String,
    pub description: String,
    pub external_id: String,
    pub is_default: bool,
    pub active: bool,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// A user as it is written; the fields are the columns.
#[derive(Insertable)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_default_value = false)]
pub struct UserRow<'a> {
    /// Above every id that was given before.
    pub id: i64,
    pub organization_id: i64,
    pub account_id: i64,
    pub first_name: String,
    pub first_name_key: Vec<u8>,
    pub last_name: String,
    pub last_name_key: Vec<u8>,
    pub email: String,
    pub email_key: String,
    pub search: String,
    pub password_hash: Option<&'a str>,
    pub active: bool,
    pub org_admin: bool,
    pub account_admin: bool,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    pub last_login_at: NaiveDateTime,
    pub password_changed_at: NaiveDateTime,
    pub secret_digest: String,
    pub secret_sealed: String,
    pub totp_since: Option<NaiveDateTime>,
    pub totp_sealed: Option<String>,
    pub failed_passwords: i32,
    pub locked_until: Option<NaiveDateTime>,
}

/// An element or formula instance as it is written; the fields are the columns.
#[derive(Insertable)]
#[diesel(table_name = instances)]
#[diesel(treat_none_as_default_value = false)]
pub struct InstanceRow {
    pub user_id: i64,
    pub kind: &'static str,
    pub name: &'static str,
    /// The element's key or the formula's id.
    pub source: Cow<'static, str>,
    pub created_at: NaiveDateTime,
}

/// A job as it is written; the fields are the columns.
#[derive(Insertable)]
#[diesel(table_name = jobs)]
#[diesel(treat_none_as_default_value = false)]
pub struct JobRow {
    pub user_id: i64,
    pub organization_id: i64,
    pub name: &'static str,
    pub kind: &'static str,
    /// A Quartz expression.
    pub cron: &'static str,
    pub next_fire_at: Option<NaiveDateTime>,
    /// What it sends.
    pub request_sealed: Option<String>,
    pub created_at: NaiveDateTime,
}

/// An audit event as it is written; the fields are the columns.
#[derive(Insertable)]
#[diesel(table_name = audit_events)]
#[diesel(treat_none_as_default_value = false)]
pub struct EventRow {
    pub organization_id: Option<i64>,
    pub account_id: Option<i64>,
    pub at: NaiveDateTime,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub actor_email: String,
    pub channel: &'static str,
    pub address: &'static str,
    pub request_id: String,
    pub code: &'static str,
    pub target_kind: &'static str,
    pub target_id: Option<i64>,
    pub target_name: String,
    pub details: String,
    pub outcome: &'static str,
}

/// What is known of a user before the row is made.
pub struct NewUser<'a> {
    /// Above every id that was given before.
    pub id: i64,
    /// The organization.
    pub organization_id: i64,
    /// The account.
    pub account_id: i64,
    /// Names and email.
    pub details: DetailsInput<'a>,
    /// Active.
    pub active: bool,
    /// Org admin.
    pub org_admin: bool,
    /// Account admin.
    pub account_admin: bool,
    /// When it was added.
    pub created_at: NaiveDateTime,
    /// The last sign-in, or what stands for none.
    pub last_login_at: NaiveDateTime,
    /// Since when it has a second factor, of which nobody has the key: whoever tries the demo can see and reset it.
    pub totp_since: Option<NaiveDateTime>,
    /// Locked until somebody unlocks it.
    pub locked: bool,
}

impl NewUser<'_> {
    /// The row, under the rules that every user is made by, with a fresh secret.
    ///
    /// # Errors
    /// When the rules refuse the names or the email, which is a mistake in our lists.
    pub fn row<'h>(&self, keys: &Keys, hash: &'h str) -> Result<UserRow<'h>, Error> {
        let mut errors = FieldErrors::default();
        let details = self.details.check(&mut errors);
        let Some(details) = details.filter(|_| errors.is_empty()) else {
            let email = self.details.email;
            return Err(Error::internal(format!(
                "the demo made a bad user: {email}"
            )));
        };
        let secret = Secret::for_user(keys);
        Ok(UserRow {
            id: self.id,
            organization_id: self.organization_id,
            account_id: self.account_id,
            first_name_key: sort_key(&details.first_name),
            last_name_key: sort_key(&details.last_name),
            search: details.search(),
            first_name: details.first_name,
            last_name: details.last_name,
            email: details.email,
            email_key: details.email_key,
            password_hash: Some(hash),
            active: self.active,
            org_admin: self.org_admin,
            account_admin: self.account_admin,
            created_at: self.created_at,
            updated_at: self.created_at,
            last_login_at: self.last_login_at,
            password_changed_at: self.created_at,
            secret_digest: secret.digest,
            secret_sealed: secret.sealed,
            totp_since: self.totp_since,
            totp_sealed: self
                .totp_since
                .map(|_| two_factor::Secret::fresh().seal_for(keys, self.id)),
            failed_passwords: if self.locked { MORE_FAILURES } else { 0 },
            locked_until: self.locked.then(until_unlocked),
        })
    }
}

/// Rows that are written together: parents first.
#[derive(Default)]
pub struct Batch<'a> {
    /// Accounts of the organization.
    pub accounts: Vec<AccountRow>,
    /// Users of these accounts, or of earlier ones.
    pub users: Vec<UserRow<'a>>,
    /// Instances of these users.
    pub instances: Vec<InstanceRow>,
    /// Jobs of these users.
    pub jobs: Vec<JobRow>,
    /// Events, oldest first.
    pub events: Vec<EventRow>,
}

impl Batch<'_> {
    /// Writes the rows in the fastest way each database has.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn write(&self, db: &mut Db) -> Result<(), Error> {
        match db {
            Db::Postgres(connection) => self.copy(connection)?,
            Db::Sqlite(connection) => self.insert(connection)?,
        }
        Ok(())
    }

    /// COPY: one statement for each table.
    fn copy(&self, db: &mut PgConnection) -> QueryResult<()> {
        diesel::copy_from(accounts::table)
            .from_insertable(&self.accounts)
            .execute(db)?;
        diesel::copy_from(users::table)
            .from_insertable(&self.users)
            .execute(db)?;
        diesel::copy_from(instances::table)
            .from_insertable(&self.instances)
            .execute(db)?;
        diesel::copy_from(jobs::table)
            .from_insertable(&self.jobs)
            .execute(db)?;
        diesel::copy_from(audit_events::table)
            .from_insertable(&self.events)
            .execute(db)?;
        Ok(())
    }

    /// One row at a time: its statement stays prepared, which a statement of many rows would not.
    fn insert(&self, db: &mut SqliteConnection) -> QueryResult<()> {
        for row in &self.accounts {
            diesel::insert_into(accounts::table)
                .values(row)
                .execute(db)?;
        }
        for row in &self.users {
            diesel::insert_into(users::table).values(row).execute(db)?;
        }
        for row in &self.instances {
            diesel::insert_into(instances::table)
                .values(row)
                .execute(db)?;
        }
        for row in &self.jobs {
            diesel::insert_into(jobs::table).values(row).execute(db)?;
        }
        for row in &self.events {
            diesel::insert_into(audit_events::table)
                .values(row)
                .execute(db)?;
        }
        Ok(())
    }
}
