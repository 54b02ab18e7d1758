//! Jobs of the caller's own: their shapes, what is accepted, and switching, rescheduling and deleting them.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::{Value, json};
use tenantry::db::schema::jobs;

use crate::caller::Caller;
use crate::support::TestApp;

/// A job that fires every fifteen minutes.
pub fn every_quarter() -> Value {
    json!({
        "name": "Exchange rates",
        "description": "Asks the bank",
        "method": "post",
        "uri": "/hubs/finance/rates",
        "headers": {"Authorization": "Bearer hidden-in-the-register", "X-Try": 3},
        "query": {"base": "EUR", "all": true},
        "body": {"pairs": ["USD", "CHF"]},
        "trigger": {"cron": "0 0/15 * 1/1 * ? *"},
    })
}

#[actix_web::test]
async fn a_job_has_the_shapes_of_the_original() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let none = caller.get("/jobs").await;
    assert_eq!((none.status, none.text.as_str()), (200, "[]"));

    let made = caller.post("/jobs", &every_quarter()).await;
    assert_eq!(made.status, 200, "{made:?}");
    let id = made.json["id"].as_str().unwrap().to_owned();
    let expected = json!({"id": id, "name": "Exchange rates", "schedule": "0 0/15 * 1/1 * ? *"});
    assert_eq!(made.json, expected);

    let read = caller.get(&format!("/jobs/{id}")).await;
    let next = read.json["trigger"]["nextFireTime"].as_i64().unwrap();
    let now = app.app.clock.now().and_utc().timestamp_millis();
    assert!(next > now && next <= now + 15 * 60 * 1000 && next % (15 * 60 * 1000) == 0);
    let shape = json!({
        "id": id,
        "name": "Exchange rates",
        "description": "Asks the bank",
        "kind": "api",
        "disallowConcurrent": true,
        "trigger": {"state": "NORMAL", "cron": "0 0/15 * 1/1 * ? *", "nextFireTime": next},
    });
    assert_eq!(read.json, shape);
    let list = caller.get("/jobs").await;
    assert_eq!(list.json, json!([shape]));
    assert_eq!(list.header("elements-total-count"), "1");
    let of_user = caller.get(&format!("/users/{}/jobs", acme.admin)).await;
    assert_eq!(of_user.json, json!([shape]));

    let sealed: Option<String> = app
        .ask(|db| jobs::table.select(jobs::request_sealed).first(db))
        .await;
    assert!(!sealed.unwrap().contains("hidden"), "sealed at rest");
}

#[actix_web::test]
async fn a_list_of_jobs_is_paged() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    app.give(acme.admin, 5, 0).await;
    let caller = Caller::of(&app, acme.admin).await;
    let first = caller.get("/jobs?pageSize=2").await;
    assert_eq!(first.each("name"), ["Job 0", "Job 1"]);
    let token = first.header("elements-next-page-token").to_owned();
    let second = caller
        .get(&format!("/jobs?pageSize=3&nextPage={token}"))
        .await;
    assert_eq!(second.each("name"), ["Job 2", "Job 3", "Job 4"]);
    assert!(!second.headers.contains_key("elements-next-page-token"));
    let foreign = caller
        .get(&format!("/jobs/executions?nextPage={token}"))
        .await;
    assert_eq!(foreign.status, 400, "bound to its list");
}

#[actix_web::test]
async fn a_job_is_switched_rescheduled_and_deleted() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let made = caller.post("/jobs", &every_quarter()).await;
    let job = format!("/jobs/{}", made.json["id"].as_str().unwrap());
    let next = async || caller.get(&job).await.json["trigger"]["nextFireTime"].as_i64();
    let first = next().await;

    let off = caller.put(&format!("{job}/disable"), &json!({})).await;
    assert_eq!(
        (off.status, off.json["trigger"]["state"].as_str()),
        (200, Some("PAUSED"))
    );
    app.advance(TimeDelta::hours(1));
    let on = caller.put(&format!("{job}/enable"), &json!({})).await;
    assert_eq!(on.json["trigger"]["state"], "NORMAL");
    assert_eq!(
        next().await,
        first.map(|first| first + 3_600_000),
        "what it missed is not made up for"
    );
    assert_eq!(
        caller
            .put(&format!("{job}/enable"), &json!({}))
            .await
            .status,
        200
    );

    let cron = json!({"trigger": {"cron": "0 0 5 1 1 ? 2090"}});
    let moved = caller.patch(&format!("{job}/reschedule"), &cron).await;
    assert_eq!(moved.json["trigger"]["cron"], "0 0 5 1 1 ? 2090");
    assert_eq!(next().await, Some(3_786_930_000_000));
    for wrong in ["", "0 0 5 1 1 ? 2020", "* * * * *"] {
        let body = json!({"trigger": {"cron": wrong}});
        let refused = caller.patch(&format!("{job}/reschedule"), &body).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(
            refused.message().starts_with("trigger.cron: "),
            "{refused:?}"
        );
    }

    let gone = caller.delete(&job).await;
    assert_eq!((gone.status, gone.text.as_str()), (200, ""));
    assert_eq!(caller.get(&job).await.status, 404);
    assert_eq!(caller.delete(&job).await.status, 404);
    assert_eq!(
        app.codes().await[1..],
        [
            "job.created",
            "job.disabled",
            "job.enabled",
            "job.rescheduled",
            "job.deleted"
        ]
    );
}

#[actix_web::test]
async fn what_is_wrong_with_a_job_is_named() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let long = "x".repeat(2001);
    for (key, value) in [
        ("name", json!("")),
        ("name", json!(" ")),
        ("name", json!("x".repeat(201))),
        ("name", json!("a\u{7}b")),
        ("name", json!(5)),
        ("description", json!(long)),
        ("method", json!("TRACE")),
        ("method", json!("")),
        ("uri", json!("")),
        ("uri", json!("ftp://files.example")),
        ("uri", json!("javascript:alert(1)")),
        ("uri", json!("/a b")),
        ("uri", json!(format!("/{long}"))),
        ("headers", json!({"X": "a\r\nb"})),
        ("headers", json!({"": "a"})),
        ("headers", json!({"X": ["a"]})),
        ("headers", json!([])),
        ("query", json!({"q": {}})),
        ("trigger.cron", json!(null)),
        ("trigger", json!("0 0/15 * 1/1 * ? *")),
        ("trigger", json!(null)),
    ] {
        let mut body = every_quarter();
        match key.split_once('.') {
            Some((outer, inner)) => body[outer][inner] = value.clone(),
            None => body[key] = value.clone(),
        }
        let refused = caller.post("/jobs", &body).await;
        assert_eq!(refused.status, 400, "{key} {value}: {}", refused.text);
        assert!(
            refused.message().starts_with(key),
            "{key}: {}",
            refused.message()
        );
    }
    let empty = caller.post("/jobs", &json!({})).await;
    for key in ["name:", "uri:", "trigger.cron:"] {
        assert!(empty.message().contains(key), "{}", empty.message());
    }
    let mut large = every_quarter();
    large["body"] = json!("x".repeat(70_000));
    assert_eq!(caller.post("/jobs", &large).await.status, 413);
    let mut whole = every_quarter();
    whole["id"] = json!("77");
    whole["kind"] = json!("bulk");
    whole["headers"] = json!(null);
    let id = caller.post("/jobs", &whole).await.json["id"].clone();
    assert_ne!(id, "77");
    let read = caller.get(&format!("/jobs/{}", id.as_str().unwrap())).await;
    assert_eq!(read.json["kind"], "api", "read-only keys have no effect");
    assert_eq!(app.codes().await.len(), 2, "what was refused left nothing");
}
