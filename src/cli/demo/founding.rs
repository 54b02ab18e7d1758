//! Founds the demo's organization: the founder, the rest of the cast, and what is told of them.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use rand::rngs::StdRng;

use super::Demo;
use super::cast::{self, Member};
use super::emails::Emails;
use super::history::{History, Who};
use super::rows::{Batch, NewUser};
use super::time::Span;
use super::work::Planned;
use crate::db::Tx;
use crate::db::schema::users;
use crate::domain::actor::Origin;
use crate::domain::organization::{self, Created, SetUp};
use crate::domain::user::{DetailsInput, never};
use crate::error::Error;

/// Satisfies the default policy, which `create` checks. It is nobody's password: what is kept is the hash.
const STAND_IN: &str = "Stand-in number 1";

/// The beginning of the organization.
pub struct Founding<'a> {
    /// Id of the organization.
    pub organization: i64,
    /// Id of its default account.
    pub account: i64,
    /// The highest user id so far.
    pub last_user: i64,
    /// How many people the cast has with the founder.
    pub members: u64,
    /// What happened to them.
    pub history: History,
    /// What is still to be written, without the history.
    pub batch: Batch<'a>,
    /// The addresses they have.
    pub emails: Emails,
    /// What their jobs are made with.
    pub planned: Planned,
}

impl<'a> Demo<'a> {
    /// Makes the organization with the one function that does, at the beginning of its life, and prepares the rest of
    /// the cast, up to `most` people.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn found(
        &self,
        tx: &mut Tx<'_>,
        rng: &mut StdRng,
        most: u64,
    ) -> Result<Founding<'a>, Error> {
        let founder = cast::founder();
        let created = self.create(tx, &founder)?;
        let mut founding = Founding {
            organization: created.id,
            account: created.account_id,
            last_user: created.user_id,
            members: 1,
            history: History::new(
                created.id,
                who(&founder, created.account_id, created.user_id),
            ),
            batch: Batch::default(),
            emails: Emails::default(),
            planned: Planned::new(self.keys, created.id, self.life.end)?,
        };
        let last_login = self.last_login(&founder);
        diesel::update(users::table.find(created.user_id))
            .set(users::last_login_at.eq(last_login.unwrap_or(never())))
            .execute(tx.db())?;
        self.tell(&mut founding, rng, &founder)?;
        for member in cast::members() {
            if founding.members >= most {
                break;
            }
            founding.members += 1;
            founding.last_user += 1;
            let row = self
                .user(&founding, &member)
                .row(self.keys, self.hash.as_str())?;
            founding.batch.users.push(row);
            self.tell(&mut founding, rng, &member)?;
        }
        Ok(founding)
    }

    fn create(&self, tx: &mut Tx<'_>, founder: &Member) -> Result<Created, Error> {
        let input = SetUp {
            organization: cast::ORGANIZATION.to_owned(),
            first_name: founder.first.to_owned(),
            last_name: founder.last.to_owned(),
            email: founder.email.to_owned(),
            password: STAND_IN.to_owned(),
            ..SetUp::default()
        };
        organization::create(tx, self.keys, &Origin::command_line(), &input, self.hash)
    }

    fn user<'m>(&self, founding: &Founding<'_>, member: &'m Member) -> NewUser<'m> {
        NewUser {
            id: founding.last_user,
            organization_id: founding.organization,
            account_id: founding.account,
            details: DetailsInput {
                first_name: member.first,
                last_name: member.last,
                email: member.email,
            },
            active: member.active,
            org_admin: member.org_admin,
            account_admin: member.account_admin,
            created_at: self.joined(member),
            last_login_at: self.last_login(member).unwrap_or(never()),
            totp_since: member.second_factor_since(self.joined(member)),
            locked: false,
        }
    }

    /// Notes what the latest member owns, its address, and what happened to it.
    fn tell(
        &self,
        founding: &mut Founding<'_>,
        rng: &mut StdRng,
        member: &Member,
    ) -> Result<(), Error> {
        let id = founding.last_user;
        let (joined, last_login) = (self.joined(member), self.last_login(member));
        if let Some(end) = last_login {
            let known = Span { start: joined, end };
            let (planned, batch) = (&founding.planned, &mut founding.batch);
            member.owned.add(planned, batch, rng, id, known);
        }
        founding.emails.note(member.email);
        let who = who(member, founding.account, id);
        founding.history.tell(rng, member, &who, joined, last_login)
    }

    fn joined(&self, member: &Member) -> NaiveDateTime {
        self.life.day(member.joined)
    }

    fn last_login(&self, member: &Member) -> Option<NaiveDateTime> {
        let ago = member.last_login?;
        Some(self.life.end - TimeDelta::minutes(ago))
    }
}

fn who(member: &Member, account: i64, id: i64) -> Who {
    Who {
        id,
        account,
        name: member.full_name(),
        email: member.email.to_owned(),
    }
}
