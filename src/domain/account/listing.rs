//! Accounts as the API lists them, in the order of their ids.

use diesel::prelude::*;

use super::Account;
use crate::db::schema::accounts;
use crate::db::{Backend, BoundedCount, Db, one};
use crate::domain::ceql::{Accounts, Filter};
use crate::domain::keys::Keys;
use crate::domain::paging::{Asked, COUNTED, Page, counted};
use crate::domain::permit::{Permit, ViewAccounts};
use crate::error::Error;

/// A page of the organization's accounts that a filter leaves; without inactive ones unless they are asked for.
///
/// # Errors
/// [`Error::Malformed`] for paging that is not understood.
pub fn list(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewAccounts>,
    inactive_too: bool,
    filter: Option<&Filter<Accounts>>,
    asked: &Asked,
) -> Result<Page<Account>, Error> {
    let organization = permit.reach.organization();
    let narrowed = filter.map(Filter::text);
    let purpose = format!("accounts.{organization}.{inactive_too}.{narrowed:?}");
    let paging = asked.parse(keys, purpose)?;
    let all = || {
        let mut query = accounts::table
            .filter(accounts::organization_id.eq(organization))
            .into_boxed::<Backend>();
        if !inactive_too {
            query = query.filter(accounts::active);
        }
        query
    };
    let wanted = || match filter {
        Some(filter) => Ok(all().filter(filter.condition()?)),
        None => Ok::<_, Error>(all()),
    };
    let query = wanted()?
        .filter(accounts::id.gt(paging.after))
        .order(accounts::id)
        .select(Account::as_select());
    let rows: Vec<Account> = paging.of(query).load(db)?;
    let mut total = BoundedCount(all().select(one()).limit(COUNTED + 1)).get_result(db)?;
    // Beyond that, counting what a filter leaves would read more rows than it finds.
    if filter.is_some() && total <= COUNTED {
        total = BoundedCount(wanted()?.select(one()).limit(COUNTED + 1)).get_result(db)?;
    }
    Ok(paging.page(keys, rows, counted(total), |account| account.id))
}
