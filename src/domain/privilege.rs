//! The fixed list of privileges, and sets of them.

/// One thing that a role may allow. Which role holds which is what an organization edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Privilege {
    /// See users of every account.
    ViewUsersOrg,
    /// See users of the own account.
    ViewUsersAccount,
    /// Add users to every account.
    AddUsersOrg,
    /// Add users to the own account.
    AddUsersAccount,
    /// Change users of every account.
    EditUsersOrg,
    /// Change users of the own account.
    EditUsersAccount,
    /// Delete users of every account.
    DeleteUsersOrg,
    /// Delete users of the own account.
    DeleteUsersAccount,
    /// See accounts.
    ViewAccounts,
    /// Add accounts.
    AddAccounts,
    /// Change, deactivate and reactivate accounts.
    EditAccounts,
    /// Delete accounts.
    DeleteAccounts,
    /// Change the organization's settings.
    ModifySecurity,
    /// Change which role holds which privilege.
    ConfigureRoles,
    /// See the events of the organization.
    ViewLogsOrg,
    /// See the events of the own account.
    ViewLogsAccount,
    /// Make element instances.
    CreateElementInstances,
    /// Make formula instances.
    CreateFormulaInstances,
    /// Schedule jobs.
    ScheduleJobs,
}

use Privilege as P;

/// The areas in which privileges are shown, each with its own.
pub const AREAS: [(&str, &[Privilege]); 5] = [
    (
        "Users",
        &[
            P::ViewUsersOrg,
            P::ViewUsersAccount,
            P::AddUsersOrg,
            P::AddUsersAccount,
            P::EditUsersOrg,
            P::EditUsersAccount,
            P::DeleteUsersOrg,
            P::DeleteUsersAccount,
        ],
    ),
    (
        "Accounts",
        &[
            P::ViewAccounts,
            P::AddAccounts,
            P::EditAccounts,
            P::DeleteAccounts,
        ],
    ),
    ("Security", &[P::ModifySecurity, P::ConfigureRoles]),
    ("Activity", &[P::ViewLogsOrg, P::ViewLogsAccount]),
    (
        "Work",
        &[
            P::CreateElementInstances,
            P::CreateFormulaInstances,
            P::ScheduleJobs,
        ],
    ),
];

/// Every privilege, in the order in which they are shown.
pub const ALL: [Privilege; 19] = [
    P::ViewUsersOrg,
    P::ViewUsersAccount,
    P::AddUsersOrg,
    P::AddUsersAccount,
    P::EditUsersOrg,
    P::EditUsersAccount,
    P::DeleteUsersOrg,
    P::DeleteUsersAccount,
    P::ViewAccounts,
    P::AddAccounts,
    P::EditAccounts,
    P::DeleteAccounts,
    P::ModifySecurity,
    P::ConfigureRoles,
    P::ViewLogsOrg,
    P::ViewLogsAccount,
    P::CreateElementInstances,
    P::CreateFormulaInstances,
    P::ScheduleJobs,
];

impl Privilege {
    /// The key, as stored and as the API writes it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            P::ViewUsersOrg => "viewUsersOrg",
            P::ViewUsersAccount => "viewUsersAccount",
            P::AddUsersOrg => "addUsersOrg",
            P::AddUsersAccount => "addUsersAccount",
            P::EditUsersOrg => "editUsersOrg",
            P::EditUsersAccount => "editUsersAccount",
            P::DeleteUsersOrg => "deleteUsersOrg",
            P::DeleteUsersAccount => "deleteUsersAccount",
            P::ViewAccounts => "viewAccounts",
            P::AddAccounts => "addAccounts",
            P::EditAccounts => "editAccounts",
            P::DeleteAccounts => "deleteAccounts",
            P::ModifySecurity => "modifySecurity",
            P::ConfigureRoles => "configureRoles",
            P::ViewLogsOrg => "viewLogsOrg",
            P::ViewLogsAccount => "viewLogsAccount",
            P::CreateElementInstances => "createElementInstances",
            P::CreateFormulaInstances => "createFormulaInstances",
            P::ScheduleJobs => "scheduleJobs",
        }
    }

    /// What it allows, in a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            P::ViewUsersOrg => "View users of every account",
            P::ViewUsersAccount => "View users of the own account",
            P::AddUsersOrg => "Add users to every account",
            P::AddUsersAccount => "Add users to the own account",
            P::EditUsersOrg => "Edit users of every account",
            P::EditUsersAccount => "Edit users of the own account",
            P::DeleteUsersOrg => "Delete users of every account",
            P::DeleteUsersAccount => "Delete users of the own account",
            P::ViewAccounts => "View accounts",
            P::AddAccounts => "Add accounts",
            P::EditAccounts => "Edit, deactivate and reactivate accounts",
            P::DeleteAccounts => "Delete accounts",
            P::ModifySecurity => "Modify security settings",
            P::ConfigureRoles => "Configure roles",
            P::ViewLogsOrg => "View activity of every account",
            P::ViewLogsAccount => "View activity of the own account",
            P::CreateElementInstances => "Create element instances",
            P::CreateFormulaInstances => "Create formula instances",
            P::ScheduleJobs => "Schedule jobs",
        }
    }

    /// The privilege of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        ALL.into_iter().find(|privilege| privilege.key() == key)
    }

    /// The `Account` form that this `Org` form includes.
    fn included(self) -> Option<Self> {
        match self {
            P::ViewUsersOrg => Some(P::ViewUsersAccount),
            P::AddUsersOrg => Some(P::AddUsersAccount),
            P::EditUsersOrg => Some(P::EditUsersAccount),
            P::DeleteUsersOrg => Some(P::DeleteUsersAccount),
            P::ViewLogsOrg => Some(P::ViewLogsAccount),
            _ => None,
        }
    }

    /// The `Org` form that includes this `Account` form.
    #[must_use]
    pub fn included_in(self) -> Option<Self> {
        ALL.into_iter().find(|wider| wider.included() == Some(self))
    }

    /// Whether this reaches only the holder's own account.
    #[must_use]
    pub fn is_account_form(self) -> bool {
        self.included_in().is_some()
    }

    /// Whether this belongs to the area Work.
    #[must_use]
    pub fn is_work(self) -> bool {
        matches!(
            self,
            P::CreateElementInstances | P::CreateFormulaInstances | P::ScheduleJobs
        )
    }

    /// Whether the console's Security section opens to holders of this privilege.
    fn opens_security(self) -> bool {
        matches!(
            self,
            P::ViewUsersOrg
                | P::AddUsersOrg
                | P::EditUsersOrg
                | P::DeleteUsersOrg
                | P::ViewLogsOrg
                | P::ModifySecurity
                | P::ConfigureRoles
        )
    }
}

/// A set of privileges, closed under "the `Org` form includes the `Account` form".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Privileges(u32);

impl Privileges {
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Whether `privilege` is in the set.
    #[must_use]
    pub fn contains(self, privilege: Privilege) -> bool {
        self.0 & (1 << privilege as u32) != 0
    }

    /// Whether all of `other` is in the set.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Everything that is in either set.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the console's Security section is open.
    #[must_use]
    pub fn open_security(self) -> bool {
        ALL.into_iter()
            .any(|privilege| privilege.opens_security() && self.contains(privilege))
    }
}

impl FromIterator<Privilege> for Privileges {
    fn from_iter<I: IntoIterator<Item = Privilege>>(privileges: I) -> Self {
        privileges
            .into_iter()
            .fold(Self::default(), |set, privilege| {
                let set = Self(set.0 | 1 << privilege as u32);
                match privilege.included() {
                    Some(included) => Self(set.0 | 1 << included as u32),
                    None => set,
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ALL, Privilege as P, Privileges};

    #[test]
    fn what_reaches_every_account_reaches_the_own_one() {
        for (organization, account) in [
            (P::ViewUsersOrg, P::ViewUsersAccount),
            (P::AddUsersOrg, P::AddUsersAccount),
            (P::EditUsersOrg, P::EditUsersAccount),
            (P::DeleteUsersOrg, P::DeleteUsersAccount),
            (P::ViewLogsOrg, P::ViewLogsAccount),
        ] {
            let set = Privileges::from_iter([organization]);
            assert!(set.contains(account), "{}", organization.key());
            assert!(!Privileges::from_iter([account]).contains(organization));
            // Also where both are named, in either order.
            let both = Privileges::from_iter([account, organization]);
            assert_eq!(both, set);
            assert_eq!(Privileges::from_iter([organization, account]), set);
        }
    }

    #[test]
    fn two_sets_together_are_everything_in_either() {
        let one = Privileges::from_iter([P::ViewLogsAccount, P::ScheduleJobs]);
        let other = Privileges::from_iter([P::ScheduleJobs, P::ViewUsersOrg]);
        let both = [P::ViewLogsAccount, P::ScheduleJobs, P::ViewUsersOrg];
        assert_eq!(one.and(other), Privileges::from_iter(both));
    }

    #[test]
    fn each_has_a_key_and_words_of_its_own() {
        let words: HashSet<_> = ALL.into_iter().map(P::words).collect();
        assert_eq!(words.len(), ALL.len());
        assert!(words.iter().all(|words| words.len() > 5));
        assert!(ALL.into_iter().all(|it| P::from_key(it.key()) == Some(it)));
    }
}
