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
