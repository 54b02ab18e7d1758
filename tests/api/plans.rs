//! How the databases read the lists of the console and of the API: what is sent for them is heard on its connection and
//! explained there. None of it walks a whole large table.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use diesel::sql_types::Text;
use tenantry::db::Db;

use crate::caller::Caller;
use crate::support::{Page, TestApp};

/// Tables that grow with the installation.
const LARGE: [&str; 3] = ["users", "accounts", "audit_events"];
/// Those of PostgreSQL's search; SQLite's plans say the same of an index that is asked and of one that is walked.
const SEARCHED: [&str; 2] = ["users_search", "accounts_search"];

/// What others have: 1,000 organizations with an account of 20 users and five events each, copies of ours.
fn others(organization: i64, user: i64) -> [String; 4] {
    let numbers = |most| {
        format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {most})"
        )
    };
    [
        format!(
            "{} INSERT INTO organizations (name, created_at, secret_digest, secret_sealed) \
             SELECT 'Other ' || n, created_at, secret_digest || n, secret_sealed \
             FROM organizations, numbers WHERE id = {organization}",
            numbers(1_000)
        ),
        format!(
            "INSERT INTO accounts (organization_id, name, name_key, name_search, description, external_id, is_default, \
             active, version, created_at, updated_at) \
             SELECT organizations.id, organizations.name, name_key, name_search, '', 'other', FALSE, TRUE, 1, \
             accounts.created_at, updated_at FROM organizations, accounts \
             WHERE organizations.name LIKE 'Other %' AND organization_id = {organization}"
        ),
        format!(
            "{} INSERT INTO users (organization_id, account_id, first_name, first_name_key, last_name, last_name_key, email, email_key, \
             search, active, org_admin, account_admin, created_at, updated_at, last_login_at, secret_digest, \
             secret_sealed, password_changed_at) \
             SELECT accounts.organization_id, accounts.id, first_name, first_name_key, last_name, last_name_key, users.email, \
             n || '.' || accounts.id || users.email_key, search, TRUE, FALSE, FALSE, users.created_at, \
             users.updated_at, last_login_at, secret_digest || n || '.' || accounts.id, secret_sealed, \
             password_changed_at \
             FROM users, accounts, numbers WHERE users.id = {user} AND accounts.external_id = 'other'",
            numbers(20)
        ),
        format!(
            "{} INSERT INTO audit_events (organization_id, account_id, at, actor_id, actor_name, actor_email, channel, \
             address, request_id, code, target_kind, target_id, target_name, details, outcome) \
             SELECT 100000 + n / 5, account_id, at, actor_id, actor_name, actor_email, channel, address, request_id, \
             code, target_kind, target_id, target_name, details, outcome \
             FROM audit_events, numbers WHERE audit_events.id = (SELECT MAX(id) FROM audit_events)",
            numbers(5_000)
        ),
    ]
}

/// Every list of the API.
fn calls(account: i64, user: i64) -> Vec<String> {
    [
        "/accounts".to_owned(),
        "/accounts?includeInactive=true".to_owned(),
        "/accounts?where=name='Acme'".to_owned(),
        "/users".to_owned(),
        "/users?where=active=true".to_owned(),
        "/users?where=email='user7@crowd.example'".to_owned(),
        "/users?where=lastName LIKE 'Crowd 17%25'".to_owned(),
        "/users?where=createdDate>'2020-01-01'".to_owned(),
        format!("/accounts/{account}/users"),
        format!("/accounts/{account}/users?where=active=false"),
        "/audit-logs".to_owned(),
        "/audit-logs/authentication".to_owned(),
        "/instances".to_owned(),
        "/formulas/instances".to_owned(),
        "/jobs".to_owned(),
        "/jobs/executions".to_owned(),
        format!("/users/{user}/instances"),
        format!("/users/{user}/jobs"),
        format!("/accounts/{account}/instances"),
    ]
    .into_iter()
    .flat_map(|path| {
        let sign = if path.contains('?') { '&' } else { '?' };
        // Events are only paged by token.
        let offset = (!path.starts_with("/audit-logs")).then_some("pageSize=2&offset=1");
        let pages = std::iter::once("pageSize=2").chain(offset);
        pages
            .map(|page| format!("{path}{sign}{page}"))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Every list of the console, in every order, narrowed in every way.
fn lists(account: i64) -> Vec<String> {
    let home = format!("/security/accounts/{account}");
    let mut lists = vec![
        format!("{home}?accounts=branch"),
        "/activity".to_owned(),
        "/activity?event=user.created".to_owned(),
        "/activity?person=dana&q=crowd".to_owned(),
        format!("/activity?account={account}&from=2020-01-01&to=2099-12-31"),
    ];
    for sort in ["first", "last", "email", "id", "last-login", "created"] {
        for dir in ["asc", "desc"] {
            for filter in [
                "",
                "q=crowd",
                "q=crowd%2017",
                "q=zzz",
                "q=c",
                "q=cr",
                "q=17",
                "status=active",
                "status=inactive",
                "status=locked",
                "role=org-admin",
                "role=admin",
                "role=none",
                "idle=30",
            ] {
                lists.push(format!("{home}?sort={sort}&dir={dir}&{filter}"));
            }
        }
    }
    lists
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps of the plan of a query, for any values.
fn plan(db: &mut Db, query: &str) -> Vec<String> {
    match db {
        Db::Sqlite(connection) => diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}"))
            .load::<Step>(connection)
            .unwrap()
            .into_iter()
            .map(|step| step.detail)
            .collect(),
        Db::Postgres(connection) => {
            use diesel::connection::SimpleConnection as _;
            let values = (1..)
                .take_while(|number| query.contains(&format!("${number}")))
                .count();
            let nulls = vec!["NULL"; values].join(", ");
            let values = if nulls.is_empty() {
                nulls
            } else {
                format!("({nulls})")
            };
            connection
                .batch_execute(&format!(
                    "SET plan_cache_mode = force_generic_plan; PREPARE explained AS {query}; \
                     CREATE TEMPORARY TABLE IF NOT EXISTS plans (detail TEXT); TRUNCATE plans; \
                     DO $$ DECLARE step TEXT; BEGIN \
                     FOR step IN EXECUTE 'EXPLAIN EXECUTE explained{values}' LOOP \
                     INSERT INTO plans VALUES (step); END LOOP; END $$; DEALLOCATE explained"
                ))
                .unwrap();
            diesel::sql_query("SELECT detail FROM plans")
                .load::<Step>(connection)
                .unwrap()
                .into_iter()
                .map(|step| step.detail)
                .collect()
        }
    }
}

/// Whether a step reads a large table from end to end.
fn is_walk(step: &str) -> bool {
    let step = step.trim_start_matches([' ', '-', '>']);
    let sqlite = LARGE.iter().any(|table| {
        step.strip_prefix(&format!("SCAN {table}"))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    let postgres = LARGE
        .iter()
        .chain(&SEARCHED)
        .any(|table| step.starts_with(&format!("Seq Scan on {table} ")));
    sqlite || postgres
}

#[actix_web::test]
async fn no_list_walks_a_whole_large_table() {
    // One connection for reading, on which everything can be heard.
    let app = TestApp::start_with(&["--database-pool", "1"]).await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 2_000).await;
    let statements = others(acme.id, crowd[0]);
    app.change(move |tx| {
        for statement in statements {
            diesel::sql_query(statement).execute(tx.db())?;
        }
        if matches!(tx.db(), Db::Postgres(_)) {
            diesel::sql_query("ANALYZE").execute(tx.db())?;
        }
        Ok(())
    })
    .await;
    let admin = acme.org_admin().await;
    let caller = Caller::of(&app, acme.admin).await;
    app.give(acme.admin, 5, 5).await;

    let heard = Arc::new(Mutex::new(BTreeSet::new()));
    let ear = Arc::clone(&heard);
    app.ask(move |db| {
        db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let (query, _) = text.split_once(" -- binds").unwrap_or((&text, ""));
                if query.starts_with("SELECT") && query != "SELECT 1" {
                    ear.lock().unwrap().insert(query.to_owned());
                }
            }
        });
        Ok(())
    })
    .await;
    for path in lists(acme.account) {
        let page: Page = admin.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        // A page of the middle is read by position, from either side.
        for label in ["Next", "Previous"] {
            if let Some(link) = page.link(label) {
                let page = admin.get(&link).await;
                assert_eq!(page.status, 200, "{link}");
                if let Some(link) = page.link("Previous") {
                    admin.get(&link).await;
                }
            }
        }
    }
    for path in calls(acme.account, acme.admin) {
        let answer = caller.get(&path).await;
        assert!([200, 404].contains(&answer.status), "{path}: {answer:?}");
        if let Some(token) = answer.headers.get("elements-next-page-token") {
            let token = token.to_str().unwrap();
            let (path, _) = path.split_once("&offset").unwrap_or((&path, ""));
            let next = caller.get(&format!("{path}&nextPage={token}")).await;
            assert!([200, 404].contains(&next.status), "{path}: {next:?}");
        }
    }
    let queries = std::mem::take(&mut *heard.lock().unwrap());
    assert!(queries.len() > 100, "lists are heard: {}", queries.len());
    let walks = app
        .ask(move |db| {
            db.set_instrumentation(|_: InstrumentationEvent<'_>| {});
            let mut walks = Vec::new();
            for query in queries {
                let steps = plan(db, &query);
                assert!(!steps.is_empty(), "{query}");
                if steps.iter().any(|step| is_walk(step)) {
                    walks.push(format!("{query}\n{}", steps.join("\n")));
                }
            }
            Ok(walks)
        })
        .await;
    assert!(
        walks.is_empty(),
        "{} walks: {}",
        walks.len(),
        walks.join("\n\n")
    );
}
