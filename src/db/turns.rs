//! Turns at the database: as many at once as there are connections; the others wait in a queue that has an end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::Error;

/// With more requests waiting than this, the next is turned away with 503.
const LONGEST_QUEUE: usize = 1000;
/// How long a request waits before it is turned away.
const WAIT: Duration = Duration::from_secs(15);

/// The queue in front of some connections. Without it, every request that waits would hold a thread.
#[derive(Clone)]
pub struct Turns {
    free: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// The right to use a connection, until dropped.
#[must_use]
pub struct Turn(
    #[expect(dead_code, reason = "held, and given back when dropped")] OwnedSemaphorePermit,
);

impl Turns {
    /// Turns at so many connections.
    #[must_use]
    pub fn new(connections: u32) -> Self {
        Self {
            free: Arc::new(Semaphore::new(connections as usize)),
            places: Arc::new(Semaphore::new(LONGEST_QUEUE)),
        }
    }

    /// A turn, if one is free.
    #[must_use]
    pub fn now(&self) -> Option<Turn> {
        Arc::clone(&self.free).try_acquire_owned().ok().map(Turn)
    }

    /// Waits for a turn; first come, first served.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait already, or none comes in time.
    pub async fn next(&self) -> Result<Turn, Error> {
        let busy = |why: &str| Error::Unavailable(why.to_owned());
        let _place = self
            .places
            .try_acquire()
            .map_err(|_| busy("too many requests wait for the database"))?;
        let turn = timeout(WAIT, Arc::clone(&self.free).acquire_owned())
            .await
            .map_err(|_| busy("no turn at the database came in time"))?;
        turn.map(Turn).map_err(Error::internal)
    }
}
