//! Between the password and being signed in, a session opens nothing but the page it waits at.

use chrono::TimeDelta;
use tenantry::web::routes;

use crate::support::phone::{Phone, enter, next_step};
use crate::support::{Client, TestApp};

/// What is open to everybody, signed in or not.
const OPEN: [&str; 8] = [
    "/docs/api",
    "/login",
    "/logout",
    "/password/forgotten",
    "/password/new",
    "/setup",
    "/static/{file}",
    "/nowhere",
];

/// Tries every route; all but what is open lead back to `waiting`.
async fn opens_only(client: &Client, ids: (i64, i64), waiting: &str) {
    for route in routes() {
        if OPEN.contains(&route.path) || route.path == waiting {
            continue;
        }
        let path = route
            .path
            .replace("{session}", "1")
            .replace("{account}", &ids.0.to_string())
            .replace("{user}", &ids.1.to_string());
        let answer = if route.method == "GET" {
            client.get(&path).await
        } else {
            client.post(&path, &[]).await
        };
        let what = format!("{} {path}", route.method);
        assert_eq!(answer.status, 303, "{what}");
        let place = answer.location();
        assert_eq!(place.split('?').next(), Some(waiting), "{what}");
        assert!(answer.body.is_empty(), "{what}");
    }
    assert_eq!(client.get(waiting).await.status, 200);
}

#[actix_web::test]
async fn every_route_at_every_stage() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let ids = (acme.account, zoe);
    let admin = acme.org_admin().await;
    let phone = Phone::of(&app, &admin).await;

    let client = acme.org_admin().await;
    opens_only(&client, ids, "/login/code").await;
    let before = client.cookies();
    assert_eq!(
        enter(&client, &phone.next_code(&app)).await.location(),
        "/",
        "signed in"
    );
    assert_ne!(client.cookies(), before, "a new token");
    assert_eq!(client.get("/profile").await.status, 200);
    assert_eq!(
        client.get("/login/code").await.location(),
        "/login?next=%2Flogin%2Fcode"
    );

    let form = [("method", "totp")];
    client.post("/security/settings/two-factor", &form).await;
    let other = app.signed_in("zoe@acme.example").await;
    opens_only(&other, ids, "/login/enrolment").await;

    let page = client.get("/security/settings").await;
    let policy = "/security/settings/password-policy";
    client
        .submit(&page, policy, &[("expiration_days", "1")])
        .await;
    app.advance(TimeDelta::days(2));
    next_step(&app);
    let client = acme.org_admin().await;
    opens_only(&client, ids, "/login/code").await;
    let entered = enter(&client, &phone.code(&app)).await;
    assert_eq!(entered.location(), "/login/password", "then the password");
    opens_only(&client, ids, "/login/password").await;
    let form = client.get("/login/password").await;
    client
        .submit(&form, "/login/password", &[("password", "New-Battery-9")])
        .await;
    assert_eq!(client.get("/profile").await.status, 200);
}

#[actix_web::test]
async fn leaving_ends_the_session() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let phone = Phone::of(&app, &acme.org_admin().await).await;
    let client = acme.org_admin().await;
    let stolen = client.cookies();
    let form = client.get("/login/code").await;
    let page = client.submit(&form, "/logout", &[]).await;
    assert_eq!(page.notice(), "You are signed out.");
    let request = client
        .request("POST", "/login/code")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", stolen)
        .form(&[("code", phone.next_code(&app))]);
    assert_eq!(client.send(request).await.location(), "/login");
}

#[actix_web::test]
async fn the_old_token_opens_nothing_after_the_code() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let phone = Phone::of(&app, &acme.org_admin().await).await;
    let client = acme.org_admin().await;
    let before = client.cookies();
    enter(&client, &phone.next_code(&app)).await;
    assert_eq!(client.get("/profile").await.status, 200);
    let request = app
        .anonymous()
        .request("GET", "/profile")
        .header("cookie", before);
    assert_eq!(client.send(request).await.status, 303);
}

#[actix_web::test]
async fn a_sign_in_leads_to_where_somebody_wanted_to_go() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let phone = Phone::of(&app, &acme.org_admin().await).await;
    let client = app.anonymous();
    let form = client.get("/login?next=%2Fsecurity%2Froles").await;
    let typed = [
        ("email", acme.admin_email.as_str()),
        ("password", crate::support::PASSWORD),
    ];
    let page = client.submit(&form, "/login", &typed).await;
    assert_eq!(page.heading(), "Enter your code");
    let code = phone.next_code(&app);
    let page = client
        .submit(&page, "/login/code", &[("code", &code)])
        .await;
    assert_eq!(page.heading(), "Roles");

    let client = acme.org_admin().await;
    let fields = [
        ("code", &*phone.next_code(&app)),
        ("next", "//evil.example"),
    ];
    assert_eq!(client.post("/login/code", &fields).await.location(), "/");
}
