//! What protects every page: headers, same-origin requests, no inline code, static files and the weight of pages.

use diesel::prelude::*;
use std::io::Read as _;
use tenantry::db::schema::audit_events;

use crate::support::{Client, PASSWORD, Page, TestApp};

/// One answer of every kind: pages, refused forms, errors, redirects, static files.
async fn every_kind(app: &TestApp) -> Vec<(String, Page)> {
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let home = format!("/security/accounts/{}", acme.account);
    let list = admin.get(&home).await;
    let mut answers = Vec::new();
    for path in [
        "/login",
        "/",
        "/profile",
        "/docs/api",
        "/security",
        "/nowhere",
        "/security/accounts/new",
        "/security/accounts/0",
        "/security/accounts/x",
        "/setup",
        &home,
        &format!("{home}?sort=x"),
        &format!("{home}/users/new"),
        &list.link("Edit Zoë Müller").unwrap(),
        &list.link("Delete Zoë Müller").unwrap(),
        &list.find_attr("link[rel=stylesheet]", "href"),
        &list.find_attr("script", "src"),
        &list.find_attr("link[rel=icon]", "href"),
        "/static/tenantry.css",
    ] {
        answers.push((format!("GET {path}"), admin.get(path).await));
    }
    for (path, fields) in [
        ("/security/accounts", &[("name", "")][..]),
        ("/profile", &[]),
        ("/profile/password", &[]),
        ("/security/accounts/0", &[]),
        ("/nowhere", &[]),
        ("/security", &[]),
    ] {
        answers.push((format!("POST {path}"), admin.post(path, fields).await));
    }
    let anonymous = app.anonymous();
    answers.push(("sign-in page".to_owned(), anonymous.get("/login").await));
    answers.push(("signed out".to_owned(), anonymous.get("/profile").await));
    answers.push((
        "refused sign-in".to_owned(),
        anonymous.sign_in("x", "y").await,
    ));
    let cross = admin.request("POST", "/logout");
    answers.push(("cross-site".to_owned(), admin.send(cross).await));
    answers
}

#[actix_web::test]
async fn every_answer_carries_the_headers() {
    let app = TestApp::start().await;
    for (what, answer) in every_kind(&app).await {
        assert!(answer.status < 500, "{what}");
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{what}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{what}"
        );
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{what}"
        );
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "{what}: no https here"
        );
        assert!(
            !answer.headers.contains_key("server")
                && !answer.headers.contains_key("access-control-allow-origin")
        );
        let immutable = answer.header("cache-control") == "public, max-age=31536000, immutable";
        let is_file = what.starts_with("GET /static/") && answer.status == 200;
        assert_eq!(immutable, is_file, "{what}");
        assert!(
            immutable || answer.header("cache-control") == "no-store",
            "{what}"
        );
        if answer.status != 303 && !is_file {
            assert_eq!(
                answer.header("content-type"),
                "text/html; charset=utf-8",
                "{what}"
            );
            assert!(!answer.heading().is_empty(), "{what}");
        }
    }
}

#[actix_web::test]
async fn with_https_browsers_are_told_to_stay_there() {
    let app = TestApp::start_with(&["--public-url", "https://console.example"]).await;
    for path in ["/login", "/nowhere", "/", "/static/x"] {
        let hsts = app
            .anonymous()
            .get(path)
            .await
            .header("strict-transport-security")
            .to_owned();
        assert!(hsts.starts_with("max-age=31536000"), "{path}: {hsts}");
    }
}

#[actix_web::test]
async fn no_page_has_inline_code_or_style() {
    let app = TestApp::start().await;
    for (what, page) in every_kind(&app).await {
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        assert!(page.find("style").is_empty(), "{what}");
        assert!(page.find("script:not([src])").is_empty(), "{what}");
        for (name, value) in page.attributes() {
            assert!(
                !name.starts_with("on") && name != "style",
                "{what}: {name}={value}"
            );
            assert!(
                !value.trim().to_lowercase().starts_with("javascript:"),
                "{what}: {name}={value}"
            );
        }
    }
}

#[actix_web::test]
async fn unsafe_requests_come_from_our_own_pages() {
    let app = TestApp::start_with(&["--public-url", "http://console.example:8080"]).await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let ours = "http://console.example:8080";
    let form = format!(
        "email={}&password={PASSWORD}",
        acme.admin_email.replace('@', "%40")
    );
    let cases: [(&[(&str, &str)], bool); 16] = [
        (&[("sec-fetch-site", "same-origin")], true),
        (
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://evil.example"),
            ],
            true,
        ),
        (&[("sec-fetch-site", "same-site"), ("origin", ours)], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", ours)], false),
        (&[("sec-fetch-site", "none"), ("origin", ours)], false),
        (&[("sec-fetch-site", "Same-Origin")], false),
        (&[("sec-fetch-site", "")], false),
        (&[("origin", ours)], true),
        (&[("origin", "null")], false),
        (&[("origin", "https://console.example:8080")], false),
        (&[("origin", "http://console.example")], false),
        (
            &[("origin", "http://console.example:8080.evil.example")],
            false,
        ),
        (&[("origin", "http://console.example:8080/")], false),
        (&[("origin", &app.address)], false),
        (&[("referer", ours)], false),
        (&[], false),
    ];
    for (headers, accepted) in cases {
        let mut request = client
            .request("POST", "/login")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = client.send(request).await;
        assert_eq!(
            answer.status,
            if accepted { 303 } else { 403 },
            "{headers:?}"
        );
    }
    for method in ["PUT", "PATCH", "DELETE"] {
        let answer = client.send(client.request(method, "/profile")).await;
        assert_eq!(answer.status, 403, "{method}");
    }
    let signed_in = app
        .codes()
        .await
        .iter()
        .filter(|code| *code == "user.signed-in")
        .count();
    assert_eq!(signed_in, cases.iter().filter(|case| case.1).count());
}

#[actix_web::test]
async fn addresses_from_proxies_are_believed_only_where_they_are_trusted() {
    let forwarded = "6.6.6.6, 198.51.100.7";
    for (settings, address) in [
        (&[][..], "127.0.0.1"),
        (&["--trusted-proxies", "10.0.0.0/8"], "127.0.0.1"),
        (
            &["--trusted-proxies", "127.0.0.0/8,198.51.100.0/24"],
            "6.6.6.6",
        ),
        (&["--trusted-proxies", "127.0.0.1"], "198.51.100.7"),
    ] {
        let app = TestApp::start_with(settings).await;
        let client = app.anonymous();
        let request = client
            .request("POST", "/login")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", forwarded)
            .header("forwarded", "for=9.9.9.9")
            .header("x-real-ip", "9.9.9.9")
            .form(&[("email", "x")]);
        assert_eq!(client.send(request).await.status, 422);
        let noted: String = app
            .ask(|db| audit_events::table.select(audit_events::address).first(db))
            .await;
        assert_eq!(noted, address, "{settings:?}");
    }
}

async fn compressed(client: &Client, path: &str) -> (usize, String) {
    let request = client
        .request("GET", path)
        .header("accept-encoding", "gzip");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip", "{path}");
    let bytes = answer.bytes().await.unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .unwrap();
    (bytes.len(), text)
}

#[actix_web::test]
async fn static_files_are_immutable_and_compressed_and_pages_are_light() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.crowd(acme.account, "Representative", 80).await;
    for number in 0..60 {
        acme.account(&format!("Representative Branch {number}"))
            .await;
    }
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{}", acme.account);
    let page = admin.get(&home).await;
    assert_eq!(page.table().len(), 50);
    let (gzip, text) = compressed(&admin, &home).await;
    assert_eq!(text.len(), page.body.len());
    assert!(
        page.body.len() <= 40 * 1024,
        "HTML of 50 users: {} bytes",
        page.body.len()
    );
    assert!(gzip <= 8 * 1024, "compressed: {gzip} bytes");

    let mut weight = 0;
    for (css, attribute) in [("link[rel=stylesheet]", "href"), ("script", "src")] {
        let path = page.find_attr(css, attribute);
        let plain = admin.get(&path).await;
        let (small, text) = compressed(&admin, &path).await;
        assert_eq!(plain.header("vary"), "accept-encoding");
        assert!(text == plain.body && small < text.len());
        weight += text.len();
        // Another content has another name; a guessed one is not there.
        assert_eq!(admin.get(&path.replace('.', ".0")).await.status, 404);
    }
    assert!(weight <= 30 * 1024, "stylesheet and script: {weight} bytes");
}
