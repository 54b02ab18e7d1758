//! What no browser sends from a page of ours: a clear 4xx, never a 5xx, and nothing is done.

use crate::support::{Client, Page, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

async fn raw(client: &Client, path: &str, kind: Option<&str>, body: impl Into<Vec<u8>>) -> Page {
    let mut request = client
        .request("POST", path)
        .header("sec-fetch-site", "same-origin")
        .body(body.into());
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    client.send(request).await
}

#[actix_web::test]
async fn addresses_have_at_most_64_parameters_and_8_kib() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let many = |count: usize| vec!["x=1"; count].join("&");
    assert_eq!(
        client.get(&format!("/login?{}", many(64))).await.status,
        200
    );
    assert_eq!(
        client.get(&format!("/login?{}", many(65))).await.status,
        400
    );
    assert_eq!(
        client
            .get(&format!("/login?x={}", "a".repeat(8190)))
            .await
            .status,
        200
    );
    assert_eq!(
        client
            .get(&format!("/login?x={}", "a".repeat(8191)))
            .await
            .status,
        400
    );
    assert_eq!(
        client.get(&format!("/{}", "a".repeat(9000))).await.status,
        400
    );
}

#[actix_web::test]
async fn forms_have_at_most_64_kib() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let form = |length: usize| {
        let mut body = b"password=".to_vec();
        body.resize(length, b'a');
        body
    };
    assert_eq!(
        raw(&client, "/login", Some(FORM), form(64 * 1024))
            .await
            .status,
        422
    );
    let page = raw(&client, "/login", Some(FORM), form(64 * 1024 + 1)).await;
    assert_eq!(
        (page.status, page.heading().as_str()),
        (413, "This is too large")
    );
    assert_eq!(
        raw(&client, "/login", Some(FORM), form(3_000_000))
            .await
            .status,
        413
    );
    assert_eq!(
        client.get("/login").await.status,
        200,
        "the connection or a new one goes on"
    );
}

#[actix_web::test]
async fn forms_have_their_media_type() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    for kind in [
        None,
        Some(""),
        Some("text/plain"),
        Some("application/json"),
        Some("multipart/form-data; boundary=x"),
    ] {
        assert_eq!(
            raw(&client, "/login", kind, "email=x").await.status,
            415,
            "{kind:?}"
        );
    }
    for kind in [FORM, "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"] {
        assert_eq!(
            raw(&client, "/login", Some(kind), "email=x").await.status,
            422,
            "{kind}"
        );
    }
}

#[actix_web::test]
async fn encodings_that_no_browser_makes_are_refused() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{}", acme.account);
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let edit = format!("{home}/users/{user}");
    for body in [
        &b"first_name=%FF"[..],
        b"first_name=\xff",
        b"first_name=%C0%80",
        b"first_name=a%00b",
        b"first_name=a\0b",
        b"first_name=a&first_name=b",
        b"version=1&version=1",
        b"version=x",
        b"version=99999999999999999999",
        b"version=1.5",
        b"active=maybe",
        b"%ED%A0%80=1",
    ] {
        let answer = raw(&admin, &edit, Some(FORM), body).await;
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(body));
        assert_eq!(answer.heading(), "This request was not understood");
    }
    for query in [
        "q=%FF",
        "q=a%00",
        "q=a&q=b",
        "q=%C0%AF",
        "status=%00",
        "accounts=%00",
    ] {
        assert_eq!(
            admin.get(&format!("{home}?{query}")).await.status,
            400,
            "{query}"
        );
    }
    for back in ["%FF", "%00", "q=%FF", "?q=%FF&q=1", "%F0%9F%99%82"] {
        let path = format!("{home}/activations/new?change={user}.1.0&back={home}?{back}");
        let status = admin.get(&path).await.status;
        assert!(status < 500, "{back}: {status}");
    }
    assert_eq!(app.state(user).await, (true, 1));
}

#[actix_web::test]
async fn ids_that_cannot_be_are_not_found() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{}", acme.account);
    for id in [
        "0",
        "-1",
        "x",
        "1.0",
        "1e3",
        "%20",
        "%00",
        "%FF",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "99999999999999999999999999",
        "%31%00",
        "1;drop",
        "%2e%2e%2f",
    ] {
        for path in [
            format!("/security/accounts/{id}"),
            format!("/security/accounts/{id}/deletion/new"),
            format!("{home}/users/{id}/edit"),
            format!("{home}/users/{id}/deletion/new"),
        ] {
            let status = admin.get(&path).await.status;
            assert!([400, 404, 303].contains(&status), "{path}: {status}");
            if status == 303 {
                assert_eq!(
                    id,
                    "only a path that the client shortens itself leads somewhere"
                );
            }
        }
        for path in [
            format!("/profile/sessions/{id}/end"),
            format!("{home}/users/{id}/deletion"),
        ] {
            let status = admin.post(&path, &[]).await.status;
            assert!([400, 404].contains(&status), "{path}: {status}");
        }
    }
}

#[actix_web::test]
async fn wrong_methods_and_unknown_paths_have_their_status() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    for (method, path, status) in [
        ("POST", "/", 405),
        ("GET", "/logout", 405),
        ("PUT", "/profile", 405),
        ("DELETE", "/security/accounts", 405),
        ("PATCH", "/login", 405),
        ("GET", "/nowhere", 404),
        ("POST", "/nowhere", 404),
        ("GET", "/security/nowhere", 404),
        ("GET", "/static/", 404),
        ("GET", "/static/..%2f..%2fCargo.toml", 404),
        ("GET", "/profile/", 404),
        ("GET", "//evil.example", 404),
    ] {
        let request = admin
            .request(method, path)
            .header("sec-fetch-site", "same-origin");
        let answer = admin.send(request).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(!answer.heading().is_empty(), "{method} {path}");
    }
    assert_eq!(admin.get("/profile").await.status, 200, "still signed in");
}

#[actix_web::test]
async fn cookies_that_are_not_ours_are_nobody() {
    let app = TestApp::start().await;
    app.organization("Acme").await;
    let client = app.anonymous();
    for cookie in [
        "session=x",
        "session=",
        "session=%00",
        "notice=x; session=AAAA",
        "\"",
        "=;=;;",
    ] {
        let request = client.request("GET", "/profile").header("cookie", cookie);
        let answer = client.send(request).await;
        assert!(
            answer.status == 303 || answer.status == 400,
            "{cookie}: {}",
            answer.status
        );
        if answer.status == 303 {
            assert_eq!(answer.location(), "/login?next=%2Fprofile");
        }
    }
}
