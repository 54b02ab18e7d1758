//! Who acts, and through what: what every permit and every audit event is made from.

use diesel::prelude::*;

use super::audit::Target;
use super::permit::{Deed, Permit, Reach};
use super::privilege::Privileges;
use super::role::{Held, Role, Roles};
use super::session::Limits;
use crate::db::schema::{accounts, organizations, roles, users};
use crate::error::Error;

/// Through what something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The HTML console.
    Console,
    /// The REST API.
    Api,
    /// The server's shell.
    CommandLine,
    /// The server by itself.
    Server,
}

impl Channel {
    /// The word that is stored.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Api => "API",
            Self::CommandLine => "command line",
            Self::Server => "server",
        }
    }
}

/// Where a request came from, known before anybody is signed in.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Through what.
    pub channel: Channel,
    /// The client's address; `local` on the command line.
    pub address: String,
    /// 24 hex digits that the log and the answer carry too.
    pub request_id: String,
}

impl Origin {
    /// The server's own shell.
    #[must_use]
    pub fn command_line() -> Self {
        Self {
            channel: Channel::CommandLine,
            address: "local".to_owned(),
            request_id: request_id(),
        }
    }

    /// The server itself, which nobody asked.
    #[must_use]
    pub fn server() -> Self {
        Self {
            channel: Channel::Server,
            ..Self::command_line()
        }
    }
}

/// A fresh request id: 24 hex digits.
#[must_use]
pub fn request_id() -> String {
    hex::encode(super::keys::random::<12>())
}

/// A user who was found to be allowed in, with what it may do at this moment.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user's id.
    pub id: i64,
    /// The user's account.
    pub account_id: i64,
    /// The account's organization.
    pub organization_id: i64,
    /// Its name, for the words of a page.
    pub organization_name: String,
    /// First and last name.
    pub name: String,
    /// The first letters of both names.
    pub initials: String,
    /// As typed.
    pub email: String,
    /// Whether one-key shortcuts are on.
    pub shortcuts: bool,
    /// The session in use; 0 for a call with the pair of secrets, which has none.
    pub session_id: i64,
    /// What the user may do now.
    pub privileges: Privileges,
    /// What each role of the organization allows now.
    pub roles: Roles,
    /// How long sessions of the organization hold.
    pub limits: Limits,
    /// Where the request came from.
    pub origin: Origin,
}

/// What an actor is made from, as far as its user's row tells.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct UserPart {
    id: i64,
    first_name: String,
    last_name: String,
    email: String,
    org_admin: bool,
    account_admin: bool,
    shortcuts: bool,
}

/// As far as the account's row tells.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct AccountPart {
    id: i64,
    is_default: bool,
    org_admin: bool,
    account_admin: bool,
}

/// As far as the organization's row tells.
#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations)]
pub(super) struct OrganizationPart {
    id: i64,
    name: String,
    idle_minutes: i32,
    longest_minutes: i32,
}

/// One of the organization's roles.
#[derive(Queryable, Selectable)]
#[diesel(table_name = roles)]
pub(super) struct RolePart {
    key: String,
    privileges: String,
}

/// A row of the one query that finds somebody. The rows differ only in the role, of which every organization has the
/// same few.
pub(super) type Row = (UserPart, AccountPart, OrganizationPart, RolePart);

impl Actor {
    /// The actor that was found, if anybody was; without a session.
    pub(super) fn from_rows(rows: Vec<Row>, origin: &Origin) -> Option<Self> {
        let texts = rows
            .iter()
            .map(|(.., role)| (role.key.as_str(), role.privileges.as_str()));
        let roles = Roles::from_rows(texts);
        let (user, account, organization, _) = rows.into_iter().next()?;
        let held = Held {
            in_default_account: account.is_default,
            org_admin: user.org_admin || account.org_admin,
            account_admin: user.account_admin || account.account_admin,
        };
        let (first, last) = (&user.first_name, &user.last_name);
        Some(Self {
            id: user.id,
            account_id: account.id,
            organization_id: organization.id,
            organization_name: organization.name,
            name: format!("{first} {last}"),
            initials: first.chars().take(1).chain(last.chars().take(1)).collect(),
            email: user.email,
            shortcuts: user.shortcuts,
            session_id: 0,
            privileges: roles.of(held),
            roles,
            limits: Limits {
                idle: organization.idle_minutes,
                longest: organization.longest_minutes,
            },
            origin: origin.clone(),
        })
    }

    /// Proof that this actor may do `D`, if it may.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when neither form of the privilege is held.
    pub fn permit<D: Deed>(&self) -> Result<Permit<D>, Error> {
        let reach = self.reach::<D>().ok_or(Error::Forbidden)?;
        Ok(Permit::new(self.clone(), reach))
    }

    /// How far this actor may do `D`, if it may: what a page asks before it shows a control.
    #[must_use]
    pub fn reach<D: Deed>(&self) -> Option<Reach> {
        // Nobody but an org admin ever holds all of that role: it alone may configure roles, and always does.
        if D::ORG_ADMIN && !self.may_give(Role::OrgAdmin) {
            return None;
        }
        if self.privileges.contains(D::ORGANIZATION) {
            Some(Reach::Organization(self.organization_id))
        } else if D::ACCOUNT.is_some_and(|privilege| self.privileges.contains(privilege)) {
            Some(Reach::Account {
                organization: self.organization_id,
                account: self.account_id,
            })
        } else {
            None
        }
    }

    /// Whether this actor may do `D` somewhere.
    #[must_use]
    pub fn may<D: Deed>(&self) -> bool {
        self.reach::<D>().is_some()
    }

    /// Whether this actor may give or take `role`: only who holds all that it allows.
    #[must_use]
    pub fn may_give(&self, role: Role) -> bool {
        self.privileges.covers(self.roles.privileges(role))
    }

    /// The actor itself, as what an audit event tells of.
    #[must_use]
    pub fn target(&self) -> Target<'_> {
        Target {
            kind: "user",
            id: Some(self.id),
            name: &self.name,
            organization: Some(self.organization_id),
            account: Some(self.account_id),
        }
    }
}
