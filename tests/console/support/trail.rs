//! Audit events that are written behind the product's back, and what Activity shows of them.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use tenantry::db::schema::audit_events as events;

use super::{Page, TestApp};

/// An event to be written; what is not said is like any other.
#[derive(Clone)]
pub struct Event {
    pub organization: Option<i64>,
    pub account: Option<i64>,
    pub at: NaiveDateTime,
    pub actor: (Option<i64>, String, String),
    pub code: &'static str,
    pub target: (&'static str, Option<i64>, String),
    pub details: String,
}

impl Event {
    /// Dana signed in.
    pub fn of(organization: i64, account: i64, at: NaiveDateTime) -> Self {
        let name = "Dana Whitfield".to_owned();
        Self {
            organization: Some(organization),
            account: Some(account),
            at,
            actor: (None, name.clone(), "dana@acme.example".to_owned()),
            code: "user.signed-in",
            target: ("user", None, name),
            details: "{}".to_owned(),
        }
    }

    /// The same on something of another name.
    pub fn on(mut self, name: &str) -> Self {
        self.target.2 = name.to_owned();
        self
    }
}

/// A time like `2026-03-01 12:00:00`.
pub fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

/// So many seconds after it.
pub fn after(at: NaiveDateTime, seconds: usize) -> NaiveDateTime {
    at + TimeDelta::seconds(i64::try_from(seconds).unwrap())
}

/// Writes the events, in their order.
pub async fn write(app: &TestApp, written: Vec<Event>) {
    app.change(move |tx| {
        for event in &written {
            diesel::insert_into(events::table)
                .values((
                    events::organization_id.eq(event.organization),
                    events::account_id.eq(event.account),
                    events::at.eq(event.at),
                    events::actor_id.eq(event.actor.0),
                    events::actor_name.eq(&event.actor.1),
                    events::actor_email.eq(&event.actor.2),
                    events::channel.eq("console"),
                    events::address.eq("203.0.113.24"),
                    events::request_id.eq("6744a1c9be02f7d1503c9e4b"),
                    events::code.eq(event.code),
                    events::target_kind.eq(event.target.0),
                    events::target_id.eq(event.target.1),
                    events::target_name.eq(&event.target.2),
                    events::details.eq(&event.details),
                    events::outcome.eq("done"),
                ))
                .execute(tx.db())?;
        }
        Ok(())
    })
    .await;
}

/// What a page of Activity shows, row by row: time, who, what, on what, from where.
pub fn shown(page: &Page) -> Vec<Vec<String>> {
    let cells = page.find(".log > tbody > tr:nth-child(odd) > td");
    cells.chunks(6).map(|row| row[1..].to_vec()).collect()
}

/// The names of what the events of a page were done to.
pub fn targets(page: &Page) -> Vec<String> {
    let names = shown(page).into_iter().map(|row| row[3].clone());
    names
        .map(|name| match name.rsplit_once("User") {
            Some((name, _)) => name.trim().to_owned(),
            None => name,
        })
        .collect()
}
