//! Roles: the four of every organization, who may hold them, and what they allow.

use diesel::prelude::*;

use super::privilege::{ALL, Privilege, Privileges};
use crate::db::Tx;
use crate::db::schema::roles;
use crate::error::Error;

/// A role of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Manages the whole organization; only for users of the default account.
    OrgAdmin,
    /// Manages the users of its own account.
    AccountAdmin,
    /// What every user of the default account holds.
    Organization,
    /// What every user of another account holds.
    Default,
}

const ROLES: [Role; 4] = [
    Role::OrgAdmin,
    Role::AccountAdmin,
    Role::Organization,
    Role::Default,
];

impl Role {
    /// The key, as stored and as the API writes it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::OrgAdmin => "org-admin",
            Self::AccountAdmin => "admin",
            Self::Organization => "org",
            Self::Default => "default-user",
        }
    }

    /// The name a new organization gives it.
    fn name(self) -> &'static str {
        match self {
            Self::OrgAdmin => "Organization Administrator",
            Self::AccountAdmin => "Account Administrator",
            Self::Organization => "Organization User",
            Self::Default => "Default User",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::OrgAdmin => "Manages every account, every user and the security settings",
            Self::AccountAdmin => "Manages the users of its own account",
            Self::Organization => "Every user of the default account",
            Self::Default => "Every user of the other accounts",
        }
    }

    /// What the role allows in a new organization.
    fn defaults(self) -> Vec<Privilege> {
        ALL.into_iter()
            .filter(|privilege| match self {
                Self::OrgAdmin => true,
                Self::AccountAdmin => privilege.is_account_form() || privilege.is_work(),
                Self::Organization | Self::Default => privilege.is_work(),
            })
            .collect()
    }
}

/// The roles that one user holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Whether its account is the default account, which decides the base role.
    pub in_default_account: bool,
    /// Whether it is an org admin.
    pub org_admin: bool,
    /// Whether it is an account admin.
    pub account_admin: bool,
}

/// What each role of one organization allows at this moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Roles([Privileges; 4]);

impl Roles {
    /// From the stored rows of one organization: the role's key and its privileges' keys.
    pub(super) fn from_rows<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut roles = Self::default();
        for (key, privileges) in rows {
            if let Some(role) = ROLES.into_iter().find(|role| role.key() == key) {
                roles.0[role as usize] = privileges
                    .split_ascii_whitespace()
                    .filter_map(Privilege::from_key)
                    .collect();
            }
        }
        roles
    }

    /// What `role` allows.
    #[must_use]
    pub fn privileges(&self, role: Role) -> Privileges {
        self.0[role as usize]
    }

    /// What a holder of these roles may do.
    #[must_use]
    pub fn of(&self, held: Held) -> Privileges {
        let base = if held.in_default_account {
            Role::Organization
        } else {
            Role::Default
        };
        let mut all = self.privileges(base);
        if held.org_admin && held.in_default_account {
            all = all.and(self.privileges(Role::OrgAdmin));
        }
        if held.account_admin {
            all = all.and(self.privileges(Role::AccountAdmin));
        }
        all
    }
}

/// Makes the four roles of a new organization, with their default privileges.
///
/// # Errors
/// When the database cannot be written.
pub fn create_defaults(tx: &mut Tx<'_>, organization: i64) -> Result<(), Error> {
    for role in ROLES {
        let privileges: Vec<_> = role.defaults().into_iter().map(Privilege::key).collect();
        diesel::insert_into(roles::table)
            .values((
                roles::organization_id.eq(organization),
                roles::key.eq(role.key()),
                roles::name.eq(role.name()),
                roles::description.eq(role.description()),
                roles::privileges.eq(privileges.join(" ")),
            ))
            .execute(tx.db())?;
    }
    Ok(())
}
