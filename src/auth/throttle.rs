//! Failed sign-ins per address, and links for a new password that it asked for: after twenty in five minutes the next
//! are turned away unheard.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{NaiveDateTime, TimeDelta};

/// Failures that one address has within [`WINDOW`]; links too.
const MOST: usize = 20;
const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// With more addresses than this, those that are quiet again are forgotten.
const ADDRESSES: usize = 10_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Counted {
    Failures,
    Links,
}

/// What was counted of one address.
#[derive(Default)]
struct Counts {
    /// When, the oldest first.
    times: VecDeque<NaiveDateTime>,
    /// How many of them are attempts that were not judged yet.
    under_way: usize,
}

/// What this process counted, by address. An IPv6 network (/64) counts as one address.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<(Counted, IpAddr), Counts>>);

impl Throttle {
    /// Counts an attempt as failed before it is heard, so that parallel ones cannot slip through. The count is taken
    /// back when the attempt is dropped without having [`failed`](Attempt::failed): it succeeded, or was never judged.
    ///
    /// # Errors
    /// The seconds to wait, when the address has failed too often: one, while that depends on attempts under way.
    pub fn admit(&self, address: IpAddr, now: NaiveDateTime) -> Result<Attempt<'_>, u64> {
        self.count(Counted::Failures, address, now)?;
        Ok(Attempt {
            throttle: self,
            address,
            at: now,
            failed: false,
        })
    }

    /// Counts a link that the address asked for.
    ///
    /// # Errors
    /// The seconds to wait, when it has asked too often.
    pub fn ask(&self, address: IpAddr, now: NaiveDateTime) -> Result<(), u64> {
        self.count(Counted::Links, address, now)
    }

    fn count(&self, what: Counted, address: IpAddr, now: NaiveDateTime) -> Result<(), u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > ADDRESSES {
            all.retain(|_, it| it.times.back().is_some_and(|last| now - *last < WINDOW));
        }
        let Counts { times, under_way } = all.entry((what, network(address))).or_default();
        while times.front().is_some_and(|first| now - *first >= WINDOW) {
            times.pop_front();
        }
        if times.len() < MOST {
            times.push_back(now);
            *under_way += usize::from(what == Counted::Failures);
            return Ok(());
        }
        if *under_way > 0 {
            return Err(1);
        }
        let wait = times
            .front()
            .map_or(WINDOW, |first| WINDOW - (now - *first));
        Err(u64::try_from(wait.num_seconds()).unwrap_or_default() + 1)
    }

    /// Notes that an attempt is judged; one that did not fail is not counted.
    fn end(&self, attempt: &Attempt<'_>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counts) = all.get_mut(&(Counted::Failures, network(attempt.address))) else {
            return;
        };
        counts.under_way = counts.under_way.saturating_sub(1);
        let mut times = counts.times.iter();
        if !attempt.failed
            && let Some(place) = times.rposition(|time| *time == attempt.at)
        {
            counts.times.remove(place);
        }
    }
}

/// An attempt that was admitted.
#[must_use]
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    address: IpAddr,
    at: NaiveDateTime,
    failed: bool,
}

impl Attempt<'_> {
    /// It failed, and stays counted.
    pub fn failed(mut self) {
        self.failed = true;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.throttle.end(self);
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ADDRESSES, Attempt, Throttle};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn twenty_failures_in_five_minutes() {
        let throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH.naive_utc();
        let fail = |address: &str, second| {
            let now = start + TimeDelta::seconds(second);
            throttle
                .admit(address.parse().unwrap(), now)
                .map(Attempt::failed)
        };
        for second in 0..20 {
            assert_eq!(fail("2001:db8::1", second), Ok(()));
        }
        assert_eq!(fail("2001:db8::2", 20), Err(281));
        assert_eq!(fail("2001:db8:0:1::1", 20), Ok(()));
        assert_eq!(fail("2001:db8::1", 300), Ok(()));
        assert_eq!(fail("2001:db8::1", 300), Err(2));
    }

    #[test]
    fn quiet_addresses_are_forgotten_when_there_are_many() {
        let throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH.naive_utc();
        let fail = |number: usize, second| {
            let address = std::net::Ipv4Addr::from_bits(u32::try_from(number).unwrap()).into();
            let now = start + TimeDelta::seconds(second);
            throttle.admit(address, now).unwrap().failed();
        };
        for number in 0..ADDRESSES + 10 {
            fail(number, 0);
        }
        fail(0, 10);
        assert_eq!(throttle.0.lock().unwrap().len(), ADDRESSES + 10);
        fail(ADDRESSES + 10, 300);
        assert_eq!(throttle.0.lock().unwrap().len(), 2, "the new one, and 0");
    }

    #[test]
    fn what_did_not_fail_is_not_counted() {
        let throttle = Throttle::default();
        let now = DateTime::UNIX_EPOCH.naive_utc();
        let address = "203.0.113.1".parse().unwrap();
        let under_way: Vec<_> = (0..20).map(|_| throttle.admit(address, now)).collect();
        let refused = throttle.admit(address, now).map(Attempt::failed);
        assert_eq!(refused, Err(1), "they may all be right, in a moment");
        drop(under_way);
        assert!(throttle.admit(address, now).is_ok());
    }
}
