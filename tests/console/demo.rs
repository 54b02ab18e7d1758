//! The demo: as many as asked for, believable in what they are, and found like everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use tenantry::db::schema::{accounts, audit_events, organizations, users};

use crate::search::index_holds;
use crate::support::{Database, TestApp};

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Indexes and triggers, which a demo takes away and brings back.
async fn helpers(app: &TestApp) -> Vec<String> {
    app.ask(|db| {
        let query = if db.is_sqlite() {
            "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"
        } else {
            "SELECT indexname::TEXT AS name FROM pg_indexes WHERE schemaname = current_schema() UNION \
             SELECT tgname || ' ' || tgenabled::TEXT FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid \
             WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal ORDER BY 1"
        };
        let named: Vec<Named> = diesel::sql_query(query).load(db)?;
        Ok(named.into_iter().map(|named| named.name).collect())
    })
    .await
}

#[actix_web::test]
async fn it_has_as_many_as_asked_for_and_they_are_of_every_kind() {
    let database = Database::empty("demo");
    let output = Command::new(env!("CARGO_BIN_EXE_tenantry"))
        .args(["demo", "--no-serve", "--users", "700", "--accounts", "30"])
        .args(["--events", "900"])
        .env("DATABASE_URL", &database.url)
        .env("TENANTRY_SECRET_KEY", "07".repeat(32))
        .env("TENANTRY_ARGON2_MEMORY", "64")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("700 users in 30 accounts"), "{said}");

    let app = TestApp::start_on(database, &[]).await;
    let plain = TestApp::start().await;
    assert_eq!(helpers(&app).await, helpers(&plain).await);
    let (people, inactive, locked, never, of_default) = app
        .ask(|db| {
            let people: Vec<(String, String)> = users::table
                .select((users::last_name, users::email))
                .load(db)?;
            let count = |db: &mut _, which: &str| {
                users::table
                    .filter(sql::<Bool>(which))
                    .select(count_star())
                    .get_result::<i64>(db)
            };
            Ok((
                people,
                count(db, "NOT active")?,
                count(db, "locked_until > '2100-01-01'")?,
                count(db, "last_login_at < '1971-01-01'")?,
                count(
                    db,
                    "account_id = (SELECT id FROM accounts WHERE is_default)",
                )?,
            ))
        })
        .await;
    assert_eq!(people.len(), 700);
    let emails: BTreeSet<_> = people.iter().map(|(_, email)| email).collect();
    assert_eq!(emails.len(), 700);
    for script in ['а'..='я', 'α'..='ω', 'ا'..='ي', 'א'..='ת', '一'..='龥'] {
        let one = people
            .iter()
            .any(|(name, _)| name.contains(|c| script.contains(&c)));
        assert!(one, "nobody of {script:?}");
    }
    assert_eq!(of_default, 70, "a tenth");
    for (what, few) in [(inactive, 20..150), (locked, 2..20), (never, 30..150)] {
        assert!(few.contains(&what), "{what} of {few:?}");
    }

    let (events, early, counts) = app
        .ask(|db| {
            let events: i64 = audit_events::table.count().get_result(db)?;
            // Nobody signs in before joining.
            let early: i64 = audit_events::table
                .inner_join(users::table.on(users::id.nullable().eq(audit_events::actor_id)))
                .filter(audit_events::at.lt(users::created_at))
                .count()
                .get_result(db)?;
            let of_accounts: Vec<i64> = accounts::table.select(accounts::user_count).load(db)?;
            let of_all: i64 = organizations::table
                .select(organizations::user_count)
                .first(db)?;
            Ok((events, early, (of_accounts, of_all)))
        })
        .await;
    assert!((900..1200).contains(&events), "{events}");
    let details: BTreeSet<String> = app
        .ask(|db| {
            let all: Vec<String> = audit_events::table.select(audit_events::details).load(db)?;
            Ok(all.into_iter().collect())
        })
        .await;
    for text in details {
        let fields: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        let told = |field: &serde_json::Value| field["after"].is_string();
        assert!(fields.values().all(told), "{text}");
    }
    assert_eq!(early, 0);
    assert_eq!(counts.0.iter().sum::<i64>(), 700);
    assert_eq!(counts.1, 700);
    let largest = counts.0.iter().max().unwrap();
    assert!(*largest >= 70 && counts.0.contains(&0), "{:?}", counts.0);

    // What the maker wrote past the rules of the product is found by them.
    let password = said.trim().rsplit(' ').next().unwrap();
    let client = app.anonymous();
    client.sign_in("dana@alder.example", password).await;
    let home = client.get("/security/accounts/1?q=theodora").await;
    assert!(home.text().contains("Παπαδοπούλου"), "{}", home.text());
    let theodora: i64 = app
        .ask(|db| {
            users::table
                .filter(users::email.eq("theodora@alder.example"))
                .select(users::id)
                .first(db)
        })
        .await;
    let account: i64 = app
        .ask(|db| {
            users::table
                .filter(users::locked_until.is_not_null())
                .select(users::account_id)
                .first(db)
        })
        .await;
    let locked = client
        .get(&format!("/security/accounts/{account}?status=locked"))
        .await;
    assert!(!locked.table().is_empty());
    let activity = client.get("/activity").await;
    assert_eq!(activity.status, 200);

    // The index of the search was made elsewhere: it has everybody, and follows what comes after.
    index_holds(&app).await;
    app.remove(theodora).await;
    index_holds(&app).await;
    let found = client.get("/security/accounts/1?q=theodora").await;
    assert!(found.table().is_empty(), "{}", found.text());
}
