//! The audit trail: what was done, by whom, on what, from where. Written in the transaction of the deed itself.

mod code;

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use super::actor::{Actor, Origin};
use crate::db::Tx;
use crate::db::schema::{audit_events as events, users};
use crate::error::Error;

pub use self::code::{Code, codes, short};

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
