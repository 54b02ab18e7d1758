//! Roles: the four of every organization, who may hold them, and what they allow.

use diesel::prelude::*;

use super::actor::Actor;
use super::audit::{self, Code, Details, Target};
use super::permit::{ConfigureRoles, Permit};
use super::privilege::{ALL, Privilege, Privileges};
use super::user::DEFAULT_ACCOUNT_ONLY;
use crate::db::schema::roles;
use crate::db::{Db, Tx};
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

/// Every role, in the order in which they are shown.
pub const ROLES: [Role; 4] = [
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

    /// The role of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        ROLES.into_iter().find(|role| role.key() == key)
    }

    /// Whether the role must hold `privilege` (`Some(true)`), must not (`Some(false)`), or may be changed: somebody has to
    /// be able to give privileges back.
    #[must_use]
    pub fn fixed(self, privilege: Privilege) -> Option<bool> {
        match (self, privilege) {
            (Self::OrgAdmin, Privilege::ModifySecurity | Privilege::ConfigureRoles) => Some(true),
            (_, Privilege::ConfigureRoles) => Some(false),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OrgAdmin => "Organization Administrator",
            Self::AccountAdmin => "Account Administrator",
            Self::Organization => "Organization User",
            Self::Default => "Default User",
        }
    }

    /// What it is for, in a few words.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::OrgAdmin => "Manages every account, every user and the security settings",
            Self::AccountAdmin => "Manages the users of its own account",
            Self::Organization => "Every user of the default account",
            Self::Default => "Every user of the other accounts",
        }
    }

    /// The sentence for somebody, or an account, that holds it already.
    pub(super) fn held_already(self, name: &str) -> String {
        format!("{name} holds the role {} already.", self.key())
    }

    /// Refuses giving or taking a role that `actor` does not hold all of, or that nobody can.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role above the actor; [`Error::Barred`] for a base role, and for the role of an org
    /// admin outside the default account.
    pub fn ensure_assignable(self, actor: &Actor, in_default_account: bool) -> Result<(), Error> {
        match self {
            Self::Organization | Self::Default => Err(Error::Barred(format!(
                "The role {} is given by the system.",
                self.key()
            ))),
            Self::OrgAdmin if !in_default_account => {
                Err(Error::Barred(DEFAULT_ACCOUNT_ONLY.to_owned()))
            }
            _ if actor.may_give(self) => Ok(()),
            _ => Err(Error::Forbidden),
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

/// The roles that one user, or everybody in an account, holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Whether its account is the default account, which decides the base role.
    pub in_default_account: bool,
    /// Whether it is an org admin.
    pub org_admin: bool,
    /// Whether it is an account admin.
    pub account_admin: bool,
}

impl Held {
    fn base(self) -> Role {
        if self.in_default_account {
            Role::Organization
        } else {
            Role::Default
        }
    }

    /// Whether `role` is one of them.
    #[must_use]
    pub fn holds(self, role: Role) -> bool {
        match role {
            Role::OrgAdmin => self.org_admin && self.in_default_account,
            Role::AccountAdmin => self.account_admin,
            base => base == self.base(),
        }
    }

    /// All that are held by either, in the same account.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            org_admin: self.org_admin || other.org_admin,
            account_admin: self.account_admin || other.account_admin,
            ..self
        }
    }
}

/// What each role of one organization allows at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles([Privileges; 4]);

impl Roles {
    /// The roles as text that a form carries.
    #[must_use]
    pub fn to_text(&self) -> String {
        let bits: Vec<_> = self.0.iter().map(|role| role.bits().to_string()).collect();
        bits.join(".")
    }

    /// What [`Roles::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut roles = Self::default();
        let mut bits = text.split('.');
        for role in &mut roles.0 {
            *role = Privileges::from_bits(bits.next()?.parse().ok()?);
        }
        Some(roles)
    }

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
        let held = ROLES.into_iter().filter(|role| held.holds(*role));
        held.fold(Privileges::default(), |all, role| {
            all.and(self.privileges(role))
        })
    }
}

/// A privilege that a role is to hold.
pub type Grant = (Role, Privilege);

/// Replaces what every role allows. `seen` is what the page showed, so that of two people saving, the second is told.
///
/// # Errors
/// [`Error::Changed`] when the roles were changed since; [`Error::Barred`] for a cell that may never change.
pub fn update(
    tx: &mut Tx<'_>,
    permit: &Permit<ConfigureRoles>,
    seen: Roles,
    grants: &[Grant],
) -> Result<(), Error> {
    let organization = permit.reach.organization();
    tx.lock_organization(organization)?;
    let present = load(tx, organization)?;
    if present != seen {
        return Err(Error::Changed("The table".to_owned()));
    }
    for role in ROLES {
        ensure_fixed(role, |privilege| grants.contains(&(role, privilege)))?;
    }
    write(tx, permit, present, |role, privilege| {
        grants.contains(&(role, privilege))
    })
}

/// Replaces what some roles allow; the others stay.
///
/// # Errors
/// [`Error::Barred`] for a privilege that may never be given to a role, or taken from it; then nothing changes.
pub fn replace(
    tx: &mut Tx<'_>,
    permit: &Permit<ConfigureRoles>,
    wanted: &[(Role, Privileges)],
) -> Result<(), Error> {
    let organization = permit.reach.organization();
    tx.lock_organization(organization)?;
    let present = load(tx, organization)?;
    for (role, privileges) in wanted {
        ensure_fixed(*role, |privilege| privileges.contains(privilege))?;
    }
    write(tx, permit, present, |role, privilege| {
        let asked = wanted.iter().find(|(it, _)| *it == role);
        let privileges = asked.map_or(present.privileges(role), |(_, privileges)| *privileges);
        privileges.contains(privilege)
    })
}

/// Refuses what may never change, and names it.
fn ensure_fixed(role: Role, wanted: impl Fn(Privilege) -> bool) -> Result<(), Error> {
    for privilege in ALL {
        match role.fixed(privilege) {
            Some(true) if !wanted(privilege) => {
                return Err(Error::Barred(format!(
                    "The role {} keeps the privilege {}.",
                    role.key(),
                    privilege.key()
                )));
            }
            Some(false) if wanted(privilege) => {
                return Err(Error::Barred(format!(
                    "The role {} may not hold the privilege {}.",
                    role.key(),
                    privilege.key()
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Gives every role what a new organization gives it.
///
/// # Errors
/// When the database cannot be written.
pub fn reset(tx: &mut Tx<'_>, permit: &Permit<ConfigureRoles>) -> Result<(), Error> {
    let organization = permit.reach.organization();
    tx.lock_organization(organization)?;
    let present = load(tx, organization)?;
    write(tx, permit, present, |role, privilege| {
        role.defaults().contains(&privilege)
    })
}

/// A role of an organization with its id and what it allows.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Id.
    pub id: i64,
    /// Which of the four.
    pub role: Role,
    /// What it allows now.
    pub privileges: Privileges,
}

/// The roles of an organization, in the order in which they are shown.
///
/// # Errors
/// When the database cannot be read.
pub fn stored(db: &mut Db, organization: i64) -> Result<Vec<Stored>, Error> {
    let rows: Vec<(i64, String, String)> = roles::table
        .filter(roles::organization_id.eq(organization))
        .select((roles::id, roles::key, roles::privileges))
        .load(db)?;
    let texts = rows
        .iter()
        .map(|(_, key, privileges)| (key.as_str(), privileges.as_str()));
    let all = Roles::from_rows(texts);
    let of = |role: Role| {
        let row = rows.iter().find(|(_, key, _)| key == role.key());
        row.map(|(id, ..)| Stored {
            id: *id,
            role,
            privileges: all.privileges(role),
        })
    };
    Ok(ROLES.into_iter().filter_map(of).collect())
}

fn load(tx: &mut Tx<'_>, organization: i64) -> Result<Roles, Error> {
    let mut roles = Roles::default();
    for stored in stored(tx.db(), organization)? {
        roles.0[stored.role as usize] = stored.privileges;
    }
    Ok(roles)
}

fn write(
    tx: &mut Tx<'_>,
    permit: &Permit<ConfigureRoles>,
    present: Roles,
    wanted: impl Fn(Role, Privilege) -> bool,
) -> Result<(), Error> {
    let organization = permit.reach.organization();
    for role in ROLES {
        let before = keys_of(|privilege| present.privileges(role).contains(privilege));
        let after: Privileges = ALL
            .into_iter()
            .filter(|privilege| wanted(role, *privilege))
            .collect();
        let after = keys_of(|privilege| after.contains(privilege));
        if before == after {
            continue;
        }
        let row = roles::table
            .filter(roles::organization_id.eq(organization))
            .filter(roles::key.eq(role.key()));
        let id: i64 = row.select(roles::id).first(tx.db())?;
        diesel::update(row)
            .set(roles::privileges.eq(&after))
            .execute(tx.db())?;
        let mut noted = Details::default();
        noted.changed("privileges", &before, &after);
        let target = Target {
            kind: "role",
            id: Some(id),
            name: role.name(),
            organization: Some(organization),
            account: None,
        };
        let by = (&permit.actor).into();
        audit::record(tx, &by, Code::RoleUpdated, &target, &noted)?;
    }
    Ok(())
}

fn keys_of(holds: impl Fn(Privilege) -> bool) -> String {
    let keys: Vec<_> = ALL
        .into_iter()
        .filter(|privilege| holds(*privilege))
        .map(Privilege::key)
        .collect();
    keys.join(" ")
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
