//! Users as the API lists and finds them: within reach, by id or email, with all that is kept of them.

use diesel::prelude::*;

use super::User;
use crate::db::schema::{accounts, contacts, users};
use crate::db::{Backend, Db};
use crate::domain::account::{self, Account};
use crate::domain::ceql::{Filter, Users};
use crate::domain::contact::Contact;
use crate::domain::email;
use crate::domain::keys::Keys;
use crate::domain::organization;
use crate::domain::paging::{Asked, COUNTED, Page};
use crate::domain::permit::{Permit, Reach, ViewUsers};
use crate::error::Error;

/// A user with its optional keys.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The user.
    pub user: User,
    /// What else is kept of it.
    pub contact: Contact,
}

impl From<(User, Option<Contact>)> for Profile {
    fn from((user, contact): (User, Option<Contact>)) -> Self {
        Self {
            user,
            contact: contact.unwrap_or_default(),
        }
    }
}

/// A page of the users of one account, or of every account within reach, that a filter leaves, in the order of their ids.
///
/// # Errors
/// [`Error::NotFound`] for an account out of reach; [`Error::Malformed`] for paging that is not understood.
pub fn list(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewUsers>,
    account: Option<i64>,
    filter: Option<&Filter<Users>>,
    asked: &Asked,
) -> Result<Page<Profile>, Error> {
    let organization = permit.reach.organization();
    let (account, held) = match (account, permit.reach) {
        (None, Reach::Organization(id)) => (None, organization::user_count(db, id)?),
        (Some(id), reach) | (None, reach @ Reach::Account { account: id, .. }) => {
            let account = account::find(db, reach, id)?;
            (Some(account.id), account.user_count)
        }
    };
    let narrowed = filter.map(Filter::text);
    let purpose = format!("users.{organization}.{account:?}.{narrowed:?}");
    let paging = asked.parse(keys, purpose)?;
    let all = || {
        let query = users::table.left_join(contacts::table);
        // One of the two, so that its index leads in the order of the ids.
        match account {
            Some(account) => query
                .filter(users::account_id.eq(account))
                .into_boxed::<Backend>(),
            None => query
                .filter(users::organization_id.eq(organization))
                .into_boxed(),
        }
    };
    let wanted = || match filter {
        Some(filter) => Ok(all().filter(filter.condition()?)),
        None => Ok::<_, Error>(all()),
    };
    let query = wanted()?
        .filter(users::id.gt(paging.after))
        .order(users::id)
        .select((User::as_select(), Option::<Contact>::as_select()));
    let rows: Vec<(User, Option<Contact>)> = paging.of(query).load(db)?;
    let total = match filter {
        None => Some(held),
        // Counting what a filter leaves of more would read more rows than it finds.
        Some(_) if held > COUNTED => None,
        Some(_) => Some(wanted()?.count().get_result(db)?),
    };
    let rows: Vec<Profile> = rows.into_iter().map(Profile::from).collect();
    Ok(paging.page(keys, rows, total, |row| row.user.id))
}

/// The user whom a part of an address names, by id or email, with its account, if it is within reach; in one account
/// where one is given.
///
/// # Errors
/// [`Error::NotFound`] otherwise.
pub fn named(
    db: &mut Db,
    reach: Reach,
    within: Option<i64>,
    name: &str,
) -> Result<(Profile, Account), Error> {
    let mut query = users::table
        .inner_join(accounts::table)
        .left_join(contacts::table)
        .filter(accounts::organization_id.eq(reach.organization()))
        .into_boxed::<Backend>();
    if let Reach::Account { account, .. } = reach {
        query = query.filter(users::account_id.eq(account));
    }
    if let Some(account) = within {
        query = query.filter(users::account_id.eq(account));
    }
    query = if name.contains('@') {
        let key = email::key(name).ok_or(Error::NotFound)?;
        query.filter(users::email_key.eq(key))
    } else {
        let id: i64 = name.parse().map_err(|_| Error::NotFound)?;
        query.filter(users::id.eq(id))
    };
    let (user, contact, account): (User, Option<Contact>, Account) = query
        .select((
            User::as_select(),
            Option::<Contact>::as_select(),
            Account::as_select(),
        ))
        .first(db)?;
    Ok((Profile::from((user, contact)), account))
}
