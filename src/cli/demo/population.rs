//! Makes the many users after the cast, with what they own and what they do every day, in batches.

use chrono::NaiveDateTime;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::SEED;
use super::accounts::{Account, join};
use super::emails::Emails;
use super::people::People;
use super::routine::{Regular, Routine};
use super::rows::{Batch, NewUser};
use super::time::Span;
use super::work::{Owned, Planned};
use crate::domain::keys::Keys;
use crate::domain::user::{DetailsInput, never};
use crate::error::Error;

/// Users of a batch: enough that the cost of handing it over vanishes, few enough that the progress bar moves.
const BATCH: u64 = 1000;
/// Events of a batch.
const EVENTS: usize = 5000;
/// One user of so many is locked until somebody unlocks it. A prime, as each tenth is in the default account.
const ONE_LOCKED_OF: i64 = 113;
const FIRST_LOCKED: i64 = 35;
/// So many users, or up to twice as many, are known by what they do every day.
const REGULARS: u64 = 10_000;

/// The users to come, and what making them needs.
pub struct Population<'a> {
    /// The installation's keys, for the users' secrets.
    pub keys: &'a Keys,
    /// The password hash that all share.
    pub hash: &'a str,
    /// The name lists.
    pub people: &'a People,
    /// Addresses that the cast has.
    pub emails: Emails,
    /// The organization that all belong to.
    pub organization: i64,
    /// The default account.
    pub default: Account,
    /// The other accounts, oldest first.
    pub accounts: Vec<Account>,
    /// How many users come.
    pub count: u64,
    /// How many of them join the default account.
    pub count_of_default: u64,
    /// What their jobs are made with.
    pub planned: Planned,
    /// The highest user id so far.
    pub last_id: i64,
    /// When they come.
    pub span: Span,
    /// How many events of their days come after them.
    pub events: u64,
}

/// Where and when somebody joins.
struct Joining {
    id: i64,
    at: NaiveDateTime,
    account: Option<usize>,
}

impl<'a> Population<'a> {
    /// Makes every user, then every event, and hands them to `write`, batch after batch, until it answers false.
    ///
    /// # Errors
    /// When our own lists have a name that no user may have.
    pub fn make(mut self, mut write: impl FnMut(Batch<'a>) -> bool) -> Result<(), Error> {
        let mut rng = StdRng::seed_from_u64(SEED + 1);
        let mut batch = Batch::default();
        let mut opened = 0;
        let mut regulars = Vec::new();
        let one_regular_of = (self.count / REGULARS).max(1);
        for place in 0..self.count {
            let at = self.span.step(&mut rng, place, self.count);
            while self
                .accounts
                .get(opened)
                .is_some_and(|account| account.opened <= at)
            {
                opened += 1;
            }
            let account = if self.joins_default(place) {
                None
            } else {
                join(&mut rng, &self.accounts, opened, at)
            };
            self.last_id += 1;
            let joining = Joining {
                id: self.last_id,
                at,
                account,
            };
            let regular = self.add(&mut rng, &mut batch, &joining)?;
            if place % one_regular_of == 0 {
                regulars.extend(regular);
            }
            if (place + 1) % BATCH == 0 && !write(std::mem::take(&mut batch)) {
                return Ok(());
            }
        }
        if !write(batch) {
            return Ok(());
        }
        let mut routine =
            Routine::new(rng, self.organization, regulars, self.span.end, self.events);
        loop {
            let events: Vec<_> = routine.by_ref().take(EVENTS).collect();
            let batch = Batch {
                events,
                ..Batch::default()
            };
            if batch.events.is_empty() || !write(batch) {
                return Ok(());
            }
        }
    }

    /// Spreads the users of the default account evenly among all.
    fn joins_default(&self, place: u64) -> bool {
        let before = |place: u64| {
            u128::from(place) * u128::from(self.count_of_default) / u128::from(self.count)
        };
        before(place + 1) > before(place)
    }

    /// Makes somebody, and answers who that is if they ever signed in.
    fn add(
        &mut self,
        rng: &mut StdRng,
        batch: &mut Batch<'a>,
        joining: &Joining,
    ) -> Result<Option<Regular>, Error> {
        let account = match joining.account {
            Some(place) => &mut self.accounts[place],
            None => &mut self.default,
        };
        let person = self.people.person(rng);
        let email = self.emails.make(&person, account.style, &account.domain);
        let active = rng.random_bool(0.92);
        // Somebody has to look after a customer's other users.
        let account_admin = rng.random_bool(0.04) || !account.peopled;
        account.peopled = true;
        let known = Span {
            start: joining.at,
            end: account.closed.unwrap_or(self.span.end),
        };
        let last_login_at = if rng.random_bool(0.1) {
            never()
        } else if active {
            known.late(rng)
        } else {
            known.any(rng)
        };
        let user = NewUser {
            id: joining.id,
            organization_id: self.organization,
            account_id: account.id,
            details: DetailsInput {
                first_name: &person.first.text,
                last_name: &person.last.text,
                email: &email,
            },
            active,
            org_admin: false,
            account_admin,
            created_at: joining.at,
            last_login_at,
            totp_since: None,
            locked: active && joining.id % ONE_LOCKED_OF == FIRST_LOCKED,
        };
        let row = user.row(self.keys, self.hash)?;
        let regular = (last_login_at != never()).then(|| Regular::new(&row));
        batch.users.push(row);
        if regular.is_some() && rng.random_ratio(1, 3) {
            let mut owned = Owned::draw(rng);
            if !active || account.closed.is_some() {
                owned = owned.without_jobs();
            }
            owned.add(
                &self.planned,
                batch,
                rng,
                joining.id,
                Span {
                    start: joining.at,
                    end: last_login_at,
                },
            );
        }
        Ok(regular)
    }
}
