//! Authorization as a type: no changing verb without a permit, and no permit without the privilege.

use std::marker::PhantomData;

use super::actor::Actor;
use super::privilege::Privilege;

/// Something that needs a privilege.
pub trait Deed: 'static {
    /// The privilege that allows it in the whole organization.
    const ORGANIZATION: Privilege;
    /// The privilege that allows it in the holder's own account.
    const ACCOUNT: Option<Privilege>;
    /// Whether only an org admin may, besides.
    const ORG_ADMIN: bool = false;
}

/// How far a permit goes. Every lookup is cut to it, so what is out of reach is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every account of this organization.
    Organization(i64),
    /// One account.
    Account {
        /// The account's organization.
        organization: i64,
        /// The account.
        account: i64,
    },
}

impl Reach {
    /// The organization, which is never left.
    #[must_use]
    pub fn organization(self) -> i64 {
        match self {
            Self::Organization(organization) | Self::Account { organization, .. } => organization,
        }
    }

    /// Whether an account of this organization is within reach.
    #[must_use]
    pub fn covers(self, organization: i64, account: i64) -> bool {
        match self {
            Self::Organization(own) => own == organization,
            Self::Account {
                organization: own,
                account: only,
            } => own == organization && only == account,
        }
    }
}

/// Proof that `actor` may do `D` to whatever lies within `reach`. Made only by [`Actor::permit`].
pub struct Permit<D> {
    /// Who may.
    pub actor: Actor,
    /// How far.
    pub reach: Reach,
    deed: PhantomData<fn() -> D>,
}

// Derived, it would ask for deeds that can be cloned.
impl<D> Clone for Permit<D> {
    fn clone(&self) -> Self {
        Self::new(self.actor.clone(), self.reach)
    }
}

impl<D> Permit<D> {
    pub(super) fn new(actor: Actor, reach: Reach) -> Self {
        Self {
            actor,
            reach,
            deed: PhantomData,
        }
    }
}

/// See users.
pub struct ViewUsers;
impl Deed for ViewUsers {
    const ORGANIZATION: Privilege = Privilege::ViewUsersOrg;
    const ACCOUNT: Option<Privilege> = Some(Privilege::ViewUsersAccount);
}

/// Add users.
pub struct AddUsers;
impl Deed for AddUsers {
    const ORGANIZATION: Privilege = Privilege::AddUsersOrg;
    const ACCOUNT: Option<Privilege> = Some(Privilege::AddUsersAccount);
}

/// Change users: details, roles, activation, sessions.
pub struct EditUsers;
impl Deed for EditUsers {
    const ORGANIZATION: Privilege = Privilege::EditUsersOrg;
    const ACCOUNT: Option<Privilege> = Some(Privilege::EditUsersAccount);
}

/// Delete users.
pub struct DeleteUsers;
impl Deed for DeleteUsers {
    const ORGANIZATION: Privilege = Privilege::DeleteUsersOrg;
    const ACCOUNT: Option<Privilege> = Some(Privilege::DeleteUsersAccount);
}

/// Change the organization's settings.
pub struct ModifySecurity;
impl Deed for ModifySecurity {
    const ORGANIZATION: Privilege = Privilege::ModifySecurity;
    const ACCOUNT: Option<Privilege> = None;
}

/// Change which role holds which privilege.
pub struct ConfigureRoles;
impl Deed for ConfigureRoles {
    const ORGANIZATION: Privilege = Privilege::ConfigureRoles;
    const ACCOUNT: Option<Privilege> = None;
}

/// See accounts.
pub struct ViewAccounts;
impl Deed for ViewAccounts {
    const ORGANIZATION: Privilege = Privilege::ViewAccounts;
    const ACCOUNT: Option<Privilege> = None;
}

/// Add accounts.
pub struct AddAccounts;
impl Deed for AddAccounts {
    const ORGANIZATION: Privilege = Privilege::AddAccounts;
    const ACCOUNT: Option<Privilege> = None;
}

/// Change, deactivate and reactivate accounts.
pub struct EditAccounts;
impl Deed for EditAccounts {
    const ORGANIZATION: Privilege = Privilege::EditAccounts;
    const ACCOUNT: Option<Privilege> = None;
}

/// Delete accounts.
pub struct DeleteAccounts;
impl Deed for DeleteAccounts {
    const ORGANIZATION: Privilege = Privilege::DeleteAccounts;
    const ACCOUNT: Option<Privilege> = None;
}

/// See events, and take them away as a file.
pub struct ViewLogs;
impl Deed for ViewLogs {
    const ORGANIZATION: Privilege = Privilege::ViewLogsOrg;
    const ACCOUNT: Option<Privilege> = Some(Privilege::ViewLogsAccount);
}

/// Make and change one's own element instances.
pub struct CreateElementInstances;
impl Deed for CreateElementInstances {
    const ORGANIZATION: Privilege = Privilege::CreateElementInstances;
    const ACCOUNT: Option<Privilege> = None;
}

/// Make and change one's own formula instances.
pub struct CreateFormulaInstances;
impl Deed for CreateFormulaInstances {
    const ORGANIZATION: Privilege = Privilege::CreateFormulaInstances;
    const ACCOUNT: Option<Privilege> = None;
}

/// Schedule and change one's own jobs.
pub struct ScheduleJobs;
impl Deed for ScheduleJobs {
    const ORGANIZATION: Privilege = Privilege::ScheduleJobs;
    const ACCOUNT: Option<Privilege> = None;
}

/// Run everybody's jobs: a worker, which is shown what their owners send.
pub struct RunJobs;
impl Deed for RunJobs {
    const ORGANIZATION: Privilege = Privilege::ScheduleJobs;
    const ACCOUNT: Option<Privilege> = None;
    const ORG_ADMIN: bool = true;
}
