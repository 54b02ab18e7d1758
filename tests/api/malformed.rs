//! What no program sends on purpose: a clear 4xx on every route, never a 5xx, and nothing is done.

use serde_json::{Value, json};
use tenantry::api::routes;

use crate::caller::Caller;
use crate::support::TestApp;

/// Values that stand in for a name in braces.
const NAMES: [&str; 16] = [
    "0",
    "-1",
    "x",
    "1.0",
    "%20",
    "%00",
    "%FF",
    "a%00@b.example",
    "%C3%A9@b.example",
    "@",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "%2e%2e%2f",
    "a'b@c.example",
    "admin",
];

/// Values that stand in for the value of every key.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(9_223_372_036_854_775_807_i64),
        json!(1e300),
        json!(""),
        json!("\u{1}"),
        json!("\u{202e}x"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"key": {"key": 1}}),
    ]
}

const KEYS: [&str; 34] = [
    "id",
    "name",
    "description",
    "externalId",
    "active",
    "firstName",
    "lastName",
    "email",
    "password",
    "oldPassword",
    "username",
    "roles",
    "phone",
    "country",
    "privileges",
    "minLength",
    "symbolCharacterSet",
    "expirationDays",
    "element",
    "tags",
    "configuration",
    "formula",
    "trigger",
    "method",
    "uri",
    "headers",
    "query",
    "body",
    "workerId",
    "max",
    "seconds",
    "executionId",
    "outcome",
    "message",
];

async fn walk(caller: &Caller, method: &str, path: &str, body: &Value) {
    let answer = caller.call(method, path, body).await;
    let status = answer.status;
    // 429 after many wrong passwords is an answer too.
    assert!(status < 500, "{method} {path} {body}: {}", answer.text);
    if status >= 400 {
        assert!(
            !answer.message().is_empty(),
            "{method} {path}: {}",
            answer.text
        );
    }
}

#[actix_web::test]
async fn no_path_body_or_query_makes_a_fault() {
    let app = TestApp::start_with(&["--api-rate", "100000", "--api-burst", "100000"]).await;
    let acme = app.organization("Acme").await;
    acme.user_with(
        acme.account,
        "Second Admin",
        "second@acme.example",
        (true, true),
    )
    .await;
    let one = acme.account("One").await.id;
    let user = acme.user(one, "Max Muster", "max@acme.example").await;
    for route in routes() {
        let method = route.method.as_str();
        // Secrets that change would end the walk.
        if route.path.ends_with("/secret") {
            continue;
        }
        let caller = Caller::of(&app, acme.admin).await;
        if route.path.contains('{') {
            for name in NAMES {
                let path = filled(route.path, name);
                walk(&caller, method, &path, &json!({})).await;
            }
        }
        let path = route
            .path
            .replace("{account}", &one.to_string())
            .replace("{user}", &user.to_string())
            .replace("{organization}", &acme.id.to_string())
            .replace("{role}", "default-user")
            .replace("{id}", "1");
        if method == "GET" {
            for query in [
                "pageSize=%00",
                "offset=%FF",
                "nextPage=AAAA",
                "from=x",
                "x",
                "=",
                "&&",
                "%",
                "pageSize",
                "where=%27",
            ] {
                walk(&caller, method, &format!("{path}?{query}"), &json!({})).await;
            }
            continue;
        }
        if method == "DELETE" {
            continue;
        }
        walk(&caller, method, &path, &json!([])).await;
        walk(
            &caller,
            method,
            &path,
            &json!([1, null, {"key": "org", "privileges": null}]),
        )
        .await;
        for key in KEYS {
            for value in values() {
                walk(&caller, method, &path, &json!({ key: value })).await;
            }
        }
    }
}

fn filled(path: &str, name: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { name } else { part });
    parts.collect::<Vec<_>>().join("/")
}
