//! What a user changes about itself: own details, own password. And the way back in for an org admin.

use diesel::prelude::*;
use serde::Deserialize;

use super::actor::{Actor, Origin};
use super::audit::{self, By, Code, Details, Target};
use super::confirmation::Confirmed;
use super::password::Hash;
use super::password_policy::{Accepted, Owner, Policy, Refusal};
use super::text::clean;
use super::user::{self, DetailsInput, User};
use super::{email, former_password, lockout, session, two_factor};
use crate::db::schema::{accounts, users};
use crate::db::{Db, Tx};
use crate::error::{Error, FieldErrors};

/// The form My Profile, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EditProfile {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email.
    pub email: String,
    /// The present password, which only another email asks for.
    pub email_password: String,
    /// One-key shortcuts.
    pub shortcuts: bool,
}

impl EditProfile {
    /// Whether the email is to be another than `present`.
    #[must_use]
    pub fn changes_email(&self, present: &str) -> bool {
        clean(&self.email) != present
    }
}

/// The form Change Password, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChangePassword {
    /// The present password.
    pub present_password: String,
    /// The new one.
    pub password: String,
}

/// The actor's own row.
///
/// # Errors
/// When the database cannot be read.
pub fn own(db: &mut Db, actor: &Actor) -> Result<User, Error> {
    Ok(users::table
        .find(actor.id)
        .select(User::as_select())
        .first(db)?)
}

/// The name of the actor's account.
///
/// # Errors
/// When the database cannot be read.
pub fn account_name(db: &mut Db, actor: &Actor) -> Result<String, Error> {
    Ok(accounts::table
        .find(actor.account_id)
        .select(accounts::name)
        .first(db)?)
}

/// Changes own names, email and shortcuts. Another email needs the password, as a new password does: who receives the
/// mail of an address gets its links for a new one.
///
/// # Errors
/// [`Error::Invalid`] for bad input, and for another email without the proof.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &EditProfile,
    confirmed: Option<&Confirmed<'_>>,
) -> Result<(), Error> {
    let user = own(tx.db(), actor)?;
    let mut errors = FieldErrors::default();
    if input.changes_email(&user.email) && confirmed.is_none() {
        errors.add(
            "email_password",
            "Enter your present password to change your email.",
        );
    }
    let details = DetailsInput {
        first_name: &input.first_name,
        last_name: &input.last_name,
        email: &input.email,
    }
    .check(&mut errors);
    errors.into_result()?;
    let details = details.ok_or(Error::Malformed("The form is not complete."))?;
    let mut noted = user::write_details(tx, &user, &details)?;
    noted.changed("shortcuts", &user.shortcuts, &input.shortcuts);
    diesel::update(users::table.find(user.id))
        .set(users::shortcuts.eq(input.shortcuts))
        .execute(tx.db())?;
    if noted.is_empty() {
        return Ok(());
    }
    audit::record(
        tx,
        &actor.into(),
        Code::UserUpdated,
        &actor.target(),
        &noted,
    )
}

/// The actor's present hash.
///
/// # Errors
/// When the database cannot be read.
pub fn present_hash(db: &mut Db, actor: &Actor) -> Result<Option<String>, Error> {
    Ok(users::table
        .find(actor.id)
        .select(users::password_hash)
        .first(db)?)
}

/// What a change of the own password is checked against.
pub struct Change {
    /// The present hash.
    pub present: Option<String>,
    /// The new password, or what it needs.
    pub accepted: Result<Accepted, Refusal>,
    /// The hashes it must not match.
    pub forbidden: Vec<String>,
    /// How many former passwords the policy forbids.
    pub forbidden_count: i32,
}

/// Reads what a change of the actor's own password to `password` is checked against.
///
/// # Errors
/// When the database cannot be read.
pub fn prepare_change(db: &mut Db, actor: &Actor, password: &str) -> Result<Change, Error> {
    prepare(db, actor.id, actor.organization_id, password)
}

/// Reads what a change of a user's password is checked against, whoever makes it.
pub(super) fn prepare(
    db: &mut Db,
    user: i64,
    organization: i64,
    password: &str,
) -> Result<Change, Error> {
    let policy = Policy::of_organization(db, organization)?;
    let (first_name, last_name, email, present): (String, String, String, Option<String>) =
        users::table
            .find(user)
            .select((
                users::first_name,
                users::last_name,
                users::email,
                users::password_hash,
            ))
            .first(db)?;
    let owner = Owner {
        first_name: &first_name,
        last_name: &last_name,
        email: &email,
    };
    Ok(Change {
        present,
        accepted: policy.accept(password, owner),
        forbidden: former_password::forbidden(db, user, policy.previous_password_count)?,
        forbidden_count: policy.previous_password_count,
    })
}

/// Sets the own password, if the present one is still the one that was checked; ends all other sessions.
///
/// # Errors
/// [`Error::Changed`] when the password was changed meanwhile.
pub fn change_password(
    tx: &mut Tx<'_>,
    actor: &Actor,
    present: Option<&str>,
    hash: &Hash,
) -> Result<usize, Error> {
    let now = tx.now();
    // The user's row before the session's, as a lockout takes them.
    if !former_password::replace(tx, actor.id, present, hash, now)? {
        return Err(Error::Changed("Your password".to_owned()));
    }
    // Of many guesses at once, one that is right comes too late when the others have locked the user.
    if actor.session_id == 0 {
        lockout::ensure_unlocked(tx, actor.id)?;
    } else {
        session::ensure_open(tx, actor)?;
    }
    lockout::clear_passwords(tx, actor.id)?;
    let ended = session::end_others(tx, actor)?;
    let noted = Details::default().with("sessionsEnded", &ended);
    audit::record(
        tx,
        &actor.into(),
        Code::PasswordChanged,
        &actor.target(),
        &noted,
    )?;
    Ok(ended)
}

/// An org admin who is given a new password from the server's shell.
pub struct Recoverable {
    user: User,
    organization: i64,
    policy: Policy,
    present: Option<String>,
    /// The hashes that the new password must not match.
    pub forbidden: Vec<String>,
}

impl Recoverable {
    /// The active org admin of this email.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn find(db: &mut Db, typed: &str) -> Result<Self, Error> {
        let refused = |why: &str| Error::Refused(format!("{typed} {why}"));
        let key = email::key(typed).ok_or_else(|| refused("is not an email address."))?;
        let found: Option<(User, i64, Option<String>)> = users::table
            .inner_join(accounts::table)
            .filter(users::email_key.eq(key))
            .select((
                User::as_select(),
                accounts::organization_id,
                users::password_hash,
            ))
            .first(db)
            .optional()?;
        let (user, organization, present) = found.ok_or_else(|| refused("belongs to no user."))?;
        if !user.org_admin {
            return Err(refused(
                "is not an Org Admin. An Org Admin can help this user.",
            ));
        }
        if !user.active {
            return Err(refused(
                "is deactivated. Another Org Admin can activate this user.",
            ));
        }
        let policy = Policy::of_organization(db, organization)?;
        let forbidden = former_password::forbidden(db, user.id, policy.previous_password_count)?;
        Ok(Self {
            user,
            organization,
            policy,
            present,
            forbidden,
        })
    }

    /// Accepts the new password, or says what it needs.
    ///
    /// # Errors
    /// The sentence.
    pub fn accept(&self, password: &str) -> Result<Accepted, String> {
        let owner = Owner {
            first_name: &self.user.first_name,
            last_name: &self.user.last_name,
            email: &self.user.email,
        };
        self.policy.accept(password, owner).map_err(String::from)
    }

    /// The sentence for a password that was used before.
    #[must_use]
    pub fn refusal(&self) -> String {
        former_password::refusal(self.policy.previous_password_count)
    }

    /// Sets the password, unlocks the user, takes its second factor away and ends all its sessions. Answers whether
    /// there was a second factor.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set(&self, tx: &mut Tx<'_>, origin: &Origin, hash: &Hash) -> Result<bool, Error> {
        let now = tx.now();
        let present = self.present.as_deref();
        if !former_password::replace(tx, self.user.id, present, hash, now)? {
            return Err(Error::Changed(self.user.full_name()));
        }
        lockout::clear(tx, self.user.id)?;
        let forgotten = two_factor::forget(tx, self.user.id)?;
        let ended = session::end_all(tx, self.user.id)?;
        let name = self.user.full_name();
        let target: Target<'_> = self.user.target(self.organization, &name);
        let noted = Details::default()
            .with("secondFactorRemoved", &forgotten)
            .with("sessionsEnded", &ended);
        let by = By::nobody(origin);
        audit::record(tx, &by, Code::AdminRecovered, &target, &noted)?;
        Ok(forgotten)
    }
}
