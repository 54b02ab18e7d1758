//! The accounts panel beside every page of the Accounts tab.

use super::paths;
use crate::db::Db;
use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::keys::Keys;
use crate::domain::listing::ListQuery;
use crate::domain::panel::{self, Entry, PanelQuery};
use crate::domain::permit::{AddAccounts, EditAccounts, Permit, ViewAccounts};
use crate::error::Error;

/// The panel as its template shows it.
pub struct Panel {
    /// The name of the open account, also when it is on another page of the panel; empty when none is.
    pub open: String,
    pub default: Link,
    pub accounts: Vec<Link>,
    pub inactive: Vec<Link>,
    pub more_inactive: bool,
    pub query: String,
    pub show_filter: bool,
    pub may_add: bool,
    pub may_edit: bool,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// An account to open.
pub struct Link {
    pub id: i64,
    pub name: String,
    pub href: String,
    pub open: bool,
}

/// Reads the panel; `open` is the account that the page is about, `path` the page itself.
pub fn read(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewAccounts>,
    query: &PanelQuery,
    open: Option<&Account>,
    path: &str,
) -> Result<Panel, Error> {
    let read = panel::read(db, keys, permit, query, open)?;
    let link = |entry: Entry| Link {
        href: paths::list(entry.id, &ListQuery::default(), query),
        open: open.is_some_and(|account| account.id == entry.id),
        id: entry.id,
        name: entry.name,
    };
    let turn = |name: &str, token: &str| {
        paths::with_query(path, &[("accounts", &query.accounts), (name, token)])
    };
    let actor: &Actor = &permit.actor;
    Ok(Panel {
        open: open.map(|account| account.name.clone()).unwrap_or_default(),
        default: link(read.default),
        accounts: read.accounts.into_iter().map(link).collect(),
        inactive: read.inactive.into_iter().map(link).collect(),
        more_inactive: read.more_inactive,
        query: query.accounts.clone(),
        show_filter: read.show_filter,
        may_add: actor.may::<AddAccounts>(),
        may_edit: actor.may::<EditAccounts>(),
        previous: read.previous.map(|token| turn("accounts_before", &token)),
        next: read.next.map(|token| turn("accounts_after", &token)),
    })
}
