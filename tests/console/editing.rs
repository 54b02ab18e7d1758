//! Editing and deleting users: what it does at once, and what happens when two people do it.

use chrono::TimeDelta;

use crate::support::user_forms::{add, open, save, users};
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn a_change_of_roles_ends_sessions_and_counts_at_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let (admin, client) = (
        acme.org_admin().await,
        app.signed_in("max@acme.example").await,
    );
    let account = format!("/security/accounts/{}", acme.account);
    let page = open(&admin, acme.account, max).await;
    let page = save(
        &admin,
        acme.account,
        max,
        &page,
        &[("last_name", "Other"), ("email", "m@acme.example")],
    )
    .await;
    assert_eq!(page.notice(), "Max Other was saved.");
    assert_eq!(
        client.get("/profile").await.status,
        200,
        "other details do not end sessions"
    );
    assert_eq!(
        client.sign_in("max@acme.example", PASSWORD).await.status,
        422
    );
    assert_eq!(client.get(&account).await.status, 403);

    let page = open(&admin, acme.account, max).await;
    save(&admin, acme.account, max, &page, &[("org_admin", "on")]).await;
    assert_eq!(client.get("/profile").await.status, 303);
    let client = app.signed_in("m@acme.example").await;
    assert_eq!(client.get(&account).await.status, 200);
    let page = open(&admin, acme.account, max).await;
    save(
        &admin,
        acme.account,
        max,
        &page,
        &[("org_admin", "off"), ("account_admin", "on")],
    )
    .await;
    assert_eq!(client.get("/profile").await.status, 303);
    assert_eq!(
        app.signed_in("m@acme.example")
            .await
            .get(&account)
            .await
            .status,
        403
    );
}

#[actix_web::test]
async fn the_later_of_two_saves_is_refused_with_both_versions_shown() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let old = open(&admin, acme.account, max).await;
    save(
        &admin,
        acme.account,
        max,
        &old,
        &[("first_name", "Moritz"), ("account_admin", "on")],
    )
    .await;
    let page = save(
        &admin,
        acme.account,
        max,
        &old,
        &[("first_name", "Maximilian"), ("email", "mm@acme.example")],
    )
    .await;
    assert_eq!(page.status, 422);
    assert!(
        page.find(".notice p")[0]
            .starts_with("Nothing was changed. Moritz Muster was changed by somebody else")
    );
    let rows: Vec<_> = page.table().iter().map(|row| row.join(" | ")).collect();
    assert_eq!(
        rows,
        [
            "First Name | Maximilian | Moritz",
            "Email | mm@acme.example | max@acme.example",
            "Account Admin | No | Yes"
        ]
    );
    let page = save(&admin, acme.account, max, &page, &[]).await;
    assert_eq!(page.notice(), "Maximilian Muster was saved.");
    assert_eq!(
        page.table()[1][2..5],
        ["mm@acme.example", "secured", "None"]
    );
}

#[actix_web::test]
async fn a_cleared_active_box_deactivates_and_a_selected_one_activates() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    app.give(max, 1, 2).await;
    let (admin, client) = (
        acme.org_admin().await,
        app.signed_in("max@acme.example").await,
    );
    let page = open(&admin, acme.account, max).await;
    let words = "Clear to deactivate Max Muster: sign-in and API calls are refused at once, 1 session ends and 1 job \
                 stops. The 2 instances are kept. Reactivating does not bring jobs back.";
    assert_eq!(page.find("#active-hint"), [words]);
    let page = save(&admin, acme.account, max, &page, &[("active", "off")]).await;
    assert_eq!(
        page.notice(),
        "Max Muster was deactivated. 1 job was stopped."
    );
    assert_eq!(client.get("/profile").await.status, 303);
    assert_eq!(app.holdings(max).await, (0, 2, 0));
    let page = open(&admin, acme.account, max).await;
    let page = save(&admin, acme.account, max, &page, &[("active", "on")]).await;
    assert_eq!(
        page.notice(),
        "Max Muster was activated. Earlier jobs do not come back."
    );
    app.signed_in("max@acme.example").await;
}

#[actix_web::test]
async fn open_sessions_are_ended_from_the_page() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let clients = [
        app.signed_in("max@acme.example").await,
        app.signed_in("max@acme.example").await,
    ];
    let page = open(&admin, acme.account, max).await;
    let action = format!("{}/{max}/sessions/end", users(acme.account));
    let page = admin.submit(&page, &action, &[]).await;
    assert_eq!(page.notice(), "2 sessions of Max Muster were ended.");
    for client in clients {
        let answer = client.get("/profile").await;
        assert_eq!(
            client.arrive(answer).await.notice(),
            "Your session has ended. Sign in to go on."
        );
    }
    let events = page.find(".events li");
    assert!(
        events[0].starts_with("Sessions ended by Dana Whitfield"),
        "{events:?}"
    );
}

#[actix_web::test]
async fn what_a_user_did_stands_among_its_last_events() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user_with(
            acme.account,
            "Zoë Müller",
            "zoe@acme.example",
            (true, false),
        )
        .await;
    let (admin, client) = (
        acme.org_admin().await,
        app.signed_in("zoe@acme.example").await,
    );
    app.advance(TimeDelta::seconds(1));
    client
        .post("/security/accounts", &[("name", "Branch & Co")])
        .await;
    app.advance(TimeDelta::seconds(1));
    let own = client.get("/profile").await;
    client
        .submit(&own, "/profile", &[("last_name", "Meier")])
        .await;
    let page = open(&admin, acme.account, zoe).await;
    let events = page.find(".events li");
    let lines = ["Edited", "Created an account: Branch & Co", "Signed in"];
    for (event, line) in events.iter().zip(lines) {
        assert!(event.starts_with(line), "{events:?}");
    }
    assert_eq!(events.len(), lines.len(), "each once: {events:?}");
}

#[actix_web::test]
async fn a_token_of_the_api_is_an_open_session_for_an_hour() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let body = format!(r#"{{"username": "max@acme.example", "password": "{PASSWORD}"}}"#);
    let anonymous = app.anonymous();
    let request = anonymous
        .request("POST", "/elements/api-v2/authentication")
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(anonymous.send(request).await.status, 200);
    let open_sessions = async || {
        let admin = acme.org_admin().await;
        let page = open(&admin, acme.account, max).await;
        page.find("[aria-labelledby=signin] dd").pop().unwrap()
    };
    app.advance(TimeDelta::minutes(59));
    assert_eq!(open_sessions().await, "1", "idle limits are the console's");
    app.advance(TimeDelta::minutes(1));
    assert_eq!(open_sessions().await, "0");
}

#[actix_web::test]
async fn deletion_is_counted_first_and_offers_the_milder_way() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    app.give(max, 3, 5).await;
    let (admin, client) = (
        acme.org_admin().await,
        app.signed_in("max@acme.example").await,
    );
    let path = format!("{}/{max}/deletion", users(acme.account));
    let page = admin.get(&format!("{path}/new")).await;
    assert_eq!(page.heading(), "Delete Max Muster?");
    assert_eq!(
        page.find(".gone li"),
        [
            "3 active jobs, stopped first",
            "3 element instances",
            "2 formula instances",
            "Sign-in, 1 open session"
        ]
    );
    assert!(
        page.text()
            .contains("keeps all 5 instances and can be undone.")
    );
    let milder = admin.get(&page.link("Deactivate instead").unwrap()).await;
    assert_eq!(milder.heading(), "Deactivate Max Muster?");
    let page = admin.submit(&page, &path, &[]).await;
    assert_eq!(
        page.notice(),
        "Max Muster was deleted. 3 jobs and 5 instances went too."
    );
    assert_eq!(client.get("/profile").await.status, 303);
    assert_eq!(admin.post(&path, &[]).await.status, 404, "a second press");
    let page = add(&admin, acme.account, &[("email", "max@acme.example")]).await;
    let (id, ..) = page.active_box("Zoë Müller");
    assert!(
        id.parse::<i64>().unwrap() > max,
        "the email is free, the id is not"
    );
}
