//! The second factor: after the password, a code of an authenticator app or a recovery code. Whether an organization
//! demands one, what a user has, and how it is taken away.

mod code;
mod enrolment;
mod recovery_codes;
pub(super) mod totp;

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::actor::Actor;
use super::audit::{self, Code, Details};
use super::organization::Organization;
use super::permit::{EditUsers, ModifySecurity, Permit};
use super::{account, session, user};
use crate::db::schema::{accounts, organizations, users};
use crate::db::{Db, Tx};
use crate::error::{Error, FieldErrors};

pub use code::enter;
pub(super) use code::judge;
pub use enrolment::{Pending, complete_sign_in, enrol};
pub use recovery_codes::renew;
pub use totp::Secret;

/// What an organization demands at sign-in besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Nothing; users may have a second factor all the same.
    None,
    /// A code of an authenticator app.
    Totp,
}

impl Method {
    /// The word that is stored.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Totp => "totp",
        }
    }

    fn parse(key: &str) -> Option<Self> {
        [Self::None, Self::Totp]
            .into_iter()
            .find(|method| method.key() == key)
    }
}

/// What a user has.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// Since when there is a second factor, UTC.
    pub since: Option<NaiveDateTime>,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
    /// Whether the organization demands one.
    pub demanded: bool,
}

impl State {
    /// The actor's own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn own(db: &mut Db, actor: &Actor) -> Result<Self, Error> {
        let left = "(SELECT COUNT(*) FROM recovery_codes WHERE recovery_codes.user_id = users.id)";
        let (since, recovery_codes, method): (Option<NaiveDateTime>, i64, String) = users::table
            .inner_join(accounts::table.inner_join(organizations::table))
            .filter(users::id.eq(actor.id))
            .select((
                users::totp_since,
                sql::<BigInt>(left),
                organizations::two_factor,
            ))
            .first(db)?;
        Ok(Self {
            since,
            recovery_codes,
            demanded: method == Method::Totp.key(),
        })
    }

    /// Whether its user may remove it.
    #[must_use]
    pub fn is_removable(&self) -> bool {
        self.since.is_some() && !self.demanded
    }
}

/// Changes what the organization demands. Sessions that are open stay so; it counts at the next sign-in.
///
/// # Errors
/// [`Error::Invalid`] when `typed` names no method.
pub fn demand(tx: &mut Tx<'_>, permit: &Permit<ModifySecurity>, typed: &str) -> Result<(), Error> {
    let Some(method) = Method::parse(typed) else {
        let mut errors = FieldErrors::default();
        errors.add("method", "Choose None or Authenticator App.");
        return Err(Error::Invalid(errors));
    };
    let organization = Organization::find(tx.db(), permit.reach.organization())?;
    let mut noted = Details::default();
    noted.changed("method", &organization.two_factor, method.key());
    if noted.is_empty() {
        return Ok(());
    }
    diesel::update(organizations::table.find(organization.id))
        .set(organizations::two_factor.eq(method.key()))
        .execute(tx.db())?;
    let (by, target) = ((&permit.actor).into(), organization.target());
    audit::record(tx, &by, Code::TwoFactorDemanded, &target, &noted)
}

/// Removes the actor's own second factor; ends all its other sessions and answers how many.
///
/// # Errors
/// [`Error::Refused`] when the organization demands one; [`Error::NotFound`] when there is none.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor) -> Result<usize, Error> {
    session::ensure_open(tx, actor)?;
    if State::own(tx.db(), actor)?.demanded {
        return Err(Error::Refused(
            "Your organization demands a second factor, so yours cannot be removed. \
             With a new phone, ask an administrator to reset it."
                .to_owned(),
        ));
    }
    if !forget(tx, actor.id)? {
        return Err(Error::NotFound);
    }
    let ended = session::end_others(tx, actor)?;
    let noted = Details::default().with("sessionsEnded", &ended);
    let (by, target) = (actor.into(), actor.target());
    audit::record(tx, &by, Code::TwoFactorRemoved, &target, &noted)?;
    Ok(ended)
}

/// Takes another user's second factor away and ends its sessions; answers its full name. Without one nothing is done.
///
/// # Errors
/// [`Error::Oneself`] for oneself; [`Error::Forbidden`] for somebody above.
pub fn reset(
    tx: &mut Tx<'_>,
    permit: &Permit<EditUsers>,
    account: i64,
    id: i64,
) -> Result<String, Error> {
    let account = account::find(tx.db(), permit.reach, account)?;
    let user = user::find(tx.db(), permit.reach, account.id, id)?;
    user::ensure_may_change(&permit.actor, &user, &account)?;
    let name = user.full_name();
    if forget(tx, id)? {
        let ended = session::end_all(tx, id)?;
        let noted = Details::default().with("sessionsEnded", &ended);
        let target = user.target(permit.reach.organization(), &name);
        let by = (&permit.actor).into();
        audit::record(tx, &by, Code::TwoFactorReset, &target, &noted)?;
    }
    Ok(name)
}

/// Forgets a user's second factor, with its recovery codes and wrong codes; answers whether there was one. Part of a
/// larger deed, which is audited.
pub(super) fn forget(tx: &mut Tx<'_>, user: i64) -> Result<bool, Error> {
    let enrolled = users::table
        .filter(users::id.eq(user))
        .filter(users::totp_since.is_not_null());
    let had = diesel::update(enrolled)
        .set((
            users::totp_since.eq(None::<NaiveDateTime>),
            users::totp_sealed.eq(None::<String>),
            users::failed_codes.eq(0),
        ))
        .execute(tx.db())?;
    recovery_codes::forget(tx, user)?;
    Ok(had == 1)
}

/// A code as typed, without the blanks and hyphens that are only for reading.
fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(|it| !it.is_whitespace() && *it != '-')
        .collect()
}
