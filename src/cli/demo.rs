//! `tenantry demo`: fills an empty database with a believable organization of any size.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::ref_option_ref,
    reason = "sizes of a demo are far below every limit; the last is in what Diesel derives"
)]

mod accounts;
mod cast;
mod command;
mod companies;
mod emails;
mod founding;
mod history;
mod indexes;
mod names;
mod people;
mod population;
mod routine;
mod rows;
mod search;
mod time;
mod work;

use std::sync::mpsc::{channel, sync_channel};

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection as _;
use indicatif::ProgressBar;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use self::accounts::Account;
use self::founding::Founding;
use self::indexes::Indexes;
use self::people::People;
use self::population::Population;
use self::rows::{AccountRow, Batch};
use self::time::Span;
use crate::db::{self, Db, Tx};
use crate::domain::keys::Keys;
use crate::domain::organization;
use crate::domain::password::Hash;
use crate::error::Error;

pub use command::{Arguments, run};

/// Two demos of one size look alike, but for their secrets.
const SEED: u64 = 0x0007_e4a4_7279;
/// Batches that wait for the database while more are made.
const WAITING: usize = 8;
/// The default account of a small demo has so many users, more than one page.
const SECOND_PAGE: u64 = 64;

/// How large the demo is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Users in all; at least the one who signs in is made.
    pub users: u64,
    /// Accounts in all; at least the default one is made.
    pub accounts: u64,
    /// Events of people's days, besides those that tell of the first people and the accounts.
    pub events: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            users: 260,
            accounts: 24,
            events: 0,
        }
    }
}

/// What was made.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The organization's name.
    pub organization: &'static str,
    /// The email of the org admin to sign in with.
    pub email: &'static str,
    /// Users.
    pub users: u64,
    /// Accounts.
    pub accounts: u64,
    /// Jobs.
    pub jobs: u64,
    /// Element and formula instances.
    pub instances: u64,
    /// Audit events.
    pub events: u64,
}

/// Fills an empty database: all of it, or nothing. `hash` becomes everybody's password; `progress` counts users and events.
///
/// # Errors
/// [`Error::Refused`] when there is an organization already; otherwise when the database cannot be written.
pub fn fill(
    db: &mut Db,
    keys: &Keys,
    hash: &Hash,
    now: NaiveDateTime,
    size: &Size,
    progress: &ProgressBar,
) -> Result<Summary, Error> {
    progress.set_length(size.users.max(1) + size.events);
    make_way(db)?;
    let life = Span::life(now);
    let summary = db::transaction(db, life.start, |tx| {
        tx.lock_installation()?;
        if organization::any_exists(tx.db())? {
            return Err(Error::Refused(
                "This database has an organization already. A demo needs an empty database: \
                 set DATABASE_URL or TENANTRY_DATA_DIR to a new one."
                    .to_owned(),
            ));
        }
        let demo = Demo { keys, hash, life };
        demo.make(tx, size, progress)
    })?;
    clean_up(db);
    Ok(summary)
}

/// What everything of one demo is made with.
struct Demo<'a> {
    keys: &'a Keys,
    hash: &'a Hash,
    life: Span,
}

impl Demo<'_> {
    fn make(&self, tx: &mut Tx<'_>, size: &Size, progress: &ProgressBar) -> Result<Summary, Error> {
        let mut rng = StdRng::seed_from_u64(SEED);
        let people = People::new();
        let Founding {
            organization,
            account,
            last_user,
            members,
            mut history,
            mut batch,
            emails,
            planned,
        } = self.found(tx, &mut rng, size.users)?;
        let others = size.accounts.saturating_sub(1);
        let opened = accounts::open(&mut rng, &people, organization, account, others, self.life);
        let (accounts, rows): (Vec<Account>, Vec<AccountRow>) = opened.into_iter().unzip();
        for row in &rows {
            history.account(&mut rng, row)?;
        }
        batch.accounts = rows;
        batch.events = history.in_order();
        let count = size.users.saturating_sub(members);
        let population = Population {
            keys: self.keys,
            hash: self.hash.as_str(),
            people: &people,
            emails,
            planned,
            organization,
            default: Account::of_cast(account, self.life.start),
            accounts,
            count,
            count_of_default: default_users(size).saturating_sub(members).min(count),
            last_id: last_user,
            span: self.life.growth(),
            events: size.events,
        };
        let mut summary = Summary {
            organization: cast::ORGANIZATION,
            email: cast::founder().email,
            // Made before the first batch: the founder and the default account.
            users: 1,
            accounts: 1,
            ..Summary::default()
        };
        let indexes = Indexes::take_away(tx.db())?;
        let (texts, search) = match tx.db() {
            Db::Sqlite(connection) => Some(search::begin(connection)?),
            Db::Postgres(_) => None,
        }
        .unzip();
        let mut write = |batch: &mut Batch<'_>| {
            summary.write(tx, batch, progress)?;
            if let Some(texts) = &texts {
                texts.take(&mut batch.users);
            }
            Ok(())
        };
        write(&mut batch)?;
        make_and_write(population, write)?;
        drop(texts);
        // With a million users this takes seconds in which the bar stands still.
        progress.set_message("sorting");
        indexes.bring_back(tx.db())?;
        if let (Db::Sqlite(connection), Some(search)) = (tx.db(), search) {
            search.bring_over(connection)?;
        }
        continue_ids(tx.db())?;
        Ok(summary)
    }
}

impl Summary {
    /// Writes a batch and adds it up.
    fn write(
        &mut self,
        tx: &mut Tx<'_>,
        batch: &Batch<'_>,
        progress: &ProgressBar,
    ) -> Result<(), Error> {
        batch.write(tx.db())?;
        self.users += batch.users.len() as u64;
        self.accounts += batch.accounts.len() as u64;
        self.jobs += batch.jobs.len() as u64;
        self.instances += batch.instances.len() as u64;
        self.events += batch.events.len() as u64;
        progress.inc((batch.users.len() + batch.events.len()) as u64);
        Ok(())
    }
}

/// How many users the default account has, which is the largest: a tenth, in a small demo more.
fn default_users(size: &Size) -> u64 {
    if size.accounts <= 1 {
        return size.users;
    }
    (size.users / 10).max(SECOND_PAGE.min(size.users / 2))
}

/// Makes users on a thread of their own while those made before are written on this one. What was written goes back to be
/// dropped there: taking apart what the other thread put together, both would wait for each other at each text.
fn make_and_write<'a>(
    population: Population<'a>,
    mut write: impl FnMut(&mut Batch<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    let (made, to_write) = sync_channel(WAITING);
    let (done, to_drop) = channel();
    std::thread::scope(|scope| {
        let maker = scope.spawn(move || {
            population.make(|batch| {
                to_drop.try_iter().for_each(drop);
                made.send(batch).is_ok()
            })
        });
        // When writing fails, the receiver goes away and the maker stops at its next batch.
        let written = to_write.into_iter().try_for_each(|mut batch| {
            write(&mut batch)?;
            // A maker that is done drops nothing any more.
            let _ = done.send(batch);
            Ok(())
        });
        let made = maker
            .join()
            .unwrap_or_else(|_| Err(Error::internal("the demo's maker panicked")));
        written.and(made)
    })
}

/// Prepares a connection of SQLite for one large transaction. A million users touch more pages than the half gigabyte it may
/// keep in memory; each one that it has to let go is written twice, unless the journal keeps what was there before, which is
/// next to nothing. Where others have the database open, it stays as it is.
fn make_way(db: &mut Db) -> Result<(), Error> {
    if let Db::Sqlite(connection) = db {
        connection.batch_execute("PRAGMA cache_size = -512000; PRAGMA threads = 2")?;
        let _ = connection.batch_execute("PRAGMA journal_mode = DELETE");
    }
    Ok(())
}

/// PostgreSQL would get to know so many new rows within minutes; the first pages should not wait for that. The demo is made:
/// should this fail, nothing is lost by it.
fn clean_up(db: &mut Db) {
    if let Db::Postgres(connection) = db {
        let _ = connection.batch_execute("VACUUM ANALYZE");
    }
}

/// Rows came with their ids; PostgreSQL has to be told where to go on. SQLite looks by itself.
fn continue_ids(db: &mut Db) -> Result<(), Error> {
    if let Db::Postgres(connection) = db {
        connection.batch_execute(
            "SELECT setval(pg_get_serial_sequence('accounts', 'id'), (SELECT MAX(id) FROM accounts));
             SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT MAX(id) FROM users))",
        )?;
    }
    Ok(())
}
