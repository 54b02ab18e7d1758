//! Adding a user to an account.

use diesel::prelude::*;
use serde::Deserialize;

use super::{DetailsInput, NewRow, User, check_roles, find, insert, taken};
use crate::db::schema::users;
use crate::db::{Db, Tx};
use crate::domain::account::{self, Account};
use crate::domain::audit::{self, Code, Details};
use crate::domain::contact::{self, ContactChanges};
use crate::domain::email;
use crate::domain::keys::Keys;
use crate::domain::password::Hash;
use crate::domain::password_policy::{Accepted, Policy};
use crate::domain::permit::{AddUsers, Permit};
use crate::domain::text::clean;
use crate::error::{Error, FieldErrors, Kind};

/// The form Add User, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewUser {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email.
    pub email: String,
    /// Password; none for a user of the API only.
    pub password: Option<String>,
    /// Org Admin.
    pub org_admin: bool,
    /// Account Admin.
    pub account_admin: bool,
    /// The optional keys.
    #[serde(skip)]
    pub contact: ContactChanges,
    /// The list that the form was opened from.
    pub back: String,
}

/// A user that was added, with its secret.
pub struct Added {
    /// The user.
    pub user: User,
    /// Its account.
    pub account: Account,
    /// The user secret.
    pub secret: String,
}

impl NewUser {
    fn details(&self) -> DetailsInput<'_> {
        DetailsInput {
            first_name: &self.first_name,
            last_name: &self.last_name,
            email: &self.email,
        }
    }

    /// Checks everything at once before the password is hashed, which is slow.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is wrong; [`Error::Forbidden`] for a role above the giver.
    pub fn check(
        &self,
        db: &mut Db,
        permit: &Permit<AddUsers>,
        account: i64,
    ) -> Result<Option<Accepted>, Error> {
        let account = account::find(db, permit.reach, account)?;
        let policy = Policy::of_account(db, account.id)?;
        let mut errors = FieldErrors::default();
        self.details().check(&mut errors);
        let email = clean(&self.email);
        if let Some(key) = email::key(&email)
            && email_exists(db, &key)?
        {
            errors.note("email", taken(&email), Kind::Taken);
        }
        self.contact.check(&mut errors);
        let accepted = self.password.as_deref().map(|password| {
            let accepted = policy.accept(password, self.details().owner());
            accepted.map_err(|it| it.said_through(permit.actor.origin.channel))
        });
        if let Some(Err(sentence)) = &accepted {
            errors.add("password", sentence);
        }
        let roles = (self.org_admin, self.account_admin);
        check_roles(&permit.actor, &account, (false, false), roles, &mut errors)?;
        errors.into_result()?;
        accepted.transpose().map_err(Error::Internal)
    }
}

fn email_exists(db: &mut Db, key: &str) -> Result<bool, Error> {
    let same = users::table.filter(users::email_key.eq(key));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(db)?)
}

/// Adds an active user to an account.
///
/// # Errors
/// As [`NewUser::check`].
pub fn add(
    tx: &mut Tx<'_>,
    keys: &Keys,
    permit: &Permit<AddUsers>,
    account: i64,
    input: &NewUser,
    hash: Option<&Hash>,
) -> Result<Added, Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = account::find(tx.db(), permit.reach, account)?;
    let mut errors = FieldErrors::default();
    let details = input.details().check(&mut errors);
    input.contact.check(&mut errors);
    let roles = (input.org_admin, input.account_admin);
    check_roles(&permit.actor, &account, (false, false), roles, &mut errors)?;
    errors.into_result()?;
    let details = details.ok_or(Error::Malformed("The form is not complete."))?;
    let row = NewRow {
        organization_id: account.organization_id,
        account_id: account.id,
        details: &details,
        hash,
        org_admin: input.org_admin,
        account_admin: input.account_admin,
    };
    let (id, secret) = insert(tx, keys, &row)?;
    let user = find(tx.db(), permit.reach, account.id, id)?;
    let mut noted = Details::default()
        .with("email", &user.email)
        .with("orgAdmin", &user.org_admin)
        .with("accountAdmin", &user.account_admin);
    contact::change(tx, id, &input.contact, &mut noted)?;
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    audit::record(
        tx,
        &(&permit.actor).into(),
        Code::UserCreated,
        &target,
        &noted,
    )?;
    Ok(Added {
        user,
        account,
        secret,
    })
}
