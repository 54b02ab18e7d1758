//! The audit trail: what was done, by whom, on what, from where. Written in the transaction of the deed itself.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use super::actor::{Actor, Origin};
use crate::db::schema::{audit_events as events, users};
use crate::db::{Db, Tx};
use crate::error::Error;

/// What was done. The code is stored and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// An organization was made.
    OrganizationCreated,
    /// An account was made.
    AccountCreated,
    /// Name or description of an account changed.
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

const CODES: [(Code, &str, &str); 52] = [
    (
        Code::OrganizationCreated,
        "organization.created",
        "Created the organization",
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

/// Who did it, as they were.
pub struct By<'a> {
    /// The user, when one is known.
    pub id: Option<i64>,
    /// Full name; empty when nobody is known.
    pub name: &'a str,
    /// Email as kept.
    pub email: &'a str,
    /// From where and through what.
    pub origin: &'a Origin,
}

impl<'a> By<'a> {
    /// Nobody who is known: a failed sign-in, or the server's shell.
    #[must_use]
    pub fn nobody(origin: &'a Origin) -> Self {
        Self {
            id: None,
            name: "",
            email: "",
            origin,
        }
    }
}

impl<'a> From<&'a Actor> for By<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self {
            id: Some(actor.id),
            name: &actor.name,
            email: &actor.email,
            origin: &actor.origin,
        }
    }
}

/// What it was done to, as it was.
pub struct Target<'a> {
    /// `organization`, `account`, `user`, `role`, `job`, `element instance` or `formula instance`.
    pub kind: &'static str,
    /// Its id, when it is known.
    pub id: Option<i64>,
    /// Its name.
    pub name: &'a str,
    /// Its organization; none for an address that belongs to nobody.
    pub organization: Option<i64>,
    /// Its account.
    pub account: Option<i64>,
}

/// Before and after of each changed field, and numbers worth keeping. Never a secret, hash or code.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub struct Details(BTreeMap<&'static str, Detail>);

#[derive(Serialize)]
struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    after: String,
}

impl Details {
    /// Notes a field if it changed.
    pub fn changed(
        &mut self,
        field: &'static str,
        before: &(impl ToString + ?Sized),
        after: &(impl ToString + ?Sized),
    ) {
        let (before, after) = (before.to_string(), after.to_string());
        if before != after {
            let before = Some(before);
            self.0.insert(field, Detail { before, after });
        }
    }

    /// Notes a fact that has no before.
    #[must_use]
    pub fn with(mut self, fact: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        let after = value.to_string();
        self.0.insert(
            fact,
            Detail {
                before: None,
                after,
            },
        );
        self
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }
}

/// Writes one event.
///
/// # Errors
/// When the database cannot be written; the deed then does not happen either.
pub fn record(
    tx: &mut Tx<'_>,
    by: &By<'_>,
    code: Code,
    target: &Target<'_>,
    details: &Details,
) -> Result<(), Error> {
    let outcome = match code {
        Code::SignInRefused | Code::PasswordRefused | Code::RecoveryRefused | Code::CodeRefused => {
            "refused"
        }
        _ => "done",
    };
    let at = tx.now();
    diesel::insert_into(events::table)
        .values((
            events::organization_id.eq(target.organization),
            events::account_id.eq(target.account),
            events::at.eq(at),
            events::actor_id.eq(by.id),
            events::actor_name.eq(by.name),
            events::actor_email.eq(by.email),
            events::channel.eq(by.origin.channel.key()),
            events::address.eq(&by.origin.address),
            events::request_id.eq(&by.origin.request_id),
            events::code.eq(code.key()),
            events::target_kind.eq(target.kind),
            events::target_id.eq(target.id),
            events::target_name.eq(target.name),
            events::details.eq(details.text()?),
            events::outcome.eq(outcome),
        ))
        .execute(tx.db())?;
    Ok(())
}

/// Writes one event of `code` for every user of `account`, in one statement.
///
/// # Errors
/// When the database cannot be written.
pub fn record_for_users_of(
    tx: &mut Tx<'_>,
    by: &By<'_>,
    code: Code,
    organization: i64,
    account: i64,
) -> Result<(), Error> {
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
    let at = tx.now();
    let full_name = users::first_name.concat(" ").concat(users::last_name);
    users::table
        .filter(users::account_id.eq(account))
        .select((
            sql::<Nullable<BigInt>>("").bind::<Nullable<BigInt>, _>(Some(organization)),
            sql::<Nullable<BigInt>>("").bind::<Nullable<BigInt>, _>(Some(account)),
            sql::<Timestamp>("").bind::<Timestamp, _>(at),
            sql::<Nullable<BigInt>>("").bind::<Nullable<BigInt>, _>(by.id),
            sql::<Text>("").bind::<Text, _>(by.name),
            sql::<Text>("").bind::<Text, _>(by.email),
            sql::<Text>("").bind::<Text, _>(by.origin.channel.key()),
            sql::<Text>("").bind::<Text, _>(&by.origin.address),
            sql::<Text>("").bind::<Text, _>(&by.origin.request_id),
            sql::<Text>("").bind::<Text, _>(code.key()),
            sql::<Text>("").bind::<Text, _>("user"),
            users::id.nullable(),
            full_name,
            sql::<Text>("").bind::<Text, _>("{}"),
            sql::<Text>("").bind::<Text, _>("done"),
        ))
        .insert_into(events::table)
        .into_columns((
            events::organization_id,
            events::account_id,
            events::at,
            events::actor_id,
            events::actor_name,
            events::actor_email,
            events::channel,
            events::address,
            events::request_id,
            events::code,
            events::target_kind,
            events::target_id,
            events::target_name,
            events::details,
            events::outcome,
        ))
        .execute(tx.db())?;
    Ok(())
}

/// An event in the words of a short list.
#[derive(Debug)]
pub struct Line {
    /// What happened, and by whom if it was somebody else.
    pub text: String,
    /// When, in UTC.
    pub at: NaiveDateTime,
}

/// The last `count` events about a user, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn last_of_user(
    db: &mut Db,
    organization: i64,
    user: i64,
    count: i64,
) -> Result<Vec<Line>, Error> {
    let rows: Vec<(String, Option<i64>, String, NaiveDateTime)> = events::table
        .filter(events::organization_id.eq(organization))
        .filter(events::target_kind.eq("user"))
        .filter(events::target_id.eq(user))
        .order((events::at.desc(), events::id.desc()))
        .limit(count)
        .select((
            events::code,
            events::actor_id,
            events::actor_name,
            events::at,
        ))
        .load(db)?;
    let line = |(code, actor, name, at): (String, Option<i64>, String, NaiveDateTime)| {
        let words = CODES
            .iter()
            .find(|(_, key, _)| *key == code)
            .map_or(code.as_str(), |(_, _, words)| words);
        let text = if actor == Some(user) || name.is_empty() {
            words.to_owned()
        } else {
            format!("{words} by {name}")
        };
        Line { text, at }
    };
    Ok(rows.into_iter().map(line).collect())
}
