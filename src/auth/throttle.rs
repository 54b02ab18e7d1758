//! Failed sign-ins per address: after twenty in five minutes the next are turned away unheard.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{NaiveDateTime, TimeDelta};

/// Failures that one address has within [`WINDOW`].
const MOST: usize = 20;
const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// With more addresses than this, those that are quiet again are forgotten.
const ADDRESSES: usize = 10_000;

/// The failures of this process, by address. An IPv6 network (/64) counts as one address.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<IpAddr, VecDeque<NaiveDateTime>>>);

impl Throttle {
    /// Counts an attempt as failed before it is heard, so that parallel ones cannot slip through.
    ///
    /// # Errors
    /// The seconds to wait, when the address has failed too often.
    pub fn admit(&self, address: IpAddr, now: NaiveDateTime) -> Result<(), u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > ADDRESSES {
            all.retain(|_, failures| failures.back().is_some_and(|last| now - *last < WINDOW));
        }
        let failures = all.entry(network(address)).or_default();
        while failures.front().is_some_and(|first| now - *first >= WINDOW) {
            failures.pop_front();
        }
        if failures.len() < MOST {
            failures.push_back(now);
            return Ok(());
        }
        let wait = failures
            .front()
            .map_or(WINDOW, |first| WINDOW - (now - *first));
        Err(u64::try_from(wait.num_seconds()).unwrap_or_default() + 1)
    }

    /// Takes back what [`Throttle::admit`] counted at `at`: the attempt did not fail.
    pub fn forgive(&self, address: IpAddr, at: NaiveDateTime) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failures) = all.get_mut(&network(address))
            && let Some(place) = failures.iter().rposition(|failure| *failure == at)
        {
            failures.remove(place);
        }
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
    use super::Throttle;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn twenty_failures_in_five_minutes() {
        let throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH.naive_utc();
        let one = "2001:db8::1".parse().unwrap();
        for second in 0..20 {
            assert!(
                throttle
                    .admit(one, start + TimeDelta::seconds(second))
                    .is_ok()
            );
        }
        let now = start + TimeDelta::seconds(20);
        assert_eq!(
            throttle.admit("2001:db8::2".parse().unwrap(), now),
            Err(281)
        );
        assert!(
            throttle
                .admit("2001:db8:0:1::1".parse().unwrap(), now)
                .is_ok()
        );
        throttle.forgive(one, start + TimeDelta::seconds(7));
        assert!(throttle.admit(one, now).is_ok());
        assert!(throttle.admit(one, now).is_err());
        assert!(throttle.admit(one, start + TimeDelta::minutes(5)).is_ok());
    }
}
