//! Forgot Password: a link for a new password, good once and for half an hour, mailed to its user.
//!
//! Whoever asks is told nothing: the request writes one row, whatever the address. Whose address it is, and whether a
//! link may be sent, is found out by the background sender.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::actor::{Channel, Origin};
use super::audit::{self, By, Code, Details};
use super::keys::{Keys, random};
use super::outbox::{self, Due};
use super::password::Hash;
use super::password_policy::Policy;
use super::profile::{self, Change};
use super::user::User;
use super::{email, former_password, lockout, session};
use crate::db::schema::{accounts, organizations, recovery_links as links, users};
use crate::db::{Db, Tx};
use crate::error::{Error, FieldErrors};

/// How long a link is good, from the moment it was asked for.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// A user is sent no second link sooner than this.
const APART: TimeDelta = TimeDelta::minutes(2);
/// And no more than this many within [`COUNTED`], so that nobody can flood a mailbox.
const MOST: i64 = 5;
const COUNTED: TimeDelta = TimeDelta::hours(1);

/// What waits in the outbox: who was asked for, from where, and the token of the link to be.
#[derive(Serialize, Deserialize)]
struct Asked {
    email: String,
    token: String,
    address: String,
    request_id: String,
}

/// Asks for a link to be mailed to a typed address. Does the same for every address.
///
/// # Errors
/// [`Error::Invalid`] for what is no address at all.
pub fn ask(tx: &mut Tx<'_>, keys: &Keys, origin: &Origin, typed: &str) -> Result<(), Error> {
    let Some(email) = email::key(typed) else {
        let mut errors = FieldErrors::default();
        errors.add("email", email::EXAMPLE);
        return Err(Error::Invalid(errors));
    };
    let asked = Asked {
        email,
        token: hex::encode(random::<32>()),
        address: origin.address.clone(),
        request_id: origin.request_id.clone(),
    };
    let letter = serde_json::to_vec(&asked).map_err(Error::internal)?;
    outbox::post(tx, keys, &letter)
}

/// A mail to be sent.
pub struct Letter {
    /// Who is to get it, at the address that is stored.
    pub user: User,
    /// The name of its organization.
    pub organization: String,
    /// The token of the link.
    pub token: String,
}

/// What is to be done with something in the outbox.
pub enum Prepared {
    /// It is to be sent.
    Letter(Box<Letter>),
    /// It is given up, for this reason.
    GivenUp(&'static str),
    /// Another server has it, or nobody is to get it.
    Nothing,
}

/// Takes a request from the outbox. The first time, a user who may have a link gets one, and that is audited; later
/// the link has to be good still.
///
/// # Errors
/// When the database cannot be used.
pub fn prepare(tx: &mut Tx<'_>, keys: &Keys, due: Due) -> Result<Prepared, Error> {
    let Some(taken) = outbox::take(tx, keys, due)? else {
        return Ok(Prepared::Nothing);
    };
    let asked: Option<Asked> = serde_json::from_slice(&taken.letter).ok();
    let Some(asked) = asked else {
        outbox::remove(tx, due)?;
        return Ok(Prepared::GivenUp("it cannot be read"));
    };
    let now = tx.now();
    if now - taken.posted_at >= LIFETIME {
        outbox::remove(tx, due)?;
        return Ok(Prepared::GivenUp("its link has run out"));
    }
    if due.attempts == 0 {
        admit(tx, keys, &asked, taken.posted_at)?;
    }
    if let Some(found) = Recovery::find(tx.db(), keys, &asked.token, now)? {
        return Ok(Prepared::Letter(Box::new(Letter {
            user: found.user,
            organization: found.organization_name,
            token: asked.token,
        })));
    }
    outbox::remove(tx, due)?;
    Ok(Prepared::Nothing)
}

/// Makes the link, if the user who was asked for may have one. A refusal is told to nobody but the audit trail.
fn admit(tx: &mut Tx<'_>, keys: &Keys, asked: &Asked, at: NaiveDateTime) -> Result<(), Error> {
    let same = users::table.filter(users::email_key.eq(&asked.email));
    let id: Option<i64> = same.select(users::id).first(tx.db()).optional()?;
    let Some(id) = id else { return Ok(()) };
    // Whoever voids the user's links at this moment waits for this one, or has finished.
    tx.lock_user(id)?;
    let found: Option<(User, Stands)> = users::table
        .inner_join(accounts::table.inner_join(organizations::table))
        .filter(users::id.eq(id))
        .filter(users::email_key.eq(&asked.email))
        .select((
            User::as_select(),
            (
                organizations::id,
                organizations::active,
                accounts::active,
                users::password_hash.is_not_null(),
            ),
        ))
        .first(tx.db())
        .optional()?;
    let Some((user, stands)) = found else {
        return Ok(());
    };
    let refusal = refusal(tx, &user, stands, at)?;
    let noted = match refusal {
        Some(reason) => Details::default().with("reason", reason),
        None => Details::default(),
    };
    let code = if refusal.is_some() {
        Code::RecoveryRefused
    } else {
        void(tx, id)?;
        diesel::insert_into(links::table)
            .values((
                links::user_id.eq(id),
                links::token_digest.eq(digest(keys, &asked.token)),
                links::asked_at.eq(at),
            ))
            .execute(tx.db())?;
        Code::RecoveryAsked
    };
    let origin = Origin {
        channel: Channel::Console,
        address: asked.address.clone(),
        request_id: asked.request_id.clone(),
    };
    let name = user.full_name();
    let target = user.target(stands.0, &name);
    audit::record(tx, &By::nobody(&origin), code, &target, &noted)
}

/// Organization, whether it and the account are active, whether there is a password.
type Stands = (i64, bool, bool, bool);

/// Why the user is not to have a link now, if so.
fn refusal(
    tx: &mut Tx<'_>,
    user: &User,
    (_, organization_active, account_active, has_password): Stands,
    at: NaiveDateTime,
) -> Result<Option<&'static str>, Error> {
    Ok(if !(user.active && account_active && organization_active) {
        Some("inactive")
    } else if lockout::holds(user.locked_until, tx.now()) {
        Some("locked")
    } else if !has_password {
        Some("no password")
    } else if asks_too_often(tx, user.id, at)? {
        Some("too often")
    } else {
        None
    })
}

fn asks_too_often(tx: &mut Tx<'_>, user: i64, at: NaiveDateTime) -> Result<bool, Error> {
    let former = links::table.filter(links::user_id.eq(user));
    diesel::delete(former.filter(links::asked_at.le(at - COUNTED))).execute(tx.db())?;
    let (count, last): (i64, Option<NaiveDateTime>) = former
        .select((count_star(), max(links::asked_at)))
        .first(tx.db())?;
    Ok(count >= MOST || last.is_some_and(|last| at - last < APART))
}

fn digest(keys: &Keys, token: &str) -> String {
    keys.digest("recovery", token)
}

/// A link that is good, and whose it is.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// Its user.
    pub user: User,
    organization: i64,
    organization_name: String,
}

impl Recovery {
    /// The link of this token, if it is good at `now`: neither used, void nor run out, and its user may sign in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find(
        db: &mut Db,
        keys: &Keys,
        token: &str,
        now: NaiveDateTime,
    ) -> Result<Option<Self>, Error> {
        let found: Option<(User, i64, String)> = links::table
            .inner_join(users::table.inner_join(accounts::table.inner_join(organizations::table)))
            .filter(links::token_digest.eq(digest(keys, token)))
            .filter(links::asked_at.gt(now - LIFETIME))
            .filter(users::active)
            .filter(users::password_hash.is_not_null())
            .filter(
                users::locked_until
                    .is_null()
                    .or(users::locked_until.le(now)),
            )
            .filter(accounts::active)
            .filter(organizations::active)
            .select((User::as_select(), organizations::id, organizations::name))
            .first(db)
            .optional()?;
        Ok(found.map(|(user, organization, organization_name)| Self {
            user,
            organization,
            organization_name,
        }))
    }

    /// The policy that the new password has to meet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn policy(&self, db: &mut Db) -> Result<Policy, Error> {
        Policy::of_organization(db, self.organization)
    }

    /// Reads what the new password is checked against.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn prepare(&self, db: &mut Db, password: &str) -> Result<Change, Error> {
        profile::prepare(db, self.user.id, self.organization, password)
    }

    /// Uses the link up: sets the password, if the present one is `present` still, and ends all sessions of the user. Of
    /// two at once, one does.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the link is not good any more.
    pub fn set_password(
        &self,
        tx: &mut Tx<'_>,
        keys: &Keys,
        origin: &Origin,
        (token, present): (&str, Option<&str>),
        hash: &Hash,
    ) -> Result<(), Error> {
        let (id, now) = (self.user.id, tx.now());
        tx.lock_user(id)?;
        if Self::find(tx.db(), keys, token, now)?.is_none_or(|found| found.user.id != id)
            || !former_password::replace(tx, id, present, hash, now)?
        {
            return Err(Error::NotFound);
        }
        // Not locked, as a link says; guesses at the former password say nothing about this one.
        lockout::clear_passwords(tx, id)?;
        let ended = session::end_all(tx, id)?;
        let name = self.user.full_name();
        let target = self.user.target(self.organization, &name);
        let noted = Details::default().with("sessionsEnded", &ended);
        audit::record(
            tx,
            &By::nobody(origin),
            Code::PasswordRecovered,
            &target,
            &noted,
        )
    }
}

/// Voids the links of a user: after a change of its email, password or state, and when a newer one is made. Part of a
/// larger deed, which is audited.
pub(super) fn void(tx: &mut Tx<'_>, user: i64) -> Result<(), Error> {
    let open = links::table
        .filter(links::user_id.eq(user))
        .filter(links::token_digest.is_not_null());
    diesel::update(open)
        .set(links::token_digest.eq(None::<String>))
        .execute(tx.db())?;
    Ok(())
}

/// Voids the links of all users of an account; part of a larger deed, which is audited.
pub(super) fn void_all_of_account(tx: &mut Tx<'_>, account: i64) -> Result<(), Error> {
    let owners = users::table
        .filter(users::account_id.eq(account))
        .select(users::id);
    let open = links::table
        .filter(links::user_id.eq_any(owners))
        .filter(links::token_digest.is_not_null());
    diesel::update(open)
        .set(links::token_digest.eq(None::<String>))
        .execute(tx.db())?;
    Ok(())
}

/// Voids the links of all users of an organization; part of a larger deed, which is audited.
pub(super) fn void_all_of_organization(tx: &mut Tx<'_>, organization: i64) -> Result<(), Error> {
    let owners = users::table
        .filter(users::organization_id.eq(organization))
        .select(users::id);
    let open = links::table
        .filter(links::user_id.eq_any(owners))
        .filter(links::token_digest.is_not_null());
    diesel::update(open)
        .set(links::token_digest.eq(None::<String>))
        .execute(tx.db())?;
    Ok(())
}
