//! A POST with an idempotency key is done once, however often it is sent.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::caller::{Answer, Caller};
use crate::support::TestApp;

async fn post(caller: &Caller, key: &str, path: &str, body: &Value) -> Answer {
    let request = caller
        .request("POST", path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(body.to_string());
    caller.send(request).await
}

#[actix_web::test]
async fn a_repetition_gets_the_first_answer() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let (admin, other) = (
        Caller::of(&app, acme.admin).await,
        Caller::of(&app, birch.admin).await,
    );
    let max = json!({"firstName": "Max", "lastName": "Muster", "email": "max@acme.example"});
    let path = "/organizations/users";
    let first = post(&admin, "k1", path, &max).await;
    let again = post(&admin, "k1", path, &max).await;
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.text, again.text, "with the secret that is told once");
    assert!(!first.headers.contains_key("idempotency-replayed"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert_ne!(
        again.header("elements-request-id"),
        first.header("elements-request-id")
    );
    assert_eq!(
        post(&admin, "k2", path, &max).await.status,
        409,
        "another key is another call"
    );

    let eva = json!({"firstName": "Eva", "lastName": "Muster", "email": "eva@acme.example"});
    for (path, body) in [(path, &eva), ("/accounts", &max)] {
        let misused = post(&admin, "k1", path, body).await;
        assert_eq!(misused.status, 409, "{}", misused.text);
        assert!(misused.message().contains("Idempotency-Key"));
    }
    let theirs = post(&other, "k1", path, &eva).await;
    assert_eq!(theirs.status, 200, "keys are each caller's own");
    app.advance(TimeDelta::hours(24));
    assert_eq!(
        post(&admin, "k1", path, &max).await.status,
        409,
        "forgotten after a day: the email is taken"
    );
    for key in ["", "a b", "\u{e9}", &"x".repeat(256)] {
        assert_eq!(post(&admin, key, path, &max).await.status, 400, "{key}");
    }
}

#[actix_web::test]
async fn what_was_refused_may_be_tried_again() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let body = json!({"externalId": "one", "name": ""});
    assert_eq!(post(&admin, "k", "/accounts", &body).await.status, 400);
    assert_eq!(post(&admin, "k", "/accounts", &body).await.status, 400);
    let right = json!({"externalId": "one"});
    assert_eq!(post(&admin, "k", "/accounts", &right).await.status, 200);
    let nobody = Caller::with(&app, "");
    assert_eq!(post(&nobody, "k", "/accounts", &right).await.status, 401);
}

#[actix_web::test]
async fn many_at_once_are_done_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let body = json!({"externalId": "one"});
    let all = join_all((0..8).map(|_| post(&admin, "k", "/accounts", &body))).await;
    let done: Vec<_> = all.iter().filter(|answer| answer.status == 200).collect();
    assert!(!done.is_empty());
    assert!(done.iter().all(|answer| answer.json == done[0].json));
    assert!(all.iter().all(|answer| [200, 409].contains(&answer.status)));
    assert_eq!(
        admin.get("/accounts").await.json.as_array().unwrap().len(),
        2
    );
}

/// Lets the database refuse to note how a call ended, or allows it again.
async fn set_refusing(app: &TestApp, refusing: bool) {
    let on_postgres = app.database_url().starts_with("postgres");
    let statements: &[&str] = match (on_postgres, refusing) {
        (true, true) => &[
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
            "CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON idempotent_calls FOR EACH ROW EXECUTE FUNCTION refuse()",
        ],
        (true, false) => &["DROP TRIGGER refuse ON idempotent_calls"],
        (false, true) => &[
            "CREATE TRIGGER refuse_update BEFORE UPDATE ON idempotent_calls BEGIN SELECT RAISE(ABORT, 'no'); END",
            "CREATE TRIGGER refuse_delete BEFORE DELETE ON idempotent_calls BEGIN SELECT RAISE(ABORT, 'no'); END",
        ],
        (false, false) => &["DROP TRIGGER refuse_update", "DROP TRIGGER refuse_delete"],
    };
    app.change(move |tx| {
        for statement in statements {
            diesel::RunQueryDsl::execute(diesel::sql_query(*statement), tx.db())?;
        }
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn an_answer_stands_though_it_cannot_be_kept_at_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let (good, bad) = (
        json!({"externalId": "one"}),
        json!({"externalId": "one", "name": ""}),
    );
    set_refusing(&app, true).await;
    let done = post(&admin, "done", "/accounts", &good).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let refused = post(&admin, "refused", "/accounts", &bad).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    for (key, body) in [("done", &good), ("refused", &bad)] {
        let again = post(&admin, key, "/accounts", body).await;
        assert_eq!(again.status, 409, "not known yet: {}", again.text);
    }
    set_refusing(&app, false).await;
    for (key, body, first) in [("done", &good, &done), ("refused", &bad, &refused)] {
        let mut again = post(&admin, key, "/accounts", body).await;
        while again.message().contains("under way") {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            again = post(&admin, key, "/accounts", body).await;
        }
        assert_eq!(again.status, first.status, "{}", again.text);
        if key == "done" {
            assert_eq!(again.text, first.text);
        }
    }
}
