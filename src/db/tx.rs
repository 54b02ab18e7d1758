//! A write transaction: what every changing verb takes.

use chrono::NaiveDateTime;
use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamp};

use super::Db;
use super::schema::{accounts, installation, jobs, organizations, users};
use crate::error::Error;

/// An open write transaction, with the moment it stands for.
pub struct Tx<'a> {
    db: &'a mut Db,
    now: NaiveDateTime,
}

impl Tx<'_> {
    /// The connection inside the transaction.
    pub fn db(&mut self) -> &mut Db {
        self.db
    }

    /// Lets one change of this organization's accounts and users happen at a time, so that what it checks (the last
    /// org admin, an account that is still there) is true when it commits. Rows that only refer to the organization are
    /// written meanwhile. SQLite has one writer anyway.
    ///
    /// # Errors
    /// When the organization is not there.
    pub fn lock_organization(&mut self, id: i64) -> Result<(), Error> {
        if let Db::Postgres(connection) = self.db {
            organizations::table
                .find(id)
                .select(organizations::id)
                .for_no_key_update()
                .first::<i64>(connection)?;
        }
        Ok(())
    }

    /// Takes a user's row until the transaction ends, so that what is counted there is counted exactly. One who is gone
    /// has nothing to take. SQLite has one writer anyway.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn lock_user(&mut self, id: i64) -> Result<(), Error> {
        if let Db::Postgres(connection) = self.db {
            users::table
                .find(id)
                .select(users::id)
                .for_no_key_update()
                .first::<i64>(connection)
                .optional()?;
        }
        Ok(())
    }

    /// Takes the rows of all users of an account until the transaction ends, to delete them. SQLite has one writer anyway.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn lock_users_of(&mut self, account: i64) -> Result<(), Error> {
        if let Db::Postgres(connection) = self.db {
            users::table
                .filter(users::account_id.eq(account))
                .order(users::id)
                .select(users::id)
                .for_update()
                .load::<i64>(connection)?;
        }
        Ok(())
    }

    /// Lets one change of what this user owns happen at a time, and keeps the user and its account active until then: a
    /// deactivation at the same moment waits, or wins. Otherwise a new job could outlive it.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when one of them is not active, or gone.
    pub fn lock_owner(&mut self, user: i64) -> Result<(), Error> {
        let owner = users::table.find(user).filter(users::active);
        let account: Option<i64> = match self.db {
            Db::Postgres(connection) => owner
                .select(users::account_id)
                .for_no_key_update()
                .first(connection)
                .optional()?,
            Db::Sqlite(connection) => owner
                .select(users::account_id)
                .first(connection)
                .optional()?,
        };
        let account = accounts::table
            .find(account.ok_or(Error::SignedOut)?)
            .filter(accounts::active)
            .select(accounts::id);
        let active: Option<i64> = match self.db {
            Db::Postgres(connection) => account.for_share().first(connection).optional()?,
            Db::Sqlite(connection) => account.first(connection).optional()?,
        };
        active.map(drop).ok_or(Error::SignedOut)
    }

    /// Lets one change of this job happen at a time. It may be gone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lock_job(&mut self, id: i64) -> Result<(), Error> {
        if let Db::Postgres(connection) = self.db {
            jobs::table
                .find(id)
                .select(jobs::id)
                .for_update()
                .first::<i64>(connection)
                .optional()?;
        }
        Ok(())
    }

    /// The ids of up to `most` jobs of the organization that are due, the one that has waited longest first, locked: of
    /// several workers that ask at the same moment, each gets others.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lock_due_jobs(&mut self, organization: i64, most: i64) -> Result<Vec<i64>, Error> {
        let due_at =
            || sql::<Nullable<Timestamp>>("COALESCE(jobs.leased_until, jobs.next_fire_at)");
        // Not joined, so that it is jobs that are locked and nothing else; asked of each job, not of all users first.
        let owner = users::table
            .inner_join(accounts::table)
            .filter(users::id.eq(jobs::user_id))
            .filter(users::active)
            .filter(accounts::active);
        let due = jobs::table
            .filter(jobs::organization_id.eq(organization))
            .filter(jobs::enabled)
            .filter(due_at().le(self.now))
            .filter(exists(owner))
            .order((due_at(), jobs::id))
            .limit(most)
            .select(jobs::id);
        Ok(match self.db {
            Db::Postgres(connection) => due.for_update().skip_locked().load(connection)?,
            Db::Sqlite(connection) => due.load(connection)?,
        })
    }

    /// Lets one change of the installation as a whole happen at a time: its key, its first organization.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn lock_installation(&mut self) -> Result<(), Error> {
        if let Db::Postgres(connection) = self.db {
            diesel::sql_query("SELECT pg_advisory_xact_lock(1)").execute(connection)?;
        }
        Ok(())
    }

    /// What the installation's key is known by, if there is one yet. It stays so until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn key_check(&mut self) -> Result<Option<String>, Error> {
        let check = installation::table.select(installation::key_check);
        Ok(match self.db {
            Db::Postgres(connection) => check.for_share().first(connection).optional()?,
            // There is one writer, and that is this transaction.
            Db::Sqlite(connection) => check.first(connection).optional()?,
        })
    }

    /// The time of this change, in UTC: the same for all it writes.
    #[must_use]
    pub fn now(&self) -> NaiveDateTime {
        self.now
    }
}

/// Runs `work` in one transaction: all of it is kept when it answers `Ok`, none otherwise.
///
/// # Errors
/// What `work` answers, or what the database says to the commit.
pub fn transaction<T>(
    db: &mut Db,
    now: NaiveDateTime,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    match db {
        // A deferred transaction that reads and then writes fails with SQLITE_BUSY at once.
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
        }
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection)?,
    }
    let result = work(&mut Tx { db, now });
    match result {
        Ok(value) => {
            commit(db)?;
            Ok(value)
        }
        Err(error) => {
            // The work's own error matters more than a rollback on a connection that may be gone.
            let _ = rollback(db);
            Err(error)
        }
    }
}

fn commit(db: &mut Db) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection),
        Db::Postgres(connection) => AnsiTransactionManager::commit_transaction(connection),
    }
}

fn rollback(db: &mut Db) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::rollback_transaction(connection),
        Db::Postgres(connection) => AnsiTransactionManager::rollback_transaction(connection),
    }
}
