//! How many calls of the API one user may make: so many a second, and more at once after a pause.

use std::num::NonZeroU32;
use std::time::Instant;

use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// With more callers than this, those that are quiet again are forgotten.
const CALLERS: usize = 10_000;

/// The calls of this process, by user.
pub struct Rate {
    calls: RateLimiter<i64, HashMapStateStore<i64>, MonotonicClock, NoOpMiddleware<Instant>>,
}

impl Rate {
    /// So many calls a second, and up to `burst` at once.
    #[must_use]
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self {
            calls: RateLimiter::hashmap_with_clock(quota, MonotonicClock),
        }
    }

    /// Counts a call of this user.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many.
    pub fn admit(&self, user: i64) -> Result<(), u64> {
        if self.calls.len() > CALLERS {
            self.calls.retain_recent();
        }
        self.calls.check_key(&user).map_err(|refused| {
            let wait = refused.wait_time_from(MonotonicClock.now());
            wait.as_secs() + 1
        })
    }
}
