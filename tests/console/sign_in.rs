//! Signing in and out: one answer for every failure, cookies, session life, throttle, queue, renewed hashes.

use std::task::Poll;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use tenantry::db::schema::{sessions, users};

use crate::support::{Client, PASSWORD, Page, TestApp};

/// The cookies that an answer sets, without their values.
fn set_cookies(page: &Page) -> Vec<(String, String)> {
    page.headers
        .get_all("set-cookie")
        .iter()
        .map(|value| {
            let (pair, attributes) = value.to_str().unwrap().split_once(';').unwrap();
            let name = pair.split('=').next().unwrap();
            (name.to_owned(), attributes.trim().to_owned())
        })
        .collect()
}

async fn from(client: &Client, address: &str, email: &str, password: &str) -> Page {
    let request = client
        .request("POST", "/login")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address)
        .form(&[("email", email), ("password", password)]);
    client.send(request).await
}

#[actix_web::test]
async fn every_failure_has_the_same_answer() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let inactive = acme
        .user(acme.account, "In Active", "inactive@acme.example")
        .await;
    app.set_active(inactive, false).await;
    acme.user(branch, "Closed Account", "closed@acme.example")
        .await;
    let admin = acme.org_admin().await;
    admin
        .post(&format!("/security/accounts/{branch}/deactivation"), &[])
        .await;
    let no_password = acme.crowd(acme.account, "Api", 1).await;
    assert_eq!(no_password.len(), 1);

    let mut bodies = Vec::new();
    for (email, password) in [
        ("nobody@acme.example", PASSWORD),
        ("admin@acme.example", "wrong"),
        ("admin@acme.example", ""),
        ("admin@acme.example", "correct-horse-7"),
        ("admin@acme.example", "Correct-Horse-7 "),
        ("inactive@acme.example", PASSWORD),
        ("closed@acme.example", PASSWORD),
        ("user0@api.example", PASSWORD),
        ("user0@api.example", "nobody"),
        ("no address", PASSWORD),
        ("", ""),
    ] {
        let page = app.anonymous().sign_in(email, password).await;
        assert_eq!(page.status, 422, "{email}");
        assert_eq!(page.heading(), "Sign in");
        assert_eq!(
            page.problems(),
            [
                "We could not sign you in. Check your email and password, or wait a while and try again."
            ]
        );
        assert_eq!(
            (
                page.field("email").as_str(),
                page.field("password").as_str()
            ),
            (email, "")
        );
        assert!(set_cookies(&page).is_empty(), "{email}");
        let mut headers: Vec<_> = page
            .headers
            .keys()
            .map(|name| name.as_str().to_owned())
            .collect();
        headers.sort();
        bodies.push((
            headers,
            page.body
                .replace(&format!("value=\"{email}\""), "value=\"\""),
        ));
    }
    assert!(
        bodies.iter().all(|body| *body == bodies[0]),
        "an answer differs"
    );
}

#[actix_web::test]
async fn the_cookie_is_http_only_and_lax_and_its_token_is_new_each_time() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let answer = client.sign_in(&acme.admin_email, PASSWORD).await;
    assert_eq!(
        set_cookies(&answer),
        [(
            "session".to_owned(),
            "HttpOnly; SameSite=Lax; Path=/".to_owned()
        )]
    );
    let first = client.cookies();
    let digests = || {
        app.ask(|db| {
            sessions::table
                .select(sessions::token_digest)
                .load::<String>(db)
        })
    };
    let before = digests().await;

    // Signing in again in the same browser: another token, and the former session is over.
    let thief = app.anonymous();
    client.sign_in(&acme.admin_email, PASSWORD).await;
    assert_ne!(client.cookies(), first);
    let after = digests().await;
    assert!(after.len() == 1 && after != before);
    let request = thief.request("GET", "/profile").header("cookie", first);
    assert_eq!(thief.send(request).await.status, 303);
    assert!(
        !client.cookies().contains(&after[0]),
        "the database does not hold the token"
    );
}

#[actix_web::test]
async fn with_https_cookies_are_secure_and_bound_to_the_host() {
    let app = TestApp::start_with(&["--public-url", "https://console.example"]).await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let answer = client.sign_in(&acme.admin_email, PASSWORD).await;
    let cookies = set_cookies(&answer);
    assert_eq!(cookies.len(), 1);
    assert_eq!(cookies[0].0, "__Host-session");
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(
            cookies[0].1.split("; ").any(|it| it == attribute),
            "{attribute} in {}",
            cookies[0].1
        );
    }
    assert!(!cookies[0].1.contains("Domain"));
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let request = client
        .request("POST", "/logout")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", cookie);
    let out = client.send(request).await;
    let names: Vec<_> = set_cookies(&out)
        .into_iter()
        .map(|cookie| cookie.0)
        .collect();
    assert!(
        names.iter().all(|name| name.starts_with("__Host-")) && names.len() == 2,
        "{names:?}"
    );
}

#[actix_web::test]
async fn log_out_ends_the_session_for_every_copy_of_the_cookie() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    let cookie = client.cookies();
    let page = client.get("/profile").await;
    let page = client.submit(&page, "/logout", &[]).await;
    assert_eq!(
        (page.heading().as_str(), page.notice().as_str()),
        ("Sign in", "You are signed out.")
    );
    assert_eq!(client.get("/login").await.notice(), "", "said once");
    let request = client.request("GET", "/profile").header("cookie", cookie);
    assert_eq!(client.send(request).await.status, 303);
    assert_eq!(app.holdings(acme.admin).await.2, 0);
}

#[actix_web::test]
async fn sessions_end_when_idle_and_at_their_longest() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    app.advance(TimeDelta::minutes(29));
    assert_eq!(client.get("/profile").await.status, 200);
    app.advance(TimeDelta::minutes(29));
    assert_eq!(
        client.get("/profile").await.status,
        200,
        "use keeps it open"
    );
    app.advance(TimeDelta::minutes(31));
    let page = client.get("/profile").await;
    assert_eq!(page.location(), "/login?next=%2Fprofile");
    assert_eq!(
        client.arrive(page).await.notice(),
        "Your session has ended. Sign in to go on."
    );

    let client = acme.org_admin().await;
    for _ in 0..25 {
        app.advance(TimeDelta::minutes(28));
        assert_eq!(client.get("/profile").await.status, 200);
    }
    app.advance(TimeDelta::minutes(21));
    assert_eq!(
        client.get("/profile").await.status,
        303,
        "after twelve hours, however busy"
    );
    // A shorter setting acts on sessions that are open.
    let client = acme.org_admin().await;
    app.change(|tx| {
        use tenantry::db::schema::organizations;
        diesel::update(organizations::table)
            .set(organizations::idle_minutes.eq(5))
            .execute(tx.db())?;
        Ok(())
    })
    .await;
    app.advance(TimeDelta::minutes(6));
    assert_eq!(client.get("/profile").await.status, 303);
}

#[actix_web::test]
async fn last_seen_is_written_once_a_minute() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    let seen = || {
        app.ask(|db| {
            sessions::table
                .select(sessions::seen_at)
                .first::<NaiveDateTime>(db)
        })
    };
    let first = seen().await;
    app.advance(TimeDelta::seconds(50));
    client.get("/profile").await;
    assert_eq!(seen().await, first);
    app.advance(TimeDelta::seconds(10));
    client.get("/profile").await;
    let second = seen().await;
    assert!(second - first >= TimeDelta::minutes(1));
    client.get("/profile").await;
    assert_eq!(seen().await, second);
}

#[actix_web::test]
async fn twenty_failures_from_one_address_close_it_for_five_minutes() {
    let app = TestApp::start_with(&["--trusted-proxies", "127.0.0.1"]).await;
    let acme = app.organization("Acme").await;
    let email = acme.admin_email.as_str();
    let client = app.anonymous();
    for number in 0..20 {
        assert_eq!(
            from(&client, "203.0.113.1", email, PASSWORD).await.status,
            303,
            "successes do not count"
        );
        let wrong = format!("nobody{number}@acme.example");
        assert_eq!(
            from(&client, "203.0.113.1", &wrong, PASSWORD).await.status,
            422
        );
        app.advance(TimeDelta::seconds(1));
    }
    let refused = from(&client, "203.0.113.1", email, PASSWORD).await;
    assert_eq!(
        (refused.status, refused.heading().as_str()),
        (429, "Too many attempts")
    );
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((270..=281).contains(&wait), "{wait}");
    assert_eq!(
        from(&client, "203.0.113.2", email, PASSWORD).await.status,
        303,
        "another address"
    );
    app.advance(TimeDelta::seconds(wait - 20));
    assert_eq!(
        from(&client, "203.0.113.1", email, PASSWORD).await.status,
        429
    );
    app.advance(TimeDelta::seconds(20));
    assert_eq!(
        from(&client, "203.0.113.1", email, PASSWORD).await.status,
        303
    );
}

#[actix_web::test]
async fn parallel_failures_are_counted_exactly() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let attempts = (0..40).map(|_| client.sign_in(&acme.admin_email, "wrong"));
    let answers = futures_util::future::join_all(attempts).await;
    let refused = answers.iter().filter(|answer| answer.status == 422).count();
    assert_eq!(refused, 20);
    assert!(
        answers
            .iter()
            .all(|answer| [422, 429].contains(&answer.status))
    );
}

#[actix_web::test]
async fn next_leads_only_to_our_own_pages() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let wanted = format!("/security/accounts/{}?q=a%26b", acme.account);
    let page = client.get(&wanted).await;
    let page = client.get(&page.location()).await;
    assert_eq!(page.notice(), "", "there was no session that could end");
    assert_eq!(page.field("next"), wanted);
    let page = client
        .submit(
            &page,
            "/login",
            &[("email", &acme.admin_email), ("password", "x")],
        )
        .await;
    assert_eq!(page.field("next"), wanted, "kept after a failure");
    let page = client
        .submit(
            &page,
            "/login",
            &[("email", &acme.admin_email), ("password", PASSWORD)],
        )
        .await;
    assert_eq!((page.status, page.field("q").as_str()), (200, "a&b"));
    for evil in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "evil",
        "",
    ] {
        let client = app.anonymous();
        let fields = [
            ("email", acme.admin_email.as_str()),
            ("password", PASSWORD),
            ("next", evil),
        ];
        assert_eq!(
            client.post("/login", &fields).await.location(),
            "/",
            "{evil:?}"
        );
        let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        assert_eq!(
            app.anonymous()
                .get(&format!("/login?next={encoded}"))
                .await
                .field("next"),
            "",
            "{evil:?}"
        );
    }
    // Without a privilege in Security the start page is My Profile, and its address by hand is refused.
    acme.user(acme.account, "Plain User", "plain@acme.example")
        .await;
    let plain = app.signed_in("plain@acme.example").await;
    let page = plain.get("/").await;
    let page = plain.arrive(page).await;
    assert_eq!(page.heading(), "My Profile");
    assert!(page.link("Security").is_none());
    for path in ["/security", "/security/accounts", &wanted] {
        assert_eq!(plain.get(path).await.status, 403, "{path}");
    }
}

#[actix_web::test]
async fn with_64_checks_waiting_the_next_is_turned_away() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    // Each of these takes its place when it is first polled, and keeps it: those that have their turn wait at the gate.
    let (open, gate) = std::sync::mpsc::channel::<()>();
    let (began, begun) = std::sync::mpsc::channel();
    let gate = std::sync::Arc::new(std::sync::Mutex::new(gate));
    let check = || {
        let (gate, began) = (std::sync::Arc::clone(&gate), began.clone());
        Box::pin(app.app.hashing(move |_| {
            began.send(()).unwrap();
            gate.lock().unwrap().recv()
        }))
    };
    let turns = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1));
    let mut queue = Vec::new();
    for number in 0..turns + 64 {
        let mut check = check();
        let waits =
            std::future::poll_fn(|context| Poll::Ready(check.as_mut().poll(context).is_pending()));
        assert!(waits.await);
        queue.push(check);
        if number < turns {
            begun.recv().unwrap();
        }
    }
    let client = app.anonymous();
    for _ in 0..21 {
        let page = client.sign_in(&acme.admin_email, PASSWORD).await;
        assert_eq!(
            (page.status, page.heading().as_str()),
            (503, "Tenantry is busy")
        );
        assert_eq!(page.header("retry-after"), "5");
    }
    let page = client.get("/login").await;
    assert_eq!(page.status, 200, "pages without a password check go on");
    drop((open, queue));
    // What nobody waits for any more is passed over, which takes its time too.
    let mut page = client.sign_in(&acme.admin_email, PASSWORD).await;
    for _ in 0..100 {
        if page.status != 503 {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
        page = client.sign_in(&acme.admin_email, PASSWORD).await;
    }
    assert_eq!(page.status, 303, "being turned away is no failure");
}

#[actix_web::test]
async fn a_hash_with_other_parameters_is_renewed_at_the_next_sign_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.admin;
    let hash = || {
        app.ask(move |db| {
            users::table
                .find(admin)
                .select(users::password_hash)
                .first::<Option<String>>(db)
        })
    };
    let old = hash().await.unwrap();
    assert!(old.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{old}");
    app.signed_in(&acme.admin_email).await;
    assert_eq!(hash().await.unwrap(), old, "as it should be");

    let stronger = app
        .again(&["--argon2-memory", "128", "--argon2-passes", "2"])
        .await;
    assert_eq!(
        stronger
            .anonymous()
            .sign_in(&acme.admin_email, "wrong")
            .await
            .status,
        422
    );
    assert_eq!(hash().await.unwrap(), old);
    stronger.signed_in(&acme.admin_email).await;
    let new = hash().await.unwrap();
    assert!(new.starts_with("$argon2id$v=19$m=128,t=2,p=1$"), "{new}");
    app.signed_in(&acme.admin_email).await;
}

/// A browser comes back after the week-end, with the cookie of a session that has run out.
#[actix_web::test]
async fn the_first_sign_in_after_a_session_has_ended_works() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    app.advance(TimeDelta::days(3));
    let fields = [("email", acme.admin_email.as_str()), ("password", PASSWORD)];
    assert_eq!(admin.post("/login", &fields).await.status, 303);
    assert_eq!(admin.get("/profile").await.status, 200);
}
