//! Old audit events are removed when the setting says so, in small steps, and that is told in an event.

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::audit_events as events;
use tenantry::upkeep::trim;

use crate::support::TestApp;
use crate::support::trail::{Event, shown, write};

/// What is left of events on this name.
async fn left(app: &TestApp, name: &'static str) -> i64 {
    app.ask(move |db| {
        events::table
            .filter(events::target_name.eq(name))
            .count()
            .get_result(db)
    })
    .await
}

#[actix_web::test]
async fn events_are_kept_for_ever_without_the_setting() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let long_ago = app.app.clock.now() - TimeDelta::days(20_000);
    write(
        &app,
        vec![Event::of(acme.id, acme.account, long_ago).on("Old")],
    )
    .await;
    assert_eq!(trim(&app.app).await.unwrap(), 0);
    assert_eq!(left(&app, "Old").await, 1);
}

#[actix_web::test]
async fn older_events_are_removed_and_told_of_once_for_each_organization() {
    let app = TestApp::start_with(&["--audit-retention-days", "30"]).await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let now = app.app.clock.now();
    let old = now - TimeDelta::days(31);
    let young = now - TimeDelta::days(30) + TimeDelta::minutes(1);
    let mut events: Vec<_> = (0..2500)
        .map(|_| Event::of(acme.id, acme.account, old).on("Old"))
        .collect();
    events.push(Event::of(acme.id, acme.account, young).on("Young"));
    events.push(Event::of(birch.id, birch.account, young).on("Young"));
    let mut nobodys = Event::of(acme.id, acme.account, old).on("Nobody");
    (nobodys.organization, nobodys.account) = (None, None);
    events.push(nobodys);
    write(&app, events).await;

    assert_eq!(trim(&app.app).await.unwrap(), 2501);
    assert_eq!(left(&app, "Old").await, 0);
    assert_eq!(left(&app, "Nobody").await, 0);
    assert_eq!(left(&app, "Young").await, 2);
    let trimmed: Vec<_> = app
        .events()
        .await
        .into_iter()
        .filter(|event| event.0 == "audit.trimmed")
        .collect();
    let names: Vec<_> = trimmed.iter().map(|event| event.1.as_str()).collect();
    assert_eq!(names, ["Acme", ""], "none where nothing was removed");
    let before = (now - TimeDelta::days(30))
        .format("%Y-%m-%d %H:%M")
        .to_string();
    assert!(
        trimmed[0].3.contains(r#""removed":{"after":"2500"}"#),
        "{}",
        trimmed[0].3
    );
    assert!(
        trimmed[0]
            .3
            .contains(&format!(r#""before":{{"after":"{before}"#))
    );

    let page = acme
        .org_admin()
        .await
        .get("/activity?event=audit.trimmed")
        .await;
    let row = &shown(&page)[0];
    assert_eq!(row[1], "Tenantryno user");
    assert_eq!(row[2], "Removed old eventsaudit.trimmed");
    assert_eq!(row[4], "localServer");
    let page = birch
        .org_admin()
        .await
        .get("/activity?event=audit.trimmed")
        .await;
    assert_eq!(shown(&page).len(), 0);

    assert_eq!(
        trim(&app.app).await.unwrap(),
        0,
        "a second time there is nothing"
    );
    app.advance(TimeDelta::minutes(2));
    assert_eq!(trim(&app.app).await.unwrap(), 2, "time goes on");
    assert_eq!(left(&app, "Young").await, 0);
}
