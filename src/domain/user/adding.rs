//! Adding a user to an account.

use diesel::prelude::*;
use serde::Deserialize;

use super::{DetailsInput, NewRow, User, check_roles, find, insert, taken};
use crate::db::schema::users;
use crate::db::{Db, Tx};
use crate::domain::audit::{self, Code, Details};
use crate::domain::keys::Keys;
use crate::domain::password::Hash;
use crate::domain::password_policy::{Accepted, Policy};
use crate::domain::permit::{AddUsers, Permit};
use crate::domain::text::clean;
use crate::domain::{account, email};
use crate::error::{Error, FieldErrors};

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
    /// Password.
    pub password: String,
    /// Org Admin.
    pub org_admin: bool,
    /// Account Admin.
    pub account_admin: bool,
    /// The list that the form was opened from.
    pub back: String,
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
    ) -> Result<Accepted, Error> {
        let account = account::find(db, permit.reach, account)?;
        let policy = Policy::of_account(db, account.id)?;
        let mut errors = FieldErrors::default();
        self.details().check(&mut errors);
        let email = clean(&self.email);
        if let Some(key) = email::key(&email)
            && email_exists(db, &key)?
        {
            errors.add("email", taken(&email));
        }
        let accepted = policy.accept(&self.password, self.details().owner());
        if let Err(sentence) = &accepted {
            errors.add("password", sentence.clone());
        }
        let roles = (self.org_admin, self.account_admin);
        check_roles(&permit.actor, &account, (false, false), roles, &mut errors)?;
        errors.into_result()?;
        accepted.map_err(Error::Internal)
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
    hash: &Hash,
) -> Result<User, Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = account::find(tx.db(), permit.reach, account)?;
    let mut errors = FieldErrors::default();
    let details = input.details().check(&mut errors);
    let roles = (input.org_admin, input.account_admin);
    check_roles(&permit.actor, &account, (false, false), roles, &mut errors)?;
    errors.into_result()?;
    let details = details.ok_or(Error::Malformed("The form is not complete."))?;
    let row = NewRow {
        account_id: account.id,
        details: &details,
        hash: Some(hash),
        org_admin: input.org_admin,
        account_admin: input.account_admin,
    };
    let (id, _) = insert(tx, keys, &row)?;
    let user = find(tx.db(), permit.reach, account.id, id)?;
    let noted = Details::default()
        .with("email", &user.email)
        .with("orgAdmin", &user.org_admin)
        .with("accountAdmin", &user.account_admin);
    let name = user.full_name();
    let target = user.target(permit.reach.organization(), &name);
    audit::record(
        tx,
        &(&permit.actor).into(),
        Code::UserCreated,
        &target,
        &noted,
    )?;
    Ok(user)
}
