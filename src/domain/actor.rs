//! Who acts, and through what: what every permit and every audit event is made from.

use super::audit::Target;
use super::permit::{Deed, Permit, Reach};
use super::privilege::Privileges;
use super::role::{Role, Roles};
use super::session::Limits;
use crate::error::Error;

/// Through what something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The HTML console.
    Console,
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
    /// The session in use.
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

impl Actor {
    /// Proof that this actor may do `D`, if it may.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when neither form of the privilege is held.
    pub fn permit<D: Deed>(&self) -> Result<Permit<D>, Error> {
        // Nobody but an org admin ever holds all of that role: it alone may configure roles, and always does.
        if D::ORG_ADMIN && !self.may_give(Role::OrgAdmin) {
            return Err(Error::Forbidden);
        }
        let reach = if self.privileges.contains(D::ORGANIZATION) {
            Reach::Organization(self.organization_id)
        } else if D::ACCOUNT.is_some_and(|privilege| self.privileges.contains(privilege)) {
            Reach::Account {
                organization: self.organization_id,
                account: self.account_id,
            }
        } else {
            return Err(Error::Forbidden);
        };
        Ok(Permit::new(self.clone(), reach))
    }

    /// Whether this actor may do `D` somewhere: what a page asks before it shows a control.
    #[must_use]
    pub fn may<D: Deed>(&self) -> bool {
        self.permit::<D>().is_ok()
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
