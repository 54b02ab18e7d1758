//! Element and formula instances of the caller's own, and the jobs that come and go with them.

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::support::TestApp;

/// An element instance that is asked for news.
pub fn polling() -> Value {
    json!({
        "name": "Contacts",
        "element": {"key": "contacthub"},
        "tags": ["crm", "sales"],
        "configuration": {
            "event.notification.enabled": true,
            "event.vendor.type": "polling",
            "oauth.user.token": "never-kept",
        },
    })
}

/// A formula instance that runs every hour.
pub fn hourly() -> Value {
    json!({"name": "Order to invoice", "formula": {"id": 1204}, "trigger": {"cron": "0 0 * * * ?"}})
}

async fn kinds(caller: &Caller) -> Vec<Value> {
    caller.get("/jobs").await.each("kind")
}

#[actix_web::test]
async fn an_element_instance_and_its_poller() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let none = caller.get("/instances").await;
    assert_eq!((none.status, none.message()), (404, "No instances found"));

    let made = caller.post("/instances", &polling()).await;
    assert_eq!(made.status, 200, "{made:?}");
    let id = made.json["id"].as_i64().unwrap();
    let token = made.json["token"].as_str().unwrap();
    assert_eq!(token.len(), 64);
    let today = app.app.clock.now().date().to_string();
    let shape = json!({
        "id": id,
        "name": "Contacts",
        "token": token,
        "element": {"key": "contacthub"},
        "valid": true,
        "disabled": false,
        "tags": ["crm", "sales"],
        "createdDate": today,
    });
    assert_eq!(made.json, shape);
    let path = format!("/instances/{id}");
    assert_eq!(caller.get(&path).await.json, shape);
    assert_eq!(caller.get("/instances").await.json, json!([shape]));
    assert_eq!(caller.get("/formulas/instances").await.json, json!([]));
    assert_eq!(kinds(&caller).await, ["polling"]);

    let enabled = format!("{path}/enabled");
    assert_eq!(caller.delete(&enabled).await.text, "");
    assert_eq!(caller.get(&path).await.json["disabled"], true);
    assert!(kinds(&caller).await.is_empty(), "no poller while disabled");
    let on = caller.put(&enabled, &json!({})).await;
    assert_eq!(on.json["disabled"], false);
    assert_eq!(kinds(&caller).await, ["polling"]);
    assert_eq!(caller.put(&enabled, &json!({})).await.status, 200);
    assert_eq!(kinds(&caller).await, ["polling"], "one, not two");

    let renamed = json!({"id": 1, "token": "x", "name": "Contacts EU", "tags": []});
    let changed = caller.patch(&path, &renamed).await;
    assert_eq!(changed.json["name"], "Contacts EU");
    assert_eq!(changed.json["tags"], json!([]));
    assert_eq!(changed.json["token"], token, "read-only");
    assert_eq!(caller.get("/jobs").await.each("name"), ["Contacts EU"]);
    let still = json!({"configuration": {"event.notification.enabled": "false"}});
    assert_eq!(caller.patch(&path, &still).await.status, 200);
    assert!(kinds(&caller).await.is_empty());
    let again = json!({"configuration": polling()["configuration"]});
    caller.patch(&path, &again).await;
    assert_eq!(kinds(&caller).await, ["polling"]);

    assert_eq!(caller.delete(&path).await.status, 200);
    assert_eq!(caller.get(&path).await.status, 404);
    assert!(kinds(&caller).await.is_empty());
    let everything = format!("{:?}", app.events().await);
    assert!(!everything.contains("never-kept") && !everything.contains(token));
    assert_eq!(
        app.codes().await[1..],
        [
            "instance.created",
            "instance.disabled",
            "instance.enabled",
            "instance.updated",
            "instance.updated",
            "instance.updated",
            "instance.deleted"
        ]
    );
}

#[actix_web::test]
async fn a_formula_instance_and_its_job() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let none = caller.get("/formulas/instances").await;
    assert_eq!((none.status, none.text.as_str()), (200, "[]"));

    let made = caller.post("/formulas/instances", &hourly()).await;
    let id = made.json["id"].as_i64().unwrap();
    let today = app.app.clock.now().date().to_string();
    let shape = json!({
        "id": id,
        "name": "Order to invoice",
        "formula": {"id": 1204},
        "active": true,
        "trigger": {"cron": "0 0 * * * ?"},
        "createdDate": today,
    });
    assert_eq!(made.json, shape);
    let path = format!("/formulas/instances/{id}");
    assert_eq!(caller.get(&path).await.json, shape);
    assert_eq!(caller.get("/formulas/instances").await.json, json!([shape]));
    assert_eq!(caller.get(&format!("/instances/{id}")).await.status, 404);
    assert_eq!(kinds(&caller).await, ["formula"]);

    let active = format!("{path}/active");
    caller.delete(&active).await;
    assert_eq!(caller.get(&path).await.json["active"], false);
    assert!(kinds(&caller).await.is_empty());
    assert_eq!(caller.put(&active, &json!({})).await.json["active"], true);
    assert_eq!(kinds(&caller).await, ["formula"]);

    let job = caller.get("/jobs").await.json[0]["id"].clone();
    let job = format!("/jobs/{}", job.as_str().unwrap());
    let cron = json!({"trigger": {"cron": "0 30 * * * ?"}});
    caller.patch(&format!("{job}/reschedule"), &cron).await;
    let trigger = &caller.get(&path).await.json["trigger"];
    assert_eq!(*trigger, cron["trigger"], "the instance says it too");
    caller.delete(&job).await;
    assert!(caller.get(&path).await.json.get("trigger").is_none());
    caller.delete(&active).await;
    caller.put(&active, &json!({})).await;
    assert!(kinds(&caller).await.is_empty(), "its schedule was given up");

    let event_driven = json!({"name": "On event", "formula": {"id": 7}});
    assert_eq!(
        caller
            .post("/formulas/instances", &event_driven)
            .await
            .status,
        200
    );
    assert!(kinds(&caller).await.is_empty());
    assert_eq!(caller.delete(&path).await.status, 200);
    assert_eq!(
        caller.get("/formulas/instances").await.each("name"),
        ["On event"]
    );
}

#[actix_web::test]
async fn what_is_wrong_with_an_instance_is_named() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let tags: Vec<_> = (0..21).map(|tag| tag.to_string()).collect();
    for (path, base, key, value) in [
        ("/instances", polling(), "name", json!("")),
        ("/instances", polling(), "name", json!("x".repeat(201))),
        ("/instances", polling(), "element.key", json!("")),
        (
            "/instances",
            polling(),
            "element.key",
            json!("x".repeat(101)),
        ),
        ("/instances", polling(), "element", json!("contacthub")),
        ("/instances", polling(), "tags", json!(tags)),
        ("/instances", polling(), "tags", json!([""])),
        ("/instances", polling(), "tags", json!("crm")),
        ("/instances", polling(), "configuration", json!([1])),
        ("/formulas/instances", hourly(), "name", json!("")),
        ("/formulas/instances", hourly(), "formula.id", json!(0)),
        ("/formulas/instances", hourly(), "formula.id", json!("x")),
        ("/formulas/instances", hourly(), "trigger.cron", json!("")),
        (
            "/formulas/instances",
            hourly(),
            "trigger.cron",
            json!("0 0 0 30 2 ?"),
        ),
    ] {
        let mut body = base;
        match key.split_once('.') {
            Some((outer, inner)) => body[outer][inner] = value.clone(),
            None => body[key] = value.clone(),
        }
        let refused = caller.post(path, &body).await;
        assert_eq!(refused.status, 400, "{key} {value}: {}", refused.text);
        assert!(
            refused.message().starts_with(key),
            "{key}: {}",
            refused.message()
        );
    }
    assert_eq!(app.holdings(acme.admin).await.1, 0);
    assert_eq!(app.codes().await.len(), 1);
}
