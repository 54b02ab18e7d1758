//! What an address asks of the list of an account's users, and what is understood of it.

use chrono::{NaiveDateTime, TimeDelta};
use serde::Deserialize;

use super::Listing;
use super::position::Place;
use crate::domain::keys::Keys;
use crate::domain::text::{clean, fold};
use crate::error::Error;

/// The longest time that somebody can be asked to have been away, in days.
const LONGEST_IDLE: u32 = 3650;
/// Longer searches match nothing that can be stored.
const LONGEST: usize = 300;

/// The state of a list, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// What is searched.
    pub q: String,
    /// `active`, `inactive`, `locked` or empty.
    pub status: String,
    /// `org-admin`, `admin`, `none` or empty.
    pub role: String,
    /// Days without a sign-in, or empty; who never signed in was never there.
    pub idle: String,
    /// A key of [`Sort`], or empty.
    pub sort: String,
    /// `asc`, `desc` or empty.
    pub dir: String,
    /// The page after this position.
    pub after: String,
    /// The page before this position.
    pub before: String,
}

/// The columns that can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// First name.
    First,
    /// Last name.
    Last,
    /// Email.
    Email,
    /// Id.
    Id,
    /// Last sign-in; never comes first.
    LastLogin,
    /// When added.
    Created,
}

/// Every sortable column, in the order of the table.
pub const SORTS: [Sort; 6] = [
    Sort::First,
    Sort::Last,
    Sort::Email,
    Sort::Id,
    Sort::LastLogin,
    Sort::Created,
];

impl Sort {
    /// The word in the address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::Email => "email",
            Self::Id => "id",
            Self::LastLogin => "last-login",
            Self::Created => "created",
        }
    }

    /// The head of the column.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "First",
            Self::Last => "Last",
            Self::Email => "Email",
            Self::Id => "ID",
            Self::LastLogin => "Last Login",
            Self::Created => "Created",
        }
    }

    /// The column, unless that is the id itself.
    pub(super) fn column(self) -> Option<&'static str> {
        match self {
            Self::First => Some("users.first_name_key"),
            Self::Last => Some("users.last_name_key"),
            Self::Email => Some("users.email_key"),
            Self::Id => None,
            Self::LastLogin => Some("users.last_login_at"),
            Self::Created => Some("users.created_at"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Any,
    Active,
    Inactive,
    Locked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Any,
    OrgAdmin,
    AccountAdmin,
    None,
}

impl ListQuery {
    /// Understands the query for `account`; locks are those that hold at `now`.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a word or position that no page of ours makes.
    pub fn parse(&self, keys: &Keys, account: i64, now: NaiveDateTime) -> Result<Listing, Error> {
        let q = clean(&self.q);
        if q.chars().count() > LONGEST {
            return Err(Error::Malformed("The search text is too long."));
        }
        let status = match self.status.as_str() {
            "" => Status::Any,
            "active" => Status::Active,
            "inactive" => Status::Inactive,
            "locked" => Status::Locked,
            _ => {
                return Err(Error::Malformed(
                    "status is active, inactive, locked or left out.",
                ));
            }
        };
        let role = match self.role.as_str() {
            "" => Role::Any,
            "org-admin" => Role::OrgAdmin,
            "admin" => Role::AccountAdmin,
            "none" => Role::None,
            _ => {
                return Err(Error::Malformed(
                    "role is org-admin, admin, none or left out.",
                ));
            }
        };
        let idle_since = match self.idle.as_str() {
            "" => None,
            days => {
                let days = days.parse::<u32>().ok();
                let days = days.filter(|days| (1..=LONGEST_IDLE).contains(days));
                let days = days.ok_or(Error::Malformed(
                    "idle is a number of days from 1 to 3650, or left out.",
                ))?;
                Some(now - TimeDelta::days(i64::from(days)))
            }
        };
        let sort = match self.sort.as_str() {
            "" => Sort::Id,
            word => SORTS
                .into_iter()
                .find(|sort| sort.key() == word)
                .ok_or(Error::Malformed("sort names no column that can be sorted."))?,
        };
        let descending = match self.dir.as_str() {
            "" | "asc" => false,
            "desc" => true,
            _ => return Err(Error::Malformed("dir is asc, desc or left out.")),
        };
        let mut listing = Listing {
            account,
            q: fold(&q),
            status,
            now,
            role,
            idle_since,
            sort,
            descending,
            place: Place::First,
        };
        listing.place = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Place::First,
            (after, "") => Place::After(listing.open(keys, after)?),
            ("", before) => Place::Before(listing.open(keys, before)?),
            _ => {
                return Err(Error::Malformed(
                    "Only one of after and before can be given.",
                ));
            }
        };
        Ok(listing)
    }
}
