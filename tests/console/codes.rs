//! Codes at sign-in: which are accepted, each once; wrong ones in a row lock a user, exactly.

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::{sessions, users};

use crate::support::phone::{Phone, enter, next_step};
use crate::support::{Client, Organization, Page, Smtp, TestApp};

const ZOE: &str = "zoe@acme.example";

/// Zoë, with a phone that she has just set up.
async fn zoe(app: &TestApp, acme: &Organization<'_>) -> (i64, Phone) {
    let id = acme.user(acme.account, "Zoë Müller", ZOE).await;
    let client = app.signed_in(ZOE).await;
    (id, Phone::of(app, &client).await)
}

fn is_refused(page: &Page) -> bool {
    page.status == 422
        && page.error("code")
            == "This code did not work. Enter the one that the app shows now, or an unused recovery code."
}

async fn count(app: &TestApp, code: &str) -> usize {
    let codes = app.codes().await;
    codes.iter().filter(|it| *it == code).count()
}

async fn can_sign_in(app: &TestApp) -> bool {
    let client = app.anonymous();
    let answer = client.sign_in(ZOE, crate::support::PASSWORD).await;
    answer.status == 303
}

#[actix_web::test]
async fn a_step_either_way_is_accepted_and_two_are_not() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    for _ in 0..4 {
        next_step(&app);
    }
    let client = app.signed_in(ZOE).await;
    assert!(is_refused(&enter(&client, &phone.code_at(&app, -2)).await));
    assert!(is_refused(&enter(&client, &phone.code_at(&app, 2)).await));
    assert_eq!(enter(&client, &phone.code_at(&app, -1)).await.status, 303);
    let client = app.signed_in(ZOE).await;
    assert_eq!(enter(&client, &phone.code_at(&app, 1)).await.status, 303);
    let client = app.signed_in(ZOE).await;
    let earlier = enter(&client, &phone.code_at(&app, 0)).await;
    assert!(is_refused(&earlier), "before a step that was used up");
}

#[actix_web::test]
async fn codes_may_be_typed_as_they_are_read() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let code = phone.next_code(&app);
    let typed = format!(" {} {} ", &code[..3], &code[3..]);
    let client = app.signed_in(ZOE).await;
    assert_eq!(enter(&client, &typed).await.status, 303);
    let client = app.signed_in(ZOE).await;
    let typed = phone.recovery_codes[0].replace('-', " ");
    assert_eq!(enter(&client, &typed).await.status, 303);
}

#[actix_web::test]
async fn a_code_is_accepted_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let used = phone.code(&app);
    let client = app.signed_in(ZOE).await;
    let again = enter(&client, &used).await;
    assert!(is_refused(&again), "the code that set it up");
    let code = phone.next_code(&app);
    assert_eq!(enter(&client, &code).await.status, 303);
    let client = app.signed_in(ZOE).await;
    assert!(is_refused(&enter(&client, &code).await));
}

#[actix_web::test]
async fn one_of_many_at_once_is_accepted() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (id, phone) = zoe(&app, &acme).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.push(app.signed_in(ZOE).await);
    }
    let before = count(&app, "user.signed-in").await;
    all_at_once(&clients, &phone.next_code(&app)).await;
    assert_eq!(count(&app, "user.signed-in").await, before + 1);

    // The same in one session: those that come too late are no wrong codes.
    next_step(&app);
    app.advance(TimeDelta::days(1));
    let client = app.signed_in(ZOE).await;
    let refused = count(&app, "user.code-refused").await;
    all_at_once(&vec![client; 10], &phone.next_code(&app)).await;
    assert_eq!(count(&app, "user.signed-in").await, before + 2);
    assert_eq!(count(&app, "user.code-refused").await, refused);
    let stages: Vec<String> = app
        .ask(move |db| {
            sessions::table
                .filter(sessions::user_id.eq(id))
                .select(sessions::stage)
                .load(db)
        })
        .await;
    assert_eq!(stages, ["full"]);
}

async fn all_at_once(clients: &[Client], code: &str) -> Vec<Page> {
    let code = code.to_owned();
    let under_way: Vec<_> = clients
        .iter()
        .map(|client| {
            let (client, code) = (client.clone(), code.clone());
            actix_web::rt::spawn(async move { enter(&client, &code).await })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in under_way {
        answers.push(answer.await.unwrap());
    }
    answers
}

#[actix_web::test]
async fn the_third_wrong_code_locks_for_a_day_across_sessions() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (id, phone) = zoe(&app, &acme).await;
    next_step(&app);
    let open = app.signed_in(ZOE).await;
    enter(&open, &phone.code(&app)).await;
    assert_eq!(open.get("/profile").await.status, 200);

    let wrong = phone.wrong_code(&app);
    let client = app.signed_in(ZOE).await;
    for _ in 0..3 {
        assert_eq!(enter(&client, " ").await.error("code"), "Enter a code.");
    }
    for what in ["x", "1234567890", &wrong] {
        let client = app.signed_in(ZOE).await;
        assert!(is_refused(&enter(&client, what).await), "{what}");
    }
    assert_eq!(
        open.get("/profile").await.status,
        303,
        "sessions have ended"
    );
    assert!(!can_sign_in(&app).await);
    let right = app.anonymous().sign_in(ZOE, crate::support::PASSWORD).await;
    let not = app.anonymous().sign_in(ZOE, "wrong").await;
    assert_eq!((right.status, right.text()), (not.status, not.text()));

    let admin = acme.org_admin().await;
    let path = format!("/security/accounts/{}?status=locked", acme.account);
    let list = admin.get(&path).await;
    assert_eq!(list.last_names(), ["Müller"]);
    assert!(list.link("Unlock Zoë Müller").is_some());
    let edit = admin.get(&list.link("Edit Zoë Müller").unwrap()).await;
    assert!(edit.text().contains("Locked"), "{}", edit.text());
    let events = app.events().await;
    let locked = events.iter().find(|event| event.0 == "user.locked");
    assert!(locked.unwrap().3.contains("wrong codes"));

    app.advance(TimeDelta::minutes(24 * 60 - 1));
    assert!(!can_sign_in(&app).await);
    app.advance(TimeDelta::minutes(2));
    let client = app.signed_in(ZOE).await;
    for _ in 0..2 {
        enter(&client, &wrong).await;
    }
    let page = enter(&client, &phone.next_code(&app)).await;
    assert_eq!(page.location(), "/", "counting began anew");
    assert_eq!(counters(&app, id).await, (0, 0));
}

/// Wrong passwords and wrong codes in a row.
async fn counters(app: &TestApp, user: i64) -> (i32, i32) {
    app.ask(move |db| {
        users::table
            .find(user)
            .select((users::failed_passwords, users::failed_codes))
            .first(db)
    })
    .await
}

#[actix_web::test]
async fn a_right_code_forgets_wrong_ones_and_a_right_password_does_not() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (id, phone) = zoe(&app, &acme).await;
    for _ in 0..2 {
        let client = app.signed_in(ZOE).await;
        enter(&client, &phone.wrong_code(&app)).await;
    }
    assert_eq!(counters(&app, id).await, (0, 2));
    let client = app.signed_in(ZOE).await;
    assert_eq!(counters(&app, id).await, (0, 2));
    assert_eq!(enter(&client, &phone.next_code(&app)).await.status, 303);
    assert_eq!(counters(&app, id).await, (0, 0));
    for _ in 0..2 {
        let client = app.signed_in(ZOE).await;
        enter(&client, &phone.wrong_code(&app)).await;
    }
    assert!(can_sign_in(&app).await);
}

#[actix_web::test]
async fn wrong_codes_at_once_are_counted_exactly() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let mut clients = Vec::new();
    for _ in 0..6 {
        let client = app.signed_in(ZOE).await;
        clients.extend([client.clone(), client.clone(), client]);
    }
    let answers = all_at_once(&clients, &phone.wrong_code(&app)).await;
    let refused = answers.iter().filter(|page| is_refused(page)).count();
    assert_eq!(refused, 3, "after the third there is no session left");
    assert_eq!(count(&app, "user.code-refused").await, 3);
    assert_eq!(count(&app, "user.locked").await, 1);
}

#[actix_web::test]
async fn a_right_code_after_the_third_wrong_one_comes_too_late() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let client = app.signed_in(ZOE).await;
    let wrong = phone.wrong_code(&app);
    let right = phone.next_code(&app);
    let mut guesses: Vec<_> = vec![wrong; 12];
    guesses.push(right);
    let under_way: Vec<_> = guesses
        .into_iter()
        .map(|code| {
            let client = client.clone();
            actix_web::rt::spawn(async move { enter(&client, &code).await })
        })
        .collect();
    for answer in under_way {
        answer.await.unwrap();
    }
    let codes = app.codes().await;
    let last = |code: &str| codes.iter().rposition(|it| it == code);
    if let Some(locked) = last("user.locked") {
        assert!(last("user.signed-in").unwrap() < locked, "{codes:?}");
    }
}

#[actix_web::test]
async fn unlock_clears_both_counters() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (id, phone) = zoe(&app, &acme).await;
    for _ in 0..3 {
        let client = app.signed_in(ZOE).await;
        enter(&client, &phone.wrong_code(&app)).await;
    }
    for _ in 0..2 {
        app.anonymous().sign_in(ZOE, "wrong").await;
    }
    assert!(!can_sign_in(&app).await);
    let admin = acme.org_admin().await;
    let path = format!("/security/accounts/{}/users/{id}/unlock", acme.account);
    assert_eq!(admin.post(&path, &[]).await.status, 303);
    assert_eq!(counters(&app, id).await, (0, 0));
    let client = app.signed_in(ZOE).await;
    assert_eq!(enter(&client, &phone.next_code(&app)).await.status, 303);
}

#[actix_web::test]
async fn recovery_codes_sign_in_once_each() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let mut codes = phone.recovery_codes.clone();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 10);
    for code in &codes[..2] {
        let client = app.signed_in(ZOE).await;
        assert_eq!(enter(&client, code).await.status, 303);
        let profile = client.get("/profile").await;
        assert_eq!(profile.status, 200);
        let client = app.signed_in(ZOE).await;
        assert!(is_refused(&enter(&client, code).await), "a second time");
    }
    let client = app.signed_in(ZOE).await;
    enter(&client, &codes[2]).await;
    let profile = client.get("/profile").await.text();
    assert!(profile.contains("7 of 10 left"), "{profile}");
}

#[actix_web::test]
async fn a_recovery_code_at_once_signs_in_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        clients.push(app.signed_in(ZOE).await);
    }
    let before = count(&app, "user.signed-in").await;
    all_at_once(&clients, &phone.recovery_codes[0]).await;
    assert_eq!(count(&app, "user.signed-in").await, before + 1);
}

#[actix_web::test]
async fn somebody_elses_codes_are_wrong() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let admin = acme.org_admin().await;
    let other = Phone::of(&app, &admin).await;
    next_step(&app);
    let client = app.signed_in(ZOE).await;
    assert!(is_refused(&enter(&client, &other.code(&app)).await));
    assert!(is_refused(&enter(&client, &other.recovery_codes[0]).await));
    assert_eq!(enter(&client, &phone.code(&app)).await.status, 303);
}

#[actix_web::test]
async fn an_address_may_fail_only_so_often() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, phone) = zoe(&app, &acme).await;
    let client = app.signed_in(ZOE).await;
    let other = app.signed_in(ZOE).await;
    enter(&client, &phone.wrong_code(&app)).await;
    for number in 0..19 {
        let email = format!("nobody{number}@acme.example");
        assert_eq!(app.anonymous().sign_in(&email, "x").await.status, 422);
    }
    let page = enter(&other, &phone.next_code(&app)).await;
    assert_eq!(page.status, 429);
    assert!(!page.header("retry-after").is_empty());
    app.advance(TimeDelta::minutes(5));
    assert_eq!(enter(&other, &phone.next_code(&app)).await.status, 303);
}

#[actix_web::test]
async fn only_a_complete_sign_in_counts_as_one() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (id, phone) = zoe(&app, &acme).await;
    let at = async || {
        app.ask(move |db| {
            users::table
                .find(id)
                .select(users::last_login_at)
                .first::<chrono::NaiveDateTime>(db)
        })
        .await
    };
    let (before, signed_in) = (at().await, count(&app, "user.signed-in").await);
    let client = app.signed_in(ZOE).await;
    assert_eq!(at().await, before);
    assert_eq!(count(&app, "user.signed-in").await, signed_in);
    assert_eq!(count(&app, "user.password-accepted").await, 1);
    enter(&client, &phone.next_code(&app)).await;
    assert!(at().await > before);
    assert_eq!(count(&app, "user.signed-in").await, signed_in + 1);
}

#[actix_web::test]
async fn a_mailed_link_skips_no_code_and_buys_no_guesses() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    let (id, phone) = zoe(&app, &acme).await;
    let wrong = phone.wrong_code(&app);
    let client = app.signed_in(ZOE).await;
    enter(&client, &wrong).await;
    enter(&client, &wrong).await;
    app.forget(ZOE).await;
    let form = client.get(&smtp.only().path()).await;
    let typed = [("password", "Another-Battery-9")];
    client.submit(&form, "/password/new", &typed).await;
    assert_eq!(counters(&app, id).await, (0, 2), "wrong codes stay counted");

    let client = app.anonymous();
    let answer = client.sign_in(ZOE, "Another-Battery-9").await;
    assert_eq!(answer.location(), "/login/code");
    enter(&client, &wrong).await;
    let events = app.events().await;
    let locked = events.iter().find(|event| event.0 == "user.locked");
    assert!(locked.unwrap().3.contains("wrong codes"));
}
