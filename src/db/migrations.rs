//! The embedded migrations: run at start, once, even when several instances start together.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager as _};
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, Manager};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The advisory lock that lets one instance migrate at a time: "tenantry" in ASCII.
const LOCK: i64 = 0x7465_6e61_6e74_7279;

/// Brings the schema up to date and answers how many migrations ran.
///
/// # Errors
/// When the database cannot be opened, a migration fails, or the schema is newer than this binary knows.
pub fn migrate(url: &str) -> Result<usize, Failure> {
    let mut db = Manager::new(url, std::sync::Arc::default())
        .open()
        .map_err(|error| {
            format!(
                "DATABASE_URL cannot be opened: {}",
                one_line(&error.to_string())
            )
        })?;
    match &mut db {
        Db::Postgres(connection) => {
            connection.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let count = run(connection, POSTGRES);
            connection.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            count
        }
        Db::Sqlite(connection) => {
            // The second instance waits here; inside, each migration is a savepoint.
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
            let count = run(connection, SQLITE);
            if count.is_ok() {
                AnsiTransactionManager::commit_transaction(connection)?;
            } else {
                AnsiTransactionManager::rollback_transaction(connection)?;
            }
            count
        }
    }
}

/// Takes every migration back, for the test of the `down.sql` files.
///
/// # Errors
/// When the database cannot be opened or a `down.sql` fails.
pub fn revert_all(url: &str) -> Result<(), Failure> {
    let mut db = Manager::new(url, std::sync::Arc::default()).open()?;
    match &mut db {
        Db::Postgres(connection) => connection.revert_all_migrations(POSTGRES).map(drop),
        Db::Sqlite(connection) => connection.revert_all_migrations(SQLITE).map(drop),
    }
}

/// PostgreSQL spreads its reasons over lines; an ended start is one sentence.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn run<C>(connection: &mut C, source: EmbeddedMigrations) -> Result<usize, Failure>
where
    C: MigrationHarness<C::Backend> + diesel::Connection,
{
    let known: Vec<_> = MigrationSource::<C::Backend>::migrations(&source)?
        .iter()
        .map(|migration| migration.name().version().as_owned())
        .collect();
    if connection
        .applied_migrations()?
        .iter()
        .any(|applied| !known.contains(applied))
    {
        return Err("The database belongs to a newer version of Tenantry. Start that version, or restore a backup from before the upgrade.".into());
    }
    Ok(connection.run_pending_migrations(source)?.len())
}
