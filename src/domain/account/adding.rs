//! Adding an account.

use super::{Account, NewRow, check_description, check_external_id, check_name, find, insert};
use crate::db::Tx;
use crate::domain::audit::{self, Code, Details};
use crate::domain::keys::random;
use crate::domain::permit::{AddAccounts, Permit};
use crate::error::{Error, FieldErrors};

/// What is known of a new account.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// Name.
    pub name: String,
    /// Description; may be empty.
    pub description: String,
    /// What another system calls it; made up without.
    pub external_id: Option<String>,
}

/// Adds an active account.
///
/// # Errors
/// [`Error::Invalid`] for bad input, or an external id that an account of the organization has.
pub fn add(
    tx: &mut Tx<'_>,
    permit: &Permit<AddAccounts>,
    input: &NewAccount,
) -> Result<Account, Error> {
    let mut errors = FieldErrors::default();
    let name = check_name(&input.name, &mut errors);
    let description = check_description(&input.description, &mut errors);
    let external_id = match &input.external_id {
        Some(typed) => check_external_id(typed, &mut errors),
        None => hex::encode(random::<16>()),
    };
    errors.into_result()?;
    let row = NewRow {
        organization: permit.reach.organization(),
        name: &name,
        description: &description,
        external_id: &external_id,
        is_default: false,
    };
    let id = insert(tx, &row)?;
    let account = find(tx.db(), permit.reach, id)?;
    let by = (&permit.actor).into();
    audit::record(
        tx,
        &by,
        Code::AccountCreated,
        &account.target(),
        &Details::default(),
    )?;
    Ok(account)
}
