//! How long the server waits for its clients.

use std::time::Duration;

/// What a client may take its time for; beyond it, its connection is closed.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To send the head of a connection's first request.
    pub head: Duration,
    /// To send a body that is read.
    pub body: Duration,
    /// From the first byte of a request to the first of its answer, our own work included. What nobody reads counts
    /// too: later heads on the same connection, and bodies that were refused.
    pub request: Duration,
    /// To take what was written.
    pub answer: Duration,
    /// Between two requests.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(20),
            // A body, a wait for the database and one for the hashing threads, each at its longest, fit.
            request: Duration::from_mins(1),
            answer: Duration::from_secs(30),
            idle: Duration::from_secs(75),
        }
    }
}
