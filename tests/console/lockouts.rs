//! Wrong passwords in a row lock a user, exactly; nobody outside can lock all administrators out for good.

use chrono::{NaiveDateTime, TimeDelta};

use crate::support::user_forms::open;
use crate::support::{Client, Organization, PASSWORD, TestApp};

/// Sign-ins from addresses of their own, so that only the user's count matters.
async fn attempt(app: &TestApp, email: &str, password: &str, address: u32) -> u16 {
    let client = app.anonymous();
    let request = client
        .request("POST", "/login")
        .header("sec-fetch-site", "same-origin")
        .header(
            "x-forwarded-for",
            format!("10.1.{}.{}", address / 250, address % 250),
        )
        .form(&[("email", email), ("password", password)]);
    client.send(request).await.status
}

async fn start() -> TestApp {
    TestApp::start_with(&["--trusted-proxies", "127.0.0.1"]).await
}

async fn fail(app: &TestApp, email: &str, times: u32) {
    for number in 0..times {
        assert_eq!(attempt(app, email, "wrong", number).await, 422);
    }
}

async fn may_sign_in(app: &TestApp, email: &str) -> bool {
    attempt(app, email, PASSWORD, 9999).await == 303
}

async fn locked_rows(client: &Client, acme: &Organization<'_>) -> Vec<String> {
    let path = format!("/security/accounts/{}?status=locked", acme.account);
    client.get(&path).await.last_names()
}

#[actix_web::test]
async fn five_lock_for_half_an_hour_and_four_do_not() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    fail(&app, "zoe@acme.example", 4).await;
    assert!(
        may_sign_in(&app, "zoe@acme.example").await,
        "four are forgiven"
    );
    fail(&app, "zoe@acme.example", 5).await;
    assert!(!may_sign_in(&app, "zoe@acme.example").await);
    app.advance(TimeDelta::minutes(29));
    assert!(!may_sign_in(&app, "zoe@acme.example").await);
    app.advance(TimeDelta::minutes(1));
    assert!(may_sign_in(&app, "zoe@acme.example").await);
    let codes = app.codes().await;
    assert_eq!(
        codes.iter().filter(|code| *code == "user.locked").count(),
        1
    );
}

#[actix_web::test]
async fn a_lock_ends_sessions_and_looks_like_a_wrong_password() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let zoe = app.signed_in("zoe@acme.example").await;
    fail(&app, "zoe@acme.example", 5).await;
    assert_eq!(zoe.get("/profile").await.status, 303);
    let fields = |password| [("email", "zoe@acme.example"), ("password", password)];
    let right = app.anonymous().post("/login", &fields(PASSWORD)).await;
    let wrong = app.anonymous().post("/login", &fields("wrong")).await;
    assert_eq!((right.status, right.text()), (wrong.status, wrong.text()));
}

#[actix_web::test]
async fn what_kept_somebody_out_is_noted() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let reason = async |password, address| {
        assert_eq!(
            attempt(&app, "zoe@acme.example", password, address).await,
            422
        );
        let (code, _, _, details) = app.events().await.pop().unwrap();
        assert_eq!(code, "user.sign-in-refused");
        details
    };
    let noted = |reason| format!(r#"{{"reason":{{"after":"{reason}"}}}}"#);
    fail(&app, "zoe@acme.example", 5).await;
    assert_eq!(reason("wrong", 6).await, noted("password"));
    assert_eq!(reason(PASSWORD, 7).await, noted("locked"));
    app.set_active(zoe, false).await;
    assert_eq!(reason(PASSWORD, 8).await, noted("inactive"), "locked too");
}

#[actix_web::test]
async fn three_more_lock_until_somebody_unlocks() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    fail(&app, "zoe@acme.example", 8).await;
    app.advance(TimeDelta::days(400));
    assert!(!may_sign_in(&app, "zoe@acme.example").await);

    let admin = acme.org_admin().await;
    assert_eq!(locked_rows(&admin, &acme).await, ["Müller"]);
    let page = admin
        .get(&format!("/security/accounts/{}", acme.account))
        .await;
    let page = admin.get(&page.link("Unlock Zoë Müller").unwrap()).await;
    assert_eq!(page.heading(), "Unlock Zoë Müller?");
    let action = format!("/security/accounts/{}/users/{zoe}/unlock", acme.account);
    let page = admin.submit(&page, &action, &[]).await;
    assert_eq!(page.notice(), "Zoë Müller was unlocked.");
    assert_eq!(page.link("Unlock Zoë Müller"), None);
    assert!(may_sign_in(&app, "zoe@acme.example").await);
    assert!(app.codes().await.contains(&"user.unlocked".to_owned()));
}

#[actix_web::test]
async fn an_org_admin_is_never_locked_for_good() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    fail(&app, &acme.admin_email, 20).await;
    assert!(!may_sign_in(&app, &acme.admin_email).await);
    app.advance(TimeDelta::minutes(30));
    assert!(may_sign_in(&app, &acme.admin_email).await);
}

#[actix_web::test]
async fn two_hundred_at_once_are_counted_exactly() {
    let app = std::sync::Arc::new(start().await);
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    // A few at a time: the queue for hashing turns away what it cannot hold.
    for wave in 0..10 {
        let attempts: Vec<_> = (0..20)
            .map(|number| {
                let app = std::sync::Arc::clone(&app);
                actix_web::rt::spawn(async move {
                    attempt(&app, "zoe@acme.example", "wrong", wave * 20 + number).await
                })
            })
            .collect();
        for attempt in attempts {
            assert_eq!(attempt.await.unwrap(), 422);
        }
    }
    let locks: Vec<_> = app
        .events()
        .await
        .into_iter()
        .filter(|event| event.0 == "user.locked")
        .collect();
    assert_eq!(
        locks.len(),
        2,
        "once for half an hour, once for good: {locks:?}"
    );
    let refused = app.codes().await;
    let refused = refused
        .iter()
        .filter(|code| *code == "user.sign-in-refused");
    assert_eq!(refused.count(), 200);
}

#[actix_web::test]
async fn asking_for_the_present_password_counts_too() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let zoe = app.signed_in("zoe@acme.example").await;
    let fields = [
        ("present_password", "wrong"),
        ("password", "Another-Battery-9"),
    ];
    for _ in 0..5 {
        zoe.post("/profile/password", &fields).await;
    }
    assert_eq!(
        zoe.get("/profile").await.status,
        303,
        "the session has ended"
    );
    assert!(!may_sign_in(&app, "zoe@acme.example").await);
}

#[actix_web::test]
async fn nobody_unlocks_themselves_or_somebody_above() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let own = format!(
        "/security/accounts/{}/users/{}/unlock",
        acme.account, acme.admin
    );
    assert_eq!(admin.post(&own, &[]).await.status, 422);
    acme.user_with(acme.account, "Own Admin", "own@acme.example", (false, true))
        .await;
    use tenantry::domain::privilege::Privilege::{EditUsersOrg, ViewAccounts, ViewUsersOrg};
    acme.set_role("admin", &[EditUsersOrg, ViewAccounts, ViewUsersOrg])
        .await;
    let below = app.signed_in("own@acme.example").await;
    assert_eq!(below.post(&own, &[]).await.status, 403);
}

#[actix_web::test]
async fn a_right_guess_among_many_at_once_comes_too_late() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let zoe = app.signed_in("zoe@acme.example").await;
    let guess = |present: &'static str| {
        let zoe = zoe.clone();
        actix_web::rt::spawn(async move {
            let fields = [
                ("present_password", present),
                ("password", "Another-Battery-9"),
            ];
            zoe.post("/profile/password", &fields).await.status
        })
    };
    let mut guesses: Vec<_> = (0..20).map(|_| guess("wrong")).collect();
    guesses.push(guess(PASSWORD));
    for guess in guesses {
        guess.await.unwrap();
    }
    let codes = app.codes().await;
    let place = |code: &str| codes.iter().position(|it| it == code);
    let locked = place("user.locked").unwrap();
    assert!(
        place("user.password-changed").is_none_or(|changed| changed < locked),
        "{codes:?}"
    );
}

#[actix_web::test]
async fn the_end_of_a_lock_is_told_with_its_day() {
    let app = start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let end = || app.app.clock.now() + TimeDelta::minutes(30);
    let earliest = end();
    fail(&app, "max@acme.example", 5).await;
    let latest = end();
    let admin = acme.org_admin().await;
    let page = open(&admin, acme.account, max).await;
    let told = |end: NaiveDateTime| {
        let words = format!("until {} UTC", end.format("%Y-%m-%d %H:%M"));
        page.text().contains(&words)
    };
    assert!(told(earliest) || told(latest), "{}", page.text());
}
