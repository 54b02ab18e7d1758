//! A user's secret: told to who knows its password, and replaced.

use diesel::prelude::*;

use super::{Profile, User, ensure_may_change, named};
use crate::db::schema::users;
use crate::db::{Db, Tx};
use crate::domain::audit::{self, Code, Details};
use crate::domain::keys::Keys;
use crate::domain::lockout;
use crate::domain::permit::{EditUsers, Permit, ViewUsers};
use crate::domain::secret::{self, Secret};
use crate::domain::session::Stage;
use crate::error::Error;

/// What comes of asking for a user's secret with its password.
pub enum Told {
    /// The secret.
    Secret(String),
    /// The password was right, but it alone does not open the secret: something else comes first, as at the sign-in.
    Waits(Stage),
    /// The user does not have that password any more, or could not sign in with it now.
    Refused,
}

/// The hash that a password of the user is checked against; none for a user of the API only.
///
/// # Errors
/// [`Error::NotFound`] when it is gone.
pub fn password_hash(db: &mut Db, id: i64) -> Result<Option<String>, Error> {
    Ok(users::table
        .find(id)
        .select(users::password_hash)
        .first(db)?)
}

/// Tells the user's secret after its password was right, if the user still has that password and would be signed in by
/// it now, with nothing more to show or to change. That forgets earlier failures, as a sign-in does.
///
/// # Errors
/// When the database cannot be used.
pub fn tell_secret(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<ViewUsers>,
    user: &User,
    hash: &str,
) -> Result<Told, Error> {
    // A lock at the same moment waits, or wins.
    tx.lock_user(user.id)?;
    let now = tx.now();
    let row = users::table
        .filter(users::id.eq(user.id))
        .filter(users::active)
        .filter(users::password_hash.eq(hash))
        .filter(
            users::locked_until
                .is_null()
                .or(users::locked_until.le(now)),
        );
    let sealed: Option<String> = row.select(users::secret_sealed).first(tx.db()).optional()?;
    let Some(sealed) = sealed else {
        return refuse(tx, permit, user).map(|()| Told::Refused);
    };
    lockout::clear_passwords(tx, user.id)?;
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    let by = (&permit.actor).into();
    let stage = Stage::after_password(tx, user.id)?;
    if stage != Stage::Full {
        let noted = Details::default().with("reason", stage.key());
        audit::record(tx, &by, Code::PasswordAccepted, &target, &noted)?;
        return Ok(Told::Waits(stage));
    }
    audit::record(tx, &by, Code::SecretRevealed, &target, &Details::default())?;
    secret::open(keys, secret::OF_USER, &sealed).map(Told::Secret)
}

/// Notes that the password was wrong, which counts as a failed sign-in of the user.
///
/// # Errors
/// When the database cannot be written.
pub fn refuse_secret(
    tx: &mut Tx<'_>,
    permit: &Permit<ViewUsers>,
    user: &User,
) -> Result<(), Error> {
    refuse(tx, permit, user)?;
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    lockout::count_failure(tx, &(&permit.actor).into(), &target, user.id)
}

fn refuse(tx: &mut Tx<'_>, permit: &Permit<ViewUsers>, user: &User) -> Result<(), Error> {
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    let by = (&permit.actor).into();
    audit::record(tx, &by, Code::PasswordRefused, &target, &Details::default())
}

/// Replaces the secret of the user of this name, who may be the actor itself; answers the new one.
///
/// # Errors
/// [`Error::Forbidden`] for somebody above.
pub fn reset_secret(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<EditUsers>,
    name: &str,
) -> Result<String, Error> {
    let (Profile { user, .. }, account) = named(tx.db(), permit.reach, None, name)?;
    if user.id != permit.actor.id {
        ensure_may_change(&permit.actor, &user, &account)?;
    }
    let secret = Secret::for_user(keys);
    diesel::update(users::table.find(user.id))
        .set((
            users::secret_digest.eq(&secret.digest),
            users::secret_sealed.eq(&secret.sealed),
        ))
        .execute(tx.db())?;
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    let by = (&permit.actor).into();
    audit::record(tx, &by, Code::UserSecretReset, &target, &Details::default())?;
    Ok(secret.plain)
}
