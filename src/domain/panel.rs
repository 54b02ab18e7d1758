//! The accounts panel: the default account, the others by name, the inactive ones, paged by key.

use diesel::prelude::*;
use diesel::sql_types::Binary;
use serde::Deserialize;

use super::account::Account;
use super::keys::Keys;
use super::permit::{Permit, ViewAccounts};
use super::text::{clean, fold, like_literal};
use crate::db::schema::accounts;
use crate::db::{Backend, Db, Order, Paged, Together, accounts_having};
use crate::error::Error;

/// Accounts on a page of the panel.
const PAGE: usize = 50;
/// Inactive accounts that are shown; the filter finds the others.
const INACTIVE: usize = 12;
/// So many accounts that the filter finds are put in order at once; more lie close together in any order.
const FOUND: i64 = 1_000;
/// From so many characters on, the index finds a part of a name; fewer are in so many names that they are looked for there.
const PART: usize = 3;
/// With more accounts than this there is a filter box.
const UNFILTERED: usize = 10;

/// The state of the panel, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PanelQuery {
    /// What the name has to hold.
    pub accounts: String,
    /// The page after this position.
    pub accounts_after: String,
    /// The page before this position.
    pub accounts_before: String,
}

/// An account in the panel.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
}

/// An account as it is read for the panel.
#[derive(Queryable)]
struct Found {
    id: i64,
    name: String,
    key: Vec<u8>,
    active: bool,
    is_default: bool,
}

/// What is read of it.
const COLUMNS: (
    accounts::id,
    accounts::name,
    accounts::name_key,
    accounts::active,
    accounts::is_default,
) = (
    accounts::id,
    accounts::name,
    accounts::name_key,
    accounts::active,
    accounts::is_default,
);

impl From<Found> for Entry {
    fn from(found: Found) -> Self {
        Self {
            id: found.id,
            name: found.name,
        }
    }
}

/// What the panel shows.
pub struct Panel {
    /// The default account.
    pub default: Entry,
    /// A page of the other active accounts, by name.
    pub accounts: Vec<Entry>,
    /// Inactive accounts, by name.
    pub inactive: Vec<Entry>,
    /// Whether more inactive accounts match than are shown.
    pub more_inactive: bool,
    /// Position for the page before.
    pub previous: Option<String>,
    /// Position for the page after.
    pub next: Option<String>,
    /// Whether the filter box is worth its place.
    pub show_filter: bool,
}

/// Reads the panel; `known` is an account that was read already.
///
/// # Errors
/// [`Error::Malformed`] for a position that no page of ours makes.
pub fn read(
    db: &mut Db,
    keys: &Keys,
    permit: &Permit<ViewAccounts>,
    query: &PanelQuery,
    known: Option<&Account>,
) -> Result<Panel, Error> {
    let organization = permit.reach.organization();
    let filter = fold(&clean(&query.accounts));
    if filter.chars().count() > 200 {
        return Err(Error::Malformed("The filter is too long."));
    }
    let purpose = format!("panel.{organization}");
    let (position, backwards) = match (
        query.accounts_after.as_str(),
        query.accounts_before.as_str(),
    ) {
        ("", "") => (None, false),
        (after, "") => (Some(open(keys, &purpose, after)?), false),
        ("", before) => (Some(open(keys, &purpose, before)?), true),
        _ => {
            return Err(Error::Malformed(
                "Only one of accounts_after and accounts_before can be given.",
            ));
        }
    };
    let having = if filter.chars().count() < PART {
        None
    } else {
        Some(accounts_having(db, organization, &filter, FOUND + 1)?)
    };
    let few = having.filter(|ids| i64::try_from(ids.len()).is_ok_and(|count| count <= FOUND));
    let paged = position.is_some();
    let order = Order {
        column: Some("accounts.name_key"),
        id: "accounts.id",
        descending: backwards,
    };
    let mut active = matching(organization, &filter, few.as_deref(), true);
    if let Some((key, id)) = position {
        active = active.filter(order.after(key.into_sql::<Binary>(), id));
    }
    let others = Together(
        // One more of each, to see whether there are more.
        Paged::first(active.order(order).select(COLUMNS), PAGE + 1),
        Paged::first(
            matching(organization, &filter, few.as_deref(), false)
                .order((accounts::name_key.asc(), accounts::id.asc()))
                .select(COLUMNS),
            INACTIVE + 1,
        ),
    );
    let (default, mut found): (Entry, Vec<Found>) =
        if let Some(account) = known.filter(|account| account.is_default) {
            let (id, name) = (account.id, account.name.clone());
            (Entry { id, name }, others.load(db)?)
        } else {
            let default = accounts::table
                .filter(accounts::organization_id.eq(organization))
                .filter(accounts::is_default)
                .select(COLUMNS);
            let (defaults, others): (Vec<Found>, Vec<Found>) = Together(default, others)
                .load(db)?
                .into_iter()
                .partition(|found: &Found| found.is_default);
            let default = defaults.into_iter().next();
            (default.ok_or(Error::NotFound)?.into(), others)
        };
    found.sort_unstable_by(|one, other| (&one.key, one.id).cmp(&(&other.key, other.id)));
    let (mut rows, mut inactive): (Vec<Found>, Vec<Found>) =
        found.into_iter().partition(|found| found.active);
    let more = rows.len() > PAGE;
    let (earlier, later) = if backwards {
        rows.drain(..rows.len().saturating_sub(PAGE));
        (more, true)
    } else {
        rows.truncate(PAGE);
        (paged, more)
    };
    let more_inactive = inactive.len() > INACTIVE;
    inactive.truncate(INACTIVE);

    let token = |found: &Found| seal(keys, &purpose, found);
    Ok(Panel {
        default,
        previous: rows.first().filter(|_| earlier).map(token),
        next: rows.last().filter(|_| later).map(token),
        show_filter: !filter.is_empty() || paged || rows.len() + inactive.len() >= UNFILTERED,
        accounts: rows.into_iter().map(Entry::from).collect(),
        inactive: inactive.into_iter().map(Entry::from).collect(),
        more_inactive,
    })
}

fn matching<'a>(
    organization: i64,
    filter: &str,
    few: Option<&'a [i64]>,
    active: bool,
) -> accounts::BoxedQuery<'a, Backend> {
    let mut query = accounts::table
        .filter(accounts::organization_id.eq(organization))
        .filter(diesel::dsl::not(accounts::is_default))
        .filter(accounts::active.eq(active))
        .into_boxed::<Backend>();
    if let Some(ids) = few {
        query = query.filter(accounts::id.eq_any(ids));
    } else if !filter.is_empty() {
        let pattern = format!("%{}%", like_literal(filter));
        query = query.filter(accounts::name_search.like(pattern).escape('\\'));
    }
    query
}

fn seal(keys: &Keys, purpose: &str, found: &Found) -> String {
    let mut plain = found.id.to_be_bytes().to_vec();
    plain.extend(&found.key);
    keys.seal(purpose, &plain)
}

fn open(keys: &Keys, purpose: &str, token: &str) -> Result<(Vec<u8>, i64), Error> {
    let wrong = || {
        Error::Malformed(
            "This position in the accounts is not understood. Go back to the first page.",
        )
    };
    let plain = keys.open(purpose, token).ok_or_else(wrong)?;
    let (id, key) = plain.split_first_chunk::<8>().ok_or_else(wrong)?;
    Ok((key.to_vec(), i64::from_be_bytes(*id)))
}
