//! Accounts as the API lists them, in the order of their ids.

use diesel::prelude::*;

use super::Account;
use crate::db::schema::accounts;
use crate::db::{Backend, BoundedCount, Db};
use crate::domain::keys::Keys;
use crate::domain::paging::{Asked, COUNTED, Page};
use crate::domain::permit::{Permit, ViewAccounts};
use crate::error::Error;

/// A page of the organization's accounts; without inactive ones unless they are asked for.
///
/// # Errors
/// [`Error::Malformed`] for paging that is not understood.
pub fn list(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewAccounts>,
    inactive_too: bool,
    asked: &Asked,
) -> Result<Page<Account>, Error> {
    let organization = permit.reach.organization();
    let paging = asked.parse(keys, format!("accounts.{organization}.{inactive_too}"))?;
    let all = || {
        let mut query = accounts::table
            .filter(accounts::organization_id.eq(organization))
            .into_boxed::<Backend>();
        if !inactive_too {
            query = query.filter(accounts::active);
        }
        query
    };
    let rows: Vec<Account> = all()
        .filter(accounts::id.gt(paging.after))
        .order(accounts::id)
        .offset(paging.offset)
        .limit(paging.limit())
        .select(Account::as_select())
        .load(db)?;
    let total = BoundedCount(all().select(accounts::id).limit(COUNTED + 1)).get_result(db)?;
    Ok(paging.page(keys, rows, total, |account| account.id))
}
