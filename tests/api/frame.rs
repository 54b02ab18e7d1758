//! What every call has in common: credentials, statuses, the shape of refusals, headers, limits.

use serde_json::json;

use crate::caller::{BASE, Caller, secrets};
use crate::support::TestApp;

const WITH_ID: usize = 24;

#[actix_web::test]
async fn every_refusal_has_one_shape_and_its_status() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let nobody = Caller::with(&app, "");
    for (caller, method, path, status) in [
        (&nobody, "GET", "/nowhere", 404),
        (&nobody, "GET", "", 404),
        (&nobody, "GET", "/organizations/me/", 404),
        (&nobody, "GET", "/organizations/me", 401),
        (&admin, "POST", "/organizations/me", 405),
        (&admin, "DELETE", "/users", 405),
        (&admin, "PUT", "/organizations/me", 415),
        (&admin, "GET", "/users/999999999", 404),
        (&admin, "GET", "/users/x", 404),
        (&admin, "GET", "/users?pageSize=0", 400),
        (&admin, "GET", "/users?where=id%3D", 400),
        (&admin, "GET", "/users?q=%FF", 400),
    ] {
        let answer = caller.send(caller.request(method, path)).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        let id = answer.header("elements-request-id");
        assert!(
            id.len() == WITH_ID && id.bytes().all(|it| it.is_ascii_hexdigit()),
            "{id}"
        );
        assert_eq!(answer.json["requestId"], id, "{method} {path}");
        assert!(answer.message().ends_with('.'), "{answer:?}");
        assert_eq!(answer.json.as_object().unwrap().len(), 2, "nothing else");
        assert_eq!(answer.header("content-type"), "application/json");
    }
    let answer = admin.send(admin.request("DELETE", "/users")).await;
    assert!(answer.header("allow").contains("GET"), "{answer:?}");
    assert!(
        admin
            .get("/users?where=x")
            .await
            .message()
            .contains("where")
    );
}

#[actix_web::test]
async fn every_answer_has_its_headers_and_no_cookie() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    for path in ["/organizations/me", "/nowhere"] {
        let answer = admin.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("elements-request-id").len(), WITH_ID);
        for absent in ["set-cookie", "access-control-allow-origin"] {
            assert!(!answer.headers.contains_key(absent), "{path}: {absent}");
        }
    }
    let preflight = admin
        .request("OPTIONS", "/users")
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "GET");
    let answer = admin.send(preflight).await;
    assert_eq!(answer.status, 405);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[actix_web::test]
async fn a_session_of_the_console_opens_nothing_here_and_the_pair_nothing_there() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let browser = acme.org_admin().await;
    let answer = browser.get(&format!("{BASE}/organizations/me")).await;
    assert_eq!(answer.status, 401);
    let pair = Caller::of(&app, acme.admin).await.authorization;
    let request = app
        .anonymous()
        .request("GET", "/profile")
        .header("authorization", pair);
    assert_eq!(app.anonymous().send(request).await.status, 303);
}

#[actix_web::test]
async fn only_the_exact_pair_lets_anybody_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let (user, organization) = secrets(&app, acme.admin).await;
    let (other_user, other_organization) = secrets(&app, birch.admin).await;
    let status = async |header: String| Caller::with(&app, &header).get("/organizations/me").await;
    for right in [
        format!("User {user}, Organization {organization}"),
        format!("User {user},Organization {organization}"),
        format!("uSER  {user} ,  oRGANIZATION {organization}"),
    ] {
        assert_eq!(status(right.clone()).await.status, 200, "{right}");
    }
    let mut seen = Vec::new();
    for wrong in [
        format!("User {user}"),
        format!("Organization {organization}"),
        format!("User {user}, Organization {other_organization}"),
        format!("User {other_user}, Organization {organization}"),
        format!(
            "User {}, Organization {organization}",
            &user[..user.len() - 1]
        ),
        format!("User {user}=, Organization {organization}"),
        format!("User {}, Organization {organization}", user.to_lowercase()),
        format!("User {user}, Organization {}", organization.to_uppercase()),
        format!("User {organization}, Organization {user}"),
        format!("User {user} Organization {organization}"),
        "User , Organization ".to_owned(),
        "Basic dXNlcjpwYXNz".to_owned(),
        "Bearer x".to_owned(),
    ] {
        let answer = status(wrong.clone()).await;
        assert_eq!(answer.status, 401, "{wrong}");
        seen.push(answer.message().to_owned());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "they all answer alike: {seen:?}");
    let twice = Caller::with(&app, "");
    let pair = format!("User {user}, Organization {organization}");
    let request = twice
        .request("GET", "/organizations/me")
        .header("authorization", &pair)
        .header("authorization", &pair);
    assert_eq!(twice.send(request).await.status, 401);
}

#[actix_web::test]
async fn calls_stop_with_user_account_and_organization_but_not_with_a_lock() {
    use diesel::prelude::*;
    use tenantry::db::schema::{accounts, organizations};
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let user = acme.crowd(branch, "Only", 1).await[0];
    let caller = Caller::of(&app, user).await;
    let status = async || caller.get("/organizations/me").await.status;
    assert_eq!(status().await, 200, "a user without a password");
    app.lock(user).await;
    assert_eq!(status().await, 200);
    app.set_active(user, false).await;
    assert_eq!(status().await, 401);
    app.set_active(user, true).await;
    for active in [false, true] {
        app.change(move |tx| {
            let row = accounts::table.find(branch);
            diesel::update(row)
                .set(accounts::active.eq(active))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
        assert_eq!(status().await, if active { 200 } else { 401 });
    }
    let id = acme.id;
    app.change(move |tx| {
        let row = organizations::table.find(id);
        diesel::update(row)
            .set(organizations::active.eq(false))
            .execute(tx.db())?;
        Ok(())
    })
    .await;
    assert_eq!(status().await, 401);
}

#[actix_web::test]
async fn bodies_are_json_of_at_most_1_mib() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let raw = async |kind: &str, body: Vec<u8>| {
        let request = admin
            .request("PUT", "/organizations/me")
            .header("content-type", kind)
            .body(body);
        admin.send(request).await
    };
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
    ] {
        assert_eq!(raw(kind, b"{}".to_vec()).await.status, 415, "{kind}");
    }
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"\"x\"",
        b"null",
        b"{\"name\":5}",
        b"{\"name\":\"\xff\"}",
        b"{\"name\":\"a\\u0000b\"}",
        b"{\"name\":\"\\ud800\"}",
        b"{\"name\":\"a\",\"name\":\"b\"}",
        b"{\"name\":\"\"}",
        b"{}",
        b"{} x",
    ] {
        let answer = raw("application/json", body.to_vec()).await;
        assert_eq!(
            answer.status,
            400,
            "{}: {}",
            String::from_utf8_lossy(body),
            answer.text
        );
    }
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let deep = [b"{\"name\":".to_vec(), deep, b"}".to_vec()].concat();
    assert_eq!(raw("application/json", deep).await.status, 400);
    let sized = |length: usize| {
        let mut body = b"{\"x\":\"".to_vec();
        body.resize(length - 2, b'a');
        body.extend(b"\"}");
        body
    };
    assert_eq!(
        raw("application/json", sized(1024 * 1024)).await.status,
        400
    );
    assert_eq!(
        raw("application/json", sized(1024 * 1024 + 1)).await.status,
        413
    );
    let named = raw("application/json; charset=utf-8", b"{\"name\":5}".to_vec()).await;
    assert_eq!(named.message(), "name needs to be a string.");
    assert_eq!(admin.get("/organizations/me").await.json["name"], "Acme");
}

#[actix_web::test]
async fn what_is_done_is_audited_as_done_through_the_api() {
    use diesel::prelude::*;
    use tenantry::db::schema::audit_events as events;
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let answer = admin
        .put("/organizations/me", &json!({"name": "Acme Ltd"}))
        .await;
    assert_eq!(answer.status, 200);
    let (channel, request): (String, String) = app
        .ask(|db| {
            events::table
                .filter(events::code.eq("organization.updated"))
                .select((events::channel, events::request_id))
                .first(db)
        })
        .await;
    assert_eq!(channel, "API");
    assert_eq!(request, answer.header("elements-request-id"));
}
