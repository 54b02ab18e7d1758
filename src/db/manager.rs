//! Opens database connections for r2d2, choosing the driver by the URL's scheme.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::{Connection, PgConnection, SqliteConnection};

use super::Db;
use super::shared::teach_sqlite;

/// An r2d2 manager for [`Db`]. The enum's derived `establish` would hide the real error, hence this one.
#[derive(Clone)]
pub struct Manager {
    url: String,
    queries: Arc<AtomicU64>,
}

impl Manager {
    /// A manager for a `sqlite:` path or a `postgres://` URL; every query it sees is added to `queries`.
    #[must_use]
    pub fn new(url: &str, queries: Arc<AtomicU64>) -> Self {
        Self {
            url: url.to_owned(),
            queries,
        }
    }

    /// Opens one connection.
    ///
    /// # Errors
    /// What the driver says, for instance that the server is not there.
    pub fn open(&self) -> Result<Db, diesel::r2d2::Error> {
        let mut db = if let Some(path) = self.url.strip_prefix("sqlite:") {
            make_private(path);
            let mut connection =
                SqliteConnection::establish(path).map_err(diesel::r2d2::Error::ConnectionError)?;
            prepare_sqlite(&mut connection).map_err(diesel::r2d2::Error::QueryError)?;
            teach_sqlite(&mut connection).map_err(diesel::r2d2::Error::QueryError)?;
            Db::Sqlite(connection)
        } else {
            let mut connection =
                PgConnection::establish(&self.url).map_err(diesel::r2d2::Error::ConnectionError)?;
            connection
                // Pages ask for little: starting helpers or compiling would take longer than what it saves. And that any row
                // costs four times as much as the next one is true of turning disks only: an account's few would be looked for
                // among everybody's.
                .batch_execute(
                    "SET TIME ZONE 'UTC'; SET jit = off; SET max_parallel_workers_per_gather = 0; \
                     SET random_page_cost = 1.1",
                )
                .map_err(diesel::r2d2::Error::QueryError)?;
            Db::Postgres(connection)
        };
        let queries = Arc::clone(&self.queries);
        db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { .. } = event {
                queries.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(db)
    }
}

/// Makes a new database file with mode 0600; SQLite gives its other files the mode of this one. What is wrong with the
/// path is told by the opening that follows.
fn make_private(path: &str) {
    let _ = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path);
}

/// Sets what every SQLite connection needs. Switching a new file to WAL asks for the file alone, and SQLite does
/// not wait for that as it does for other locks: several starts at once would fail, so this one waits.
fn prepare_sqlite(connection: &mut SqliteConnection) -> diesel::QueryResult<()> {
    const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
                           PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
    for _ in 0..500 {
        match connection.batch_execute(PRAGMAS) {
            Err(error) if error.to_string().contains("locked") => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            other => return other,
        }
    }
    connection.batch_execute(PRAGMAS)
}

impl r2d2::ManageConnection for Manager {
    type Connection = Db;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Db, Self::Error> {
        self.open()
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), Self::Error> {
        db.batch_execute("SELECT 1")
            .map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        std::thread::panicking()
            || match db {
                Db::Postgres(connection) => diesel::r2d2::R2D2Connection::is_broken(connection),
                Db::Sqlite(connection) => diesel::r2d2::R2D2Connection::is_broken(connection),
            }
    }
}
