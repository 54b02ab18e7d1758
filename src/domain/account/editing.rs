//! Editing an account: name, description, external id. Activity has its own verbs, for a page asks before it is lost.

use diesel::prelude::*;
use serde::Deserialize;

use super::{Account, check_description, check_external_id, check_name, find, taken_or};
use crate::db::Tx;
use crate::db::schema::accounts;
use crate::domain::audit::{self, Code, Details};
use crate::domain::permit::{EditAccounts, Permit};
use crate::domain::text::{fold, sort_key};
use crate::error::{Error, FieldErrors};

/// The card Account, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EditAccount {
    /// The version the form was made from.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Active.
    pub active: bool,
}

/// What is to change of an account. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The version that the wish was made from, where somebody looked at it.
    pub version: Option<i64>,
    /// Name.
    pub name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// External id.
    pub external_id: Option<String>,
}

impl From<&EditAccount> for Changes {
    fn from(form: &EditAccount) -> Self {
        Self {
            version: Some(form.version),
            name: Some(form.name.clone()),
            // Browsers send line ends as CR LF.
            description: Some(form.description.replace("\r\n", "\n")),
            external_id: None,
        }
    }
}

/// Changes what is to be changed.
///
/// # Errors
/// [`Error::Changed`] when somebody changed it since it was looked at; [`Error::Invalid`] for bad input, or an external
/// id that another account of the organization has.
pub fn update(
    tx: &mut Tx<'_>,
    permit: &Permit<EditAccounts>,
    id: i64,
    input: &Changes,
) -> Result<Account, Error> {
    tx.lock_organization(permit.reach.organization())?;
    let account = find(tx.db(), permit.reach, id)?;
    if input.version.is_some_and(|seen| seen != account.version) {
        return Err(Error::Changed(account.name));
    }
    let mut errors = FieldErrors::default();
    let mut after = account.clone();
    if let Some(typed) = &input.name {
        after.name = check_name(typed, &mut errors);
    }
    if let Some(typed) = &input.description {
        after.description = check_description(typed, &mut errors);
    }
    if let Some(typed) = &input.external_id {
        after.external_id = check_external_id(typed, &mut errors);
    }
    errors.into_result()?;
    let mut noted = Details::default();
    noted.changed("name", &account.name, &after.name);
    noted.changed("description", &account.description, &after.description);
    noted.changed("externalId", &account.external_id, &after.external_id);
    if noted.is_empty() {
        return Ok(account);
    }
    let now = tx.now();
    diesel::update(accounts::table.find(id))
        .set((
            accounts::name.eq(&after.name),
            accounts::name_key.eq(sort_key(&after.name)),
            accounts::name_search.eq(fold(&after.name)),
            accounts::description.eq(&after.description),
            accounts::external_id.eq(&after.external_id),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(tx.db())
        .map_err(|error| taken_or(error, &after.external_id))?;
    let account = find(tx.db(), permit.reach, id)?;
    let by = (&permit.actor).into();
    audit::record(tx, &by, Code::AccountUpdated, &account.target(), &noted)?;
    Ok(account)
}
