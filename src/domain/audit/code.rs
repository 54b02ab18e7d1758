//! What audit events tell of: their codes, as they are stored, and in words.

/// What was done. The code is stored and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// An organization was made.
    OrganizationCreated,
    /// An organization was deactivated, from the server's shell.
    OrganizationDeactivated,
    /// An organization was activated again.
    OrganizationActivated,
    /// An account was made.
    AccountCreated,
    /// Name, description, external id or roles of an account changed.
    AccountUpdated,
    /// An account was deactivated.
    AccountDeactivated,
    /// An account was activated again.
    AccountActivated,
    /// An account was deleted with its users.
    AccountDeleted,
    /// A user was added.
    UserCreated,
    /// Details or roles of a user changed.
    UserUpdated,
    /// A user was deactivated.
    UserDeactivated,
    /// A user was activated again.
    UserActivated,
    /// A user was deleted.
    UserDeleted,
    /// A user's password changed.
    PasswordChanged,
    /// Somebody else set a user's password.
    PasswordSet,
    /// A user's present password was asked for again and was wrong.
    PasswordRefused,
    /// A user's password was set from the server's shell.
    AdminRecovered,
    /// A link for a new password was mailed to a user.
    RecoveryAsked,
    /// A link was asked for, and the user is not to have one now.
    RecoveryRefused,
    /// A user's password was set by such a link.
    PasswordRecovered,
    /// Somebody signed in.
    SignedIn,
    /// Somebody could not sign in.
    SignInRefused,
    /// The password was right; a code is asked for.
    PasswordAccepted,
    /// A code of the second factor was wrong.
    CodeRefused,
    /// A user set up a second factor.
    TwoFactorEnrolled,
    /// A user removed its own second factor.
    TwoFactorRemoved,
    /// An administrator took a user's second factor away.
    TwoFactorReset,
    /// A user got new recovery codes.
    RecoveryCodesRenewed,
    /// Somebody signed out.
    SignedOut,
    /// A session was ended from a page.
    SessionsEnded,
    /// Wrong passwords or codes locked a user.
    UserLocked,
    /// An administrator unlocked a user.
    UserUnlocked,
    /// What a role allows changed.
    RoleUpdated,
    /// The organization's name changed.
    OrganizationUpdated,
    /// The organization's secret was replaced.
    SecretReset,
    /// A user's secret was replaced.
    UserSecretReset,
    /// Somebody read a secret, its own or the organization's.
    SecretRevealed,
    /// The installation's key was replaced, and with it what the organization's secrets are sealed with.
    KeyReplaced,
    /// The password policy changed.
    PolicyUpdated,
    /// How long sessions hold changed.
    SessionLimitsUpdated,
    /// What the organization demands besides the password changed.
    TwoFactorDemanded,
    /// Somebody took events away as a file.
    ActivityExported,
    /// Somebody took an account's users away as a file.
    UsersExported,
    /// An element or formula instance was made.
    InstanceCreated,
    /// Name, tags or schedule of an instance changed.
    InstanceUpdated,
    /// An instance was switched on.
    InstanceEnabled,
    /// An instance was switched off.
    InstanceDisabled,
    /// An instance was deleted.
    InstanceDeleted,
    /// A job was scheduled.
    JobCreated,
    /// A job was switched on.
    JobEnabled,
    /// A job was switched off.
    JobDisabled,
    /// A job was given another schedule.
    JobRescheduled,
    /// A job was deleted.
    JobDeleted,
    /// Events older than the retention setting were removed.
    AuditTrimmed,
}

/// Each with its key and its short words.
const CODES: [(Code, &str, &str); 54] = [
    (
        Code::OrganizationCreated,
        "organization.created",
        "Created the organization",
    ),
    (
        Code::OrganizationDeactivated,
        "organization.deactivated",
        "Deactivated the organization",
    ),
    (
        Code::OrganizationActivated,
        "organization.activated",
        "Activated the organization",
    ),
    (Code::AccountCreated, "account.created", "Created"),
    (Code::AccountUpdated, "account.updated", "Edited"),
    (
        Code::AccountDeactivated,
        "account.deactivated",
        "Deactivated",
    ),
    (Code::AccountActivated, "account.activated", "Activated"),
    (Code::AccountDeleted, "account.deleted", "Deleted"),
    (Code::UserCreated, "user.created", "Added"),
    (Code::UserUpdated, "user.updated", "Edited"),
    (Code::UserDeactivated, "user.deactivated", "Deactivated"),
    (Code::UserActivated, "user.activated", "Activated"),
    (Code::UserDeleted, "user.deleted", "Deleted"),
    (
        Code::PasswordChanged,
        "user.password-changed",
        "Changed own password",
    ),
    (Code::PasswordSet, "user.password-set", "Password set"),
    (
        Code::PasswordRefused,
        "user.password-refused",
        "Wrong present password",
    ),
    (
        Code::AdminRecovered,
        "user.admin-recovered",
        "Password set from the command line",
    ),
    (
        Code::RecoveryAsked,
        "user.recovery-asked",
        "Forgot Password",
    ),
    (
        Code::RecoveryRefused,
        "user.recovery-refused",
        "Forgot Password refused",
    ),
    (
        Code::PasswordRecovered,
        "user.password-recovered",
        "Password set by a link",
    ),
    (Code::SignedIn, "user.signed-in", "Signed in"),
    (
        Code::SignInRefused,
        "user.sign-in-refused",
        "Sign-in refused",
    ),
    (
        Code::PasswordAccepted,
        "user.password-accepted",
        "Password accepted, code asked for",
    ),
    (Code::CodeRefused, "user.code-refused", "Wrong code"),
    (
        Code::TwoFactorEnrolled,
        "user.two-factor-enrolled",
        "Set up an authenticator app",
    ),
    (
        Code::TwoFactorRemoved,
        "user.two-factor-removed",
        "Removed own second factor",
    ),
    (Code::TwoFactorReset, "user.two-factor-reset", "2FA reset"),
    (
        Code::RecoveryCodesRenewed,
        "user.recovery-codes-renewed",
        "Made new recovery codes",
    ),
    (Code::SignedOut, "user.signed-out", "Signed out"),
    (Code::SessionsEnded, "user.sessions-ended", "Sessions ended"),
    (Code::UserLocked, "user.locked", "Locked"),
    (Code::UserUnlocked, "user.unlocked", "Unlocked"),
    (Code::RoleUpdated, "role.updated", "Changed privileges"),
    (
        Code::OrganizationUpdated,
        "organization.updated",
        "Edited the organization",
    ),
    (
        Code::SecretReset,
        "organization.secret-reset",
        "Reset the organization token",
    ),
    (
        Code::UserSecretReset,
        "user.secret-reset",
        "Reset the user secret",
    ),
    (
        Code::SecretRevealed,
        "secret.revealed",
        "Revealed the secret",
    ),
    (
        Code::KeyReplaced,
        "organization.key-replaced",
        "Replaced the installation’s key",
    ),
    (
        Code::PolicyUpdated,
        "organization.policy-updated",
        "Changed the password policy",
    ),
    (
        Code::SessionLimitsUpdated,
        "organization.sessions-updated",
        "Changed the session limits",
    ),
    (
        Code::TwoFactorDemanded,
        "organization.two-factor-updated",
        "Changed two-factor authentication",
    ),
    (
        Code::ActivityExported,
        "activity.exported",
        "Exported activity",
    ),
    (Code::UsersExported, "users.exported", "Exported users"),
    (
        Code::InstanceCreated,
        "instance.created",
        "Created an instance",
    ),
    (
        Code::InstanceUpdated,
        "instance.updated",
        "Edited an instance",
    ),
    (
        Code::InstanceEnabled,
        "instance.enabled",
        "Enabled an instance",
    ),
    (
        Code::InstanceDisabled,
        "instance.disabled",
        "Disabled an instance",
    ),
    (
        Code::InstanceDeleted,
        "instance.deleted",
        "Deleted an instance",
    ),
    (Code::JobCreated, "job.created", "Scheduled a job"),
    (Code::JobEnabled, "job.enabled", "Enabled a job"),
    (Code::JobDisabled, "job.disabled", "Disabled a job"),
    (Code::JobRescheduled, "job.rescheduled", "Rescheduled a job"),
    (Code::JobDeleted, "job.deleted", "Deleted a job"),
    (Code::AuditTrimmed, "audit.trimmed", "Removed old events"),
];

/// Every code as stored, with its short words.
pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    CODES.iter().map(|(_, key, words)| (*key, *words))
}

/// The short words of a stored code; one that is not known is its own word.
#[must_use]
pub fn short(code: &str) -> &str {
    let known = CODES.iter().find(|(_, key, _)| *key == code);
    known.map_or(code, |(_, _, words)| words)
}

impl Code {
    /// The code as stored.
    #[must_use]
    pub fn key(self) -> &'static str {
        CODES
            .iter()
            .find(|(code, _, _)| *code == self)
            .map_or("", |(_, key, _)| key)
    }
}
