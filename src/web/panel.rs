//! The accounts panel beside every page of the Accounts tab.

use super::paths;
use crate::db::Db;
use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::keys::Keys;
use crate::domain::panel::{self, Entry, PanelQuery};
use crate::domain::permit::{AddAccounts, EditAccounts, Permit, ViewAccounts};
use crate::error::Error;

/// The panel as its template shows it.
pub struct Panel {
    /// The name of the open account, also when it is on another page of the panel; empty when none is.
    pub open: String,
    /// Its id; 0 when none is.
    pub open_id: i64,
    pub default: Entry,
    pub accounts: Vec<Entry>,
    pub inactive: Vec<Entry>,
    pub more_inactive: bool,
    /// What follows the path of an account's page, so that the panel stays in its state.
    pub state: String,
    /// The page itself, where a filter of the panel leads.
    pub action: String,
    pub query: String,
    pub show_filter: bool,
    pub may_add: bool,
    pub may_edit: bool,
    pub previous: Option<String>,
    pub next: Option<String>,
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
    let turn = |name: &str, token: &str| {
        paths::with_query(path, &[("accounts", &query.accounts), (name, token)])
    };
    let actor: &Actor = &permit.actor;
    Ok(Panel {
        open: open.map(|account| account.name.clone()).unwrap_or_default(),
        open_id: open.map(|account| account.id).unwrap_or_default(),
        default: read.default,
        accounts: read.accounts,
        inactive: read.inactive,
        more_inactive: read.more_inactive,
        state: paths::with_query(
            "",
            &[
                ("accounts", &query.accounts),
                ("accounts_after", &query.accounts_after),
                ("accounts_before", &query.accounts_before),
            ],
        ),
        action: path.to_owned(),
        query: query.accounts.clone(),
        show_filter: read.show_filter,
        may_add: actor.may::<AddAccounts>(),
        may_edit: actor.may::<EditAccounts>(),
        previous: read.previous.map(|token| turn("accounts_before", &token)),
        next: read.next.map(|token| turn("accounts_after", &token)),
    })
}
