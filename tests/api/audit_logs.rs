//! The audit trail through the API.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::support::TestApp;

#[actix_web::test]
async fn an_event_as_it_is_shown() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let path = format!("/accounts/{}", acme.account);
    admin.patch(&path, &json!({"description": "New"})).await;
    let shown = admin.get("/audit-logs?pageSize=1").await;
    let event = &shown.json[0];
    assert_eq!(event["action"], "account.updated");
    assert_eq!(event["user_id"], acme.admin);
    assert_eq!(event["user_email"], acme.admin_email);
    assert_eq!(event["account_id"], acme.account);
    assert_eq!(event["org_id"], acme.id);
    assert_eq!(event["entity_type"], "account");
    assert_eq!(event["entity_id"], acme.account);
    assert_eq!(event["ip_address"], "127.0.0.1");
    assert_eq!(event["channel"], "API");
    assert_eq!(event["outcome"], "done");
    assert_eq!(event["details"]["description"]["after"], "New");
    let time = event["timestamp"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
    assert_eq!(shown.header("elements-total-count"), "2");
    assert_eq!(event.as_object().unwrap().len(), 14);
}

#[actix_web::test]
async fn the_trail_is_narrowed_and_paged() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let own = acme
        .user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    let admin = Caller::of(&app, acme.admin).await;
    let inner = Caller::of(&app, own).await;
    for number in 0..5 {
        admin
            .patch(
                &format!("/accounts/{}", acme.account),
                &json!({"description": format!("{number}")}),
            )
            .await;
    }
    app.signed_in("own@acme.example").await;
    app.advance(TimeDelta::days(3));
    admin
        .patch(&format!("/accounts/{one}"), &json!({"description": "late"}))
        .await;
    let actions = async |caller: &Caller, query: &str| {
        let list = caller.get(&format!("/audit-logs{query}")).await;
        assert_eq!(list.status, 200, "{}", list.text);
        list.each("action")
    };
    assert_eq!(actions(&admin, "").await.len(), 8);
    for bound in ["from=-9999-1-01", "to=9999-12-31T23:59:59-01:00"] {
        let list = admin.get(&format!("/audit-logs?{bound}")).await;
        assert_eq!(list.status, 400, "{bound}: {}", list.text);
    }
    assert_eq!(
        actions(&admin, &format!("?accountId={one}")).await,
        ["account.updated", "user.signed-in"]
    );
    assert_eq!(
        actions(&inner, "").await,
        ["account.updated", "user.signed-in"],
        "its own account"
    );
    assert_eq!(
        actions(&admin, &format!("?userId={own}")).await,
        ["user.signed-in"]
    );
    assert_eq!(actions(&admin, "/authentication").await, ["user.signed-in"]);
    let today = app.app.clock.now().date();
    assert_eq!(
        actions(&admin, &format!("?from={today}")).await,
        ["account.updated"]
    );
    assert_eq!(
        actions(&admin, &format!("?from={today}T00:00:00Z&to={today}"))
            .await
            .len(),
        1
    );
    assert_eq!(
        actions(&admin, &format!("?to={}", today - TimeDelta::days(9))).await,
        Vec::<Value>::new()
    );

    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/audit-logs?pageSize=3{token}")).await;
        seen.extend(page.each("id"));
        match page.header("elements-next-page-token") {
            "" => break,
            next => token = format!("&nextPage={next}"),
        }
    }
    let all = admin.get("/audit-logs").await;
    assert_eq!(seen, all.each("id"));
    assert_eq!(
        inner
            .get(&format!("/audit-logs?pageSize=3{token}"))
            .await
            .status,
        400,
        "not its token"
    );
    assert_eq!(
        inner
            .get(&format!("/audit-logs?accountId={}", acme.account))
            .await
            .status,
        404
    );
    for query in [
        "from=yesterday",
        "to=2026-13-01",
        "pageSize=0",
        "userId=x",
        "nextPage=x",
        "offset=1",
        "where=x",
    ] {
        let answer = admin.get(&format!("/audit-logs?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(
            answer.message().contains(query.split('=').next().unwrap()),
            "{}",
            answer.message()
        );
    }
}
