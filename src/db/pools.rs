//! The connection pools: on SQLite many readers and one writer, on PostgreSQL one pool for both.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Manager, Turns};

/// A pooled connection.
pub type Pooled = r2d2::PooledConnection<Manager>;

/// How long a request that has its turn waits for a database that is away, before it is answered with 503.
const WAIT: Duration = Duration::from_secs(15);

/// The pools of one installation.
#[derive(Clone)]
pub struct Pools {
    readers: r2d2::Pool<Manager>,
    writers: r2d2::Pool<Manager>,
    read_turns: Turns,
    write_turns: Turns,
    /// Whether the database is a file that this process reads itself.
    local: bool,
    queries: Arc<AtomicU64>,
}

impl Pools {
    /// Opens the pools with up to `size` connections for reading.
    ///
    /// # Errors
    /// When the first connection cannot be made.
    pub fn open(url: &str, size: u32) -> Result<Self, diesel::r2d2::Error> {
        let queries = Arc::new(AtomicU64::new(0));
        let manager = Manager::new(url, Arc::clone(&queries));
        // The pool only says "timed out"; a first connection by hand says why.
        drop(manager.open()?);
        let (readers, read_turns) = (pool(manager.clone(), size), Turns::new(size));
        // SQLite has one writer at a time; waiting in our queue is fairer than in its busy handler.
        let local = url.starts_with("sqlite:");
        let (writers, write_turns) = if local {
            (pool(manager, 1), Turns::new(1))
        } else {
            (readers.clone(), read_turns.clone())
        };
        Ok(Self {
            readers,
            writers,
            read_turns,
            write_turns,
            local,
            queries,
        })
    }

    /// Turns at the connections for reading.
    #[must_use]
    pub fn read_turns(&self) -> &Turns {
        &self.read_turns
    }

    /// Turns at the connections for writing.
    #[must_use]
    pub fn write_turns(&self) -> &Turns {
        &self.write_turns
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When none becomes free in time, or the database is away.
    pub fn reader(&self) -> Result<Pooled, r2d2::Error> {
        self.readers.get()
    }

    /// A connection for reading that answers without waiting for anybody: to a file, and free now.
    #[must_use]
    pub fn idle_reader(&self) -> Option<Pooled> {
        self.local.then(|| self.readers.try_get()).flatten()
    }

    /// A connection for writing.
    ///
    /// # Errors
    /// When none becomes free in time, or the database is away.
    pub fn writer(&self) -> Result<Pooled, r2d2::Error> {
        self.writers.get()
    }

    /// How many queries ran on these pools since they were opened.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }
}

fn pool(manager: Manager, size: u32) -> r2d2::Pool<Manager> {
    // Liveness is learnt from the request that fails (503) instead of from a query before every request.
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(WAIT)
        .build_unchecked(manager)
}
