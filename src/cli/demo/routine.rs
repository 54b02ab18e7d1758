//! What people of the demo do every day, as audit events: they sign in, mistype a password, sign out.

use chrono::{NaiveDateTime, TimeDelta};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::history::{ADDRESSES, Who};
use super::rows::{EventRow, UserRow};
use super::time::Span;
use crate::domain::actor::Channel;
use crate::domain::audit::Code;

/// How often somebody is drawn before one is found who was there at a moment.
const TRIES: usize = 16;

/// Somebody who signs in now and then.
pub struct Regular {
    who: Who,
    joined: NaiveDateTime,
    last_login: NaiveDateTime,
}

impl Regular {
    /// The person of this row.
    #[must_use]
    pub fn new(user: &UserRow<'_>) -> Self {
        Self {
            who: Who {
                id: user.id,
                account: user.account_id,
                name: format!("{} {}", user.first_name, user.last_name),
                email: user.email.clone(),
            },
            joined: user.created_at,
            last_login: user.last_login_at,
        }
    }

    fn was_there(&self, at: NaiveDateTime) -> bool {
        self.joined <= at && at <= self.last_login
    }
}

/// Events one after the other, evenly over a span.
pub struct Routine {
    rng: StdRng,
    organization: i64,
    /// In the order in which they joined.
    regulars: Vec<Regular>,
    /// How many of them have joined by now.
    joined: usize,
    span: Span,
    made: u64,
    of: u64,
}

impl Routine {
    /// So many events of the days of `regulars`, who stand in the order in which they joined, until `end`.
    #[must_use]
    pub fn new(
        rng: StdRng,
        organization: i64,
        regulars: Vec<Regular>,
        end: NaiveDateTime,
        of: u64,
    ) -> Self {
        let start = regulars.first().map_or(end, |first| first.joined);
        Self {
            rng,
            organization,
            regulars,
            joined: 0,
            span: Span { start, end },
            made: 0,
            of,
        }
    }

    /// Somebody who was there at this moment; if there is nobody to be found, somebody who had joined.
    fn somebody(&mut self, at: NaiveDateTime) -> Option<Who> {
        while self
            .regulars
            .get(self.joined)
            .is_some_and(|regular| regular.joined <= at)
        {
            self.joined += 1;
        }
        let joined = &self.regulars[..self.joined];
        let mut drawn = joined.choose(&mut self.rng)?;
        for _ in 0..TRIES {
            if drawn.was_there(at) {
                break;
            }
            drawn = joined.choose(&mut self.rng)?;
        }
        Some(drawn.who.clone())
    }
}

impl Iterator for Routine {
    type Item = EventRow;

    fn next(&mut self) -> Option<EventRow> {
        if self.made == self.of {
            return None;
        }
        let seconds = (self.span.end - self.span.start).num_seconds() as f64;
        let part = self.made as f64 / self.of as f64;
        let at = self.span.start + TimeDelta::seconds((seconds * part) as i64);
        let Who {
            id,
            account,
            name,
            email,
        } = self.somebody(at)?;
        self.made += 1;
        let (code, details) = match self.rng.random_range(0..100) {
            0..60 => (Code::SignedIn, "{}"),
            60..92 => (Code::SignedOut, "{}"),
            92..98 => (Code::SignInRefused, r#"{"reason":{"after":"password"}}"#),
            _ => (Code::PasswordChanged, "{}"),
        };
        // Who only tries to sign in is nobody yet.
        let known = code != Code::SignInRefused;
        Some(EventRow {
            organization_id: Some(self.organization),
            account_id: Some(account),
            at,
            actor_id: known.then_some(id),
            actor_name: if known { name.clone() } else { String::new() },
            actor_email: if known { email } else { String::new() },
            channel: Channel::Console.key(),
            address: ADDRESSES[id as usize % ADDRESSES.len()],
            request_id: format!("{:024x}", self.rng.random::<u128>() >> 32),
            code: code.key(),
            target_kind: "user",
            target_id: Some(id),
            target_name: name,
            details: details.to_owned(),
            outcome: if known { "done" } else { "refused" },
        })
    }
}
