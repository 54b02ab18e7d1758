//! The audit events that tell how the demo's first people and its accounts came to be as they are.

use chrono::{NaiveDateTime, TimeDelta};
use rand::Rng as _;
use rand::rngs::StdRng;

use super::cast::Member;
use super::rows::{AccountRow, EventRow};
use crate::domain::actor::Channel;
use crate::domain::audit::{Code, Details};
use crate::error::Error;

/// Addresses that the RFCs keep for documentation.
pub const ADDRESSES: [&str; 4] = [
    "203.0.113.24",
    "198.51.100.7",
    "2001:db8:4f::1a",
    "192.0.2.61",
];

/// Events as they are gathered, in any order.
pub struct History {
    events: Vec<EventRow>,
    organization: i64,
    founder: Who,
}

/// Somebody who acts, or whom an event is about.
#[derive(Clone)]
pub struct Who {
    /// User id.
    pub id: i64,
    /// Account id.
    pub account: i64,
    /// Full name.
    pub name: String,
    /// Email.
    pub email: String,
}

struct What {
    code: Code,
    at: NaiveDateTime,
    details: Details,
}

impl History {
    /// An empty history of `organization`, in which `founder` does what one does for others.
    #[must_use]
    pub fn new(organization: i64, founder: Who) -> Self {
        Self {
            events: Vec::new(),
            organization,
            founder,
        }
    }

    /// The events as they followed each other.
    #[must_use]
    pub fn in_order(mut self) -> Vec<EventRow> {
        self.events.sort_by_key(|event| event.at);
        self.events
    }

    /// What happened with one of the first people, who joined at `joined`.
    ///
    /// # Errors
    /// When details cannot be written as JSON.
    pub fn tell(
        &mut self,
        rng: &mut StdRng,
        member: &Member,
        who: &Who,
        joined: NaiveDateTime,
        last_login: Option<NaiveDateTime>,
    ) -> Result<(), Error> {
        if who.id != self.founder.id {
            self.arrival(rng, member, who, joined)?;
        }
        if let Some(last_login) = last_login {
            self.sign_ins(rng, who, joined, last_login)?;
            if let Some(at) = member.second_factor_since(joined) {
                let enrolled = what(Code::TwoFactorEnrolled, at, Details::default());
                self.note(rng, Some(who), who, &enrolled)?;
            }
            self.changes(rng, member, who, last_login)?;
        }
        Ok(())
    }

    /// The founder added somebody and soon made account admins of some.
    fn arrival(
        &mut self,
        rng: &mut StdRng,
        member: &Member,
        who: &Who,
        joined: NaiveDateTime,
    ) -> Result<(), Error> {
        let email = member.formerly.map_or(member.email, |(_, email)| email);
        let added = Details::default()
            .with("email", email)
            .with("orgAdmin", &member.org_admin)
            .with("accountAdmin", &false);
        self.by_founder(rng, who, &what(Code::UserCreated, joined, added))?;
        if member.account_admin {
            let mut raised = Details::default();
            raised.changed("accountAdmin", &false, &true);
            let at = joined + TimeDelta::days(20);
            self.by_founder(rng, who, &what(Code::UserUpdated, at, raised))?;
        }
        Ok(())
    }

    /// The founder changed somebody's name, or deactivated somebody.
    fn changes(
        &mut self,
        rng: &mut StdRng,
        member: &Member,
        who: &Who,
        last_login: NaiveDateTime,
    ) -> Result<(), Error> {
        if let Some((last_name, email)) = member.formerly {
            let mut renamed = Details::default();
            renamed.changed("lastName", last_name, member.last);
            renamed.changed("email", email, member.email);
            let at = last_login - TimeDelta::minutes(29);
            self.by_founder(rng, who, &what(Code::UserUpdated, at, renamed))?;
        }
        if !member.active {
            let at = last_login + TimeDelta::minutes(73);
            let stopped = Details::default().with("jobsStopped", &2);
            self.by_founder(rng, who, &what(Code::UserDeactivated, at, stopped))?;
        }
        Ok(())
    }

    fn sign_ins(
        &mut self,
        rng: &mut StdRng,
        who: &Who,
        joined: NaiveDateTime,
        last: NaiveDateTime,
    ) -> Result<(), Error> {
        let first = joined + TimeDelta::hours(2);
        let mut times = vec![first, last];
        for days in [1, 4, 6] {
            let earlier = TimeDelta::days(days) + TimeDelta::minutes(rng.random_range(0..300));
            times.push(last - earlier);
        }
        for at in times.into_iter().filter(|at| *at >= first) {
            let signed_in = what(Code::SignedIn, at, Details::default());
            self.note(rng, Some(who), who, &signed_in)?;
        }
        let at = first + TimeDelta::minutes(4);
        let changed = what(Code::PasswordChanged, at, Details::default());
        self.note(rng, Some(who), who, &changed)?;
        let at = last - TimeDelta::seconds(40);
        if rng.random_bool(0.5) && at > first {
            let reason = Details::default().with("reason", "password");
            let refused = what(Code::SignInRefused, at, reason);
            self.note(rng, None, who, &refused)?;
        }
        Ok(())
    }

    /// That the founder made an account and, when it is inactive, deactivated it again.
    ///
    /// # Errors
    /// When details cannot be written as JSON.
    pub fn account(&mut self, rng: &mut StdRng, account: &AccountRow) -> Result<(), Error> {
        let target = Who {
            id: account.id,
            account: account.id,
            name: account.name.clone(),
            email: String::new(),
        };
        let nothing = Details::default();
        let made = what(Code::AccountCreated, account.created_at, nothing);
        self.by_founder(rng, &target, &made)?;
        if !account.active {
            let nothing = Details::default();
            let ended = what(Code::AccountDeactivated, account.updated_at, nothing);
            self.by_founder(rng, &target, &ended)?;
        }
        Ok(())
    }

    fn by_founder(&mut self, rng: &mut StdRng, target: &Who, what: &What) -> Result<(), Error> {
        let founder = self.founder.clone();
        self.note(rng, Some(&founder), target, what)
    }

    /// Notes an event; without an actor it is a refused sign-in.
    fn note(
        &mut self,
        rng: &mut StdRng,
        by: Option<&Who>,
        target: &Who,
        what: &What,
    ) -> Result<(), Error> {
        let account = matches!(what.code, Code::AccountCreated | Code::AccountDeactivated);
        let by_id = by.map(|by| by.id);
        // Everybody keeps to one address, as somebody with one desk does.
        let desk = usize::try_from(by_id.unwrap_or(target.id)).unwrap_or(0) % ADDRESSES.len();
        self.events.push(EventRow {
            organization_id: Some(self.organization),
            account_id: Some(target.account),
            at: what.at,
            actor_id: by_id,
            actor_name: by.map(|by| by.name.clone()).unwrap_or_default(),
            actor_email: by.map(|by| by.email.clone()).unwrap_or_default(),
            channel: Channel::Console.key(),
            address: ADDRESSES[desk],
            request_id: format!("{:024x}", rng.random::<u128>() >> 32),
            code: what.code.key(),
            target_kind: if account { "account" } else { "user" },
            target_id: Some(target.id),
            target_name: target.name.clone(),
            details: serde_json::to_string(&what.details).map_err(Error::internal)?,
            outcome: if by.is_some() { "done" } else { "refused" },
        });
        Ok(())
    }
}

fn what(code: Code, at: NaiveDateTime, details: Details) -> What {
    What { code, at, details }
}
