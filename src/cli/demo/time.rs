//! Times of the demo: how long it goes back, and whole seconds drawn out of a span.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Timelike as _};
use rand::Rng as _;
use rand::rngs::StdRng;

/// Days for which the organization has existed.
const AGE: i64 = 3 * 365;
/// The hour at which the working day begins.
const OPENING: i64 = 8;
/// Days in which only the cast joined and only the customers of the pictures came.
const BEGINNING: i64 = 60;

/// A span of time, without its end.
#[derive(Clone, Copy)]
pub struct Span {
    /// The first moment.
    pub start: NaiveDateTime,
    /// The moment after the last.
    pub end: NaiveDateTime,
}

impl Span {
    /// The life of the organization until `now`.
    #[must_use]
    pub fn life(now: NaiveDateTime) -> Self {
        let midnight = (now - TimeDelta::days(AGE)).date().and_time(NaiveTime::MIN);
        let fraction = TimeDelta::nanoseconds(i64::from(now.nanosecond()));
        Self {
            start: midnight + TimeDelta::hours(OPENING),
            end: now - fraction,
        }
    }

    /// A moment of the working day so many days after the start; the same for the same day, and rarely the same as
    /// on another one.
    #[must_use]
    pub fn day(self, days: i64) -> NaiveDateTime {
        self.start + TimeDelta::days(days) + TimeDelta::minutes(days * 97 % 480)
    }

    /// The part of its life in which the organization grows.
    #[must_use]
    pub fn growth(self) -> Self {
        Self {
            start: self.start + TimeDelta::days(BEGINNING),
            end: self.end,
        }
    }

    /// The span without its last quarter.
    #[must_use]
    pub fn first_three_quarters(self) -> Self {
        let length = self.end - self.start;
        Self {
            start: self.start,
            end: self.end - length / 4,
        }
    }

    /// A moment of the span; its start when the span is empty.
    pub fn any(self, rng: &mut StdRng) -> NaiveDateTime {
        let seconds = (self.end - self.start).num_seconds();
        if seconds <= 0 {
            return self.start;
        }
        self.start + TimeDelta::seconds(rng.random_range(0..seconds))
    }

    /// As [`Span::any`], but half of all moments are in the last quarter.
    pub fn late(self, rng: &mut StdRng) -> NaiveDateTime {
        let length = self.end - self.start;
        let moment = self.any(rng);
        if moment < self.start + length / 2 && rng.random_bool(0.5) {
            let last_quarter = Self {
                start: self.end - length / 4,
                end: self.end,
            };
            return last_quarter.any(rng);
        }
        moment
    }

    /// The moment of step `place` when the span is walked in `of` even steps, up to half a day late, so that not
    /// everything happens at the same time of day.
    pub fn step(self, rng: &mut StdRng, place: u64, of: u64) -> NaiveDateTime {
        let step = (self.end - self.start).num_seconds() as f64 / of.max(1) as f64;
        let start = self.start + TimeDelta::seconds((step * place as f64) as i64);
        let late = Self {
            start,
            end: start + TimeDelta::seconds((step as i64).min(43_200)),
        };
        late.any(rng)
    }
}
