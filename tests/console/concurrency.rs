//! Many at once: nothing fails, nothing is lost, and everybody sees what they have just done.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use futures_util::future::{join, join_all};

use crate::support::user_forms::{GOOD, users};
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn a_hundred_requests_at_once_are_all_answered_and_nothing_is_lost() {
    // Sign-ins come from addresses of their own, for one address may have only so many under way.
    let app = TestApp::start_with(&["--trusted-proxies", "127.0.0.1"]).await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 60).await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let (home, path) = (
        format!("/security/accounts/{}", acme.account),
        users(acme.account),
    );
    let one = |number: usize| {
        let (admin, home, path, app, crowd) = (&admin, &home, &path, &app, &crowd);
        async move {
            let answer = match number % 4 {
                0 => {
                    admin
                        .get(&format!("{home}?q=crowd&sort=last&dir=desc"))
                        .await
                }
                1 => {
                    let email = format!("new{number}@acme.example");
                    let typed =
                        [&GOOD[..2], &[("email", &email), ("password", GOOD[3].1)]].concat();
                    admin.post(path, &typed).await
                }
                2 => {
                    let (id, email) = (crowd[number / 4], format!("edited{number}@acme.example"));
                    let typed = [
                        ("version", "1"),
                        ("first_name", "Ed"),
                        ("last_name", "Ited"),
                        ("email", &email),
                        ("active", "on"),
                    ];
                    admin.post(&format!("{path}/{id}"), &typed).await
                }
                _ => {
                    let request = app
                        .anonymous()
                        .request("POST", "/login")
                        .header("sec-fetch-site", "same-origin")
                        .header("x-forwarded-for", format!("203.0.113.{number}"))
                        .form(&[("email", "max@acme.example"), ("password", PASSWORD)]);
                    admin.send(request).await
                }
            };
            (number % 4, answer.status)
        }
    };
    for (kind, status) in join_all((0..100).map(one)).await {
        assert_eq!(status, if kind == 0 { 200 } else { 303 }, "kind {kind}");
    }
    let total = |query: &str| {
        let path = format!("{home}?q={query}");
        let admin = &admin;
        async move { admin.get(&path).await.find(".pager .hint").join("") }
    };
    assert_eq!(total("new").await, "25 of 25");
    assert_eq!(total("edited").await, "25 of 25");
    assert_eq!(app.holdings(max).await.2, 25);
    let codes = app.codes().await;
    let count = |code: &str| codes.iter().filter(|it| *it == code).count();
    assert_eq!(
        (
            count("user.created"),
            count("user.updated"),
            count("user.signed-in")
        ),
        (25, 25, 26)
    );
}

#[actix_web::test]
async fn everybody_reads_what_they_wrote() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let (home, path) = (
        format!("/security/accounts/{}", acme.account),
        users(acme.account),
    );
    let one = |number: usize| {
        let (admin, home, path) = (admin.clone(), &home, &path);
        async move {
            let (email, name) = (
                format!("user{number}@acme.example"),
                format!("Zoë N{number}"),
            );
            let last = format!("N{number}");
            let typed = [
                ("first_name", "Zoë"),
                ("last_name", &last),
                ("email", &email),
                ("password", GOOD[3].1),
            ];
            assert_eq!(admin.post(path, &typed).await.status, 303);
            let list = admin.get(&format!("{home}?q={email}")).await;
            let (id, active, _) = list.active_box(&name);
            assert!(active);
            let change = format!("{id}.1.0");
            let done = admin
                .post(&format!("{home}/activations"), &[("change", &change)])
                .await;
            assert_eq!(done.status, 303);
            let list = admin.get(&format!("{home}?q={email}")).await;
            assert!(!list.active_box(&name).1);
            assert_eq!(
                admin
                    .post(&format!("{path}/{id}/deletion"), &[])
                    .await
                    .status,
                303
            );
            assert!(
                admin
                    .get(&format!("{home}?q={email}"))
                    .await
                    .table()
                    .is_empty()
            );
        }
    };
    join_all((0..16).map(one)).await;
    assert_eq!(admin.get(&home).await.find(".pager .hint"), ["1 of 1"]);
}

#[actix_web::test]
async fn a_deactivation_while_the_password_is_checked_keeps_the_user_out() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    // Whoever has a turn at hashing waits at the gate, so the password is checked when it opens.
    let (open, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let turns = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1));
    let held = (0..turns).map(|_| {
        let gate = Arc::clone(&gate);
        app.app.hashing(move |_| gate.lock().unwrap().recv())
    });
    let client = app.anonymous();
    let before = app.app.queries();
    let deactivated = async {
        while app.app.queries() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        app.set_active(max, false).await;
        drop(open);
    };
    let attempt = join(client.sign_in("max@acme.example", PASSWORD), deactivated);
    let (_, (page, ())) = join(join_all(held), attempt).await;
    assert_eq!(page.status, 422);
    let (code, _, _, details) = app.events().await.pop().unwrap();
    assert_eq!(code, "user.sign-in-refused");
    assert_eq!(details, r#"{"reason":{"after":"inactive"}}"#);
}
