//! Tokens for an hour, one's own secrets and password.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::{Value, json};
use tenantry::db::schema::users;

use crate::caller::{Answer, Caller, secrets};
use crate::support::phone::enter;
use crate::support::{PASSWORD, Phone, TestApp};

async fn sign_in(app: &TestApp, username: &str, password: &str) -> Answer {
    let body = json!({"username": username, "password": password});
    Caller::with(app, "").post("/authentication", &body).await
}

async fn bearer(app: &TestApp, username: &str) -> Caller {
    let answer = sign_in(app, username, PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Caller::with(
        app,
        &format!("Bearer {}", answer.json["token"].as_str().unwrap()),
    )
}

#[actix_web::test]
async fn a_token_stands_for_the_pair_for_an_hour() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = bearer(&app, &acme.admin_email.to_uppercase()).await;
    let own = caller.get("/authentication/secrets").await;
    let (user, organization) = secrets(&app, acme.admin).await;
    assert_eq!(
        own.json,
        json!({"organizationSecret": organization, "userSecret": user})
    );
    assert_eq!(caller.get("/accounts").await.status, 200);
    let lower = Caller::with(&app, &caller.authorization.replace("Bearer", "bEARER"));
    assert_eq!(lower.get("/accounts").await.status, 200);
    for wrong in [
        format!("{}0", caller.authorization),
        caller.authorization.to_uppercase(),
        "Bearer".to_owned(),
    ] {
        assert_eq!(
            Caller::with(&app, &wrong).get("/accounts").await.status,
            401,
            "{wrong}"
        );
    }
    app.advance(TimeDelta::minutes(59));
    assert_eq!(
        caller.get("/accounts").await.status,
        200,
        "idle limits are the console's"
    );
    app.advance(TimeDelta::minutes(1));
    assert_eq!(caller.get("/accounts").await.status, 401);
}

#[actix_web::test]
async fn a_token_opens_no_page_and_a_session_no_call() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = bearer(&app, &acme.admin_email).await;
    let browser = app.anonymous();
    let request = browser
        .request("GET", "/profile")
        .header("authorization", &caller.authorization);
    assert_eq!(browser.send(request).await.status, 303);
    let page = acme.org_admin().await.get("/profile").await;
    assert!(
        page.text().contains("API token"),
        "its user sees it, and can end it"
    );
}

#[actix_web::test]
async fn what_ends_sessions_ends_tokens() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user_with(
            acme.account,
            "Max Muster",
            "max@acme.example",
            (false, true),
        )
        .await;
    let admin = Caller::of(&app, acme.admin).await;
    let path = format!("/users/{user}");
    for (body, repair) in [
        (json!({"roles": []}), Value::Null),
        (json!({"active": false}), json!({"active": true})),
    ] {
        let caller = bearer(&app, "max@acme.example").await;
        assert_eq!(caller.get("/organizations/me").await.status, 200);
        assert_eq!(admin.patch(&path, &body).await.status, 200);
        assert_eq!(caller.get("/organizations/me").await.status, 401, "{body}");
        if !repair.is_null() {
            admin.patch(&path, &repair).await;
        }
        assert_eq!(
            caller.get("/organizations/me").await.status,
            401,
            "it does not come back: {body}"
        );
    }
    let caller = bearer(&app, "max@acme.example").await;
    for _ in 0..5 {
        sign_in(&app, "max@acme.example", "wrong").await;
    }
    assert_eq!(caller.get("/organizations/me").await.status, 401, "a lock");
    admin.post(&format!("{path}/unlock"), &json!({})).await;
    let (one, two) = (
        bearer(&app, "max@acme.example").await,
        bearer(&app, "max@acme.example").await,
    );
    let change = json!({"password": "Another-Battery-9", "oldPassword": PASSWORD});
    assert_eq!(
        one.post("/authentication/passwords", &change).await.status,
        200
    );
    assert_eq!(
        one.get("/organizations/me").await.status,
        200,
        "the one in use stays"
    );
    assert_eq!(two.get("/organizations/me").await.status, 401);
}

#[actix_web::test]
async fn wrong_passwords_lock_and_slow_down_as_at_the_sign_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    for _ in 0..5 {
        assert_eq!(sign_in(&app, "max@acme.example", "wrong").await.status, 401);
    }
    let locked = sign_in(&app, "max@acme.example", PASSWORD).await;
    let nobody = sign_in(&app, "nobody@acme.example", PASSWORD).await;
    assert_eq!(
        (locked.status, locked.message()),
        (401, nobody.message()),
        "all alike"
    );
    let by_pair = Caller::of(&app, user).await;
    assert_eq!(
        by_pair.get("/organizations/me").await.status,
        200,
        "calls by secret go on"
    );
    for _ in 0..13 {
        assert_eq!(
            sign_in(&app, "other@acme.example", "wrong").await.status,
            401
        );
    }
    let slowed = sign_in(&app, &acme.admin_email, PASSWORD).await;
    assert_eq!(slowed.status, 429);
    assert!(!slowed.header("retry-after").is_empty());
    assert_eq!(
        app.anonymous()
            .sign_in(&acme.admin_email, PASSWORD)
            .await
            .status,
        429,
        "one count for both"
    );
    for body in [
        json!({}),
        json!({"username": "x"}),
        json!({"username": 5, "password": "x"}),
        json!([]),
    ] {
        assert_eq!(
            Caller::with(&app, "")
                .post("/authentication", &body)
                .await
                .status,
            400,
            "{body}"
        );
    }
}

#[actix_web::test]
async fn an_expired_password_gives_no_token_until_it_is_changed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = Caller::of(&app, acme.admin).await;
    admin
        .patch(
            &format!("/users/{user}"),
            &json!({"password": "Another-Battery-9"}),
        )
        .await;
    let refused = sign_in(&app, "max@acme.example", "Another-Battery-9").await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert_eq!(refused.json["token"], Value::Null);
    assert_eq!(app.holdings(user).await.2, 0);
    let own = Caller::of(&app, user).await;
    let change = json!({"password": "Third-Battery-99", "oldPassword": "Another-Battery-9"});
    let changed = own.post("/authentication/passwords", &change).await;
    assert_eq!((changed.status, changed.text.as_str()), (200, ""));
    assert_eq!(
        sign_in(&app, "max@acme.example", "Third-Battery-99")
            .await
            .status,
        200
    );
}

/// Signs in with a code of the second factor.
async fn sign_in_with(app: &TestApp, username: &str, code: &str) -> Answer {
    let body = json!({"username": username, "password": PASSWORD, "code": code});
    Caller::with(app, "").post("/authentication", &body).await
}

#[actix_web::test]
async fn a_second_factor_is_asked_for_and_judged_as_at_the_sign_in() {
    const MAX: &str = "max@acme.example";
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme.user(acme.account, "Max Muster", MAX).await;
    let phone = Phone::of(&app, &app.signed_in(MAX).await).await;
    let without = sign_in(&app, MAX, PASSWORD).await;
    assert_eq!(without.status, 403, "{}", without.text);
    assert!(without.message().contains("second factor"));
    assert_eq!(without.json["token"], Value::Null);

    let code = phone.next_code(&app);
    let token = sign_in_with(&app, MAX, &code).await;
    assert_eq!(token.status, 200, "{}", token.text);
    assert_eq!(sign_in_with(&app, MAX, &code).await.status, 401, "replayed");
    let client = app.signed_in(MAX).await;
    let wrong = phone.wrong_code(&app);
    assert_eq!(
        enter(&client, &wrong).await.status,
        422,
        "one count for both"
    );
    let recovery = &phone.recovery_codes[0];
    assert_eq!(sign_in_with(&app, MAX, recovery).await.status, 200);
    assert_eq!(sign_in_with(&app, MAX, recovery).await.status, 401);
    for _ in 0..2 {
        assert_eq!(sign_in_with(&app, MAX, &wrong).await.status, 401);
    }
    let locked = sign_in_with(&app, MAX, &phone.next_code(&app)).await;
    assert_eq!(locked.status, 401, "the third has locked");
    assert_eq!(app.holdings(user).await.2, 0, "and ended everything");
    let codes = app.codes().await;
    assert!(codes.contains(&"user.locked".to_owned()), "{codes:?}");
}

#[actix_web::test]
async fn a_code_with_an_expired_or_wrong_password_gives_no_token() {
    const MAX: &str = "max@acme.example";
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme.user(acme.account, "Max Muster", MAX).await;
    let phone = Phone::of(&app, &app.signed_in(MAX).await).await;
    let code = phone.next_code(&app);
    let body = json!({"username": MAX, "password": "wrong", "code": code});
    let wrong = Caller::with(&app, "").post("/authentication", &body).await;
    assert_eq!(wrong.status, 401);
    app.set_expired(user, true).await;
    let expired = sign_in_with(&app, MAX, &code).await;
    assert_eq!(expired.status, 403, "the code was not used up before");
    assert!(expired.message().contains("password"), "{}", expired.text);
}

#[actix_web::test]
async fn where_a_second_factor_is_demanded_there_is_no_token_without_one() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let fields = [("method", "totp")];
    let admin = acme.org_admin().await;
    admin.post("/security/settings/two-factor", &fields).await;
    for answer in [
        sign_in(&app, "max@acme.example", PASSWORD).await,
        sign_in_with(&app, "max@acme.example", "123456").await,
    ] {
        assert_eq!(answer.status, 403, "{}", answer.text);
        assert!(answer.message().contains("set up"), "{}", answer.text);
    }
    assert!(!app.codes().await.contains(&"user.code-refused".to_owned()));
}

#[actix_web::test]
async fn a_reset_second_factor_is_asked_for_no_more() {
    const MAX: &str = "max@acme.example";
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme.user(acme.account, "Max Muster", MAX).await;
    let client = app.signed_in(MAX).await;
    Phone::of(&app, &client).await;
    let admin = Caller::of(&app, acme.admin).await;
    let path = format!("/users/{user}/two-factor/reset");
    let reset = admin.post(&path, &json!({})).await;
    assert_eq!((reset.status, &reset.json["id"]), (200, &json!(user)));
    assert_eq!(client.get("/profile").await.status, 303);
    assert_eq!(sign_in(&app, MAX, PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn the_own_password_is_changed_by_who_knows_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let caller = Caller::of(&app, user).await;
    let path = "/authentication/passwords";
    let change = |old: &str, new: &str| json!({"oldPassword": old, "password": new});
    for (body, status, words) in [
        (change("wrong", "Another-Battery-9"), 401, "credentials"),
        (change(PASSWORD, "weak"), 400, "special character"),
        (change(PASSWORD, "Muster-Battery-9"), 400, "last name"),
        (change(PASSWORD, PASSWORD), 400, "last 3 passwords"),
        (json!({"password": "Another-Battery-9"}), 400, "oldPassword"),
        (json!({"oldPassword": PASSWORD}), 400, "password"),
    ] {
        let answer = caller.post(path, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert!(answer.message().contains(words), "{}", answer.message());
    }
    let browser = app.signed_in("max@acme.example").await;
    assert_eq!(
        caller
            .post(path, &change(PASSWORD, "Another-Battery-9"))
            .await
            .status,
        200
    );
    assert_eq!(
        browser.get("/profile").await.status,
        303,
        "all sessions have ended"
    );
    for _ in 0..5 {
        caller
            .post(path, &change("wrong", "Third-Battery-99"))
            .await;
    }
    let late = caller
        .post(path, &change("Another-Battery-9", "Third-Battery-99"))
        .await;
    assert_eq!(late.status, 401, "locked: even the right one is refused");
    let api_only = acme.crowd(acme.account, "Only", 1).await[0];
    let none = Caller::of(&app, api_only)
        .await
        .post(path, &change("", "Another-Battery-9"))
        .await;
    assert_eq!(none.status, 401);
}

#[actix_web::test]
async fn a_right_password_that_comes_after_the_lock_changes_nothing() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let caller = Caller::of(&app, user).await;
    // The lock is being written while the right password is checked: the change waits for the row, and finds it locked.
    let lock = app.change(move |tx| {
        let until = tx.now() + TimeDelta::minutes(30);
        diesel::update(users::table.find(user))
            .set(users::locked_until.eq(until))
            .execute(tx.db())?;
        std::thread::sleep(std::time::Duration::from_millis(600));
        Ok(())
    });
    let body = json!({"oldPassword": PASSWORD, "password": "Another-Battery-9"});
    let late = caller.post("/authentication/passwords", &body);
    let ((), late) = futures_util::future::join(lock, late).await;
    assert_eq!(late.status, 401, "{}", late.text);
    app.advance(TimeDelta::hours(1));
    let unchanged = sign_in(&app, "max@acme.example", PASSWORD).await;
    assert_eq!(unchanged.status, 200, "{}", unchanged.text);
}

#[actix_web::test]
async fn nobody_is_told_whether_the_old_password_is_right_while_locked() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let caller = Caller::of(&app, user).await;
    let change = |old: &str| json!({"oldPassword": old, "password": "weak"});
    for _ in 0..5 {
        caller
            .post("/authentication/passwords", &change("wrong"))
            .await;
    }
    for old in [PASSWORD, "wrong"] {
        let answer = caller.post("/authentication/passwords", &change(old)).await;
        let message = "No active user belongs to these credentials.";
        assert_eq!((answer.status, answer.message()), (401, message), "{old}");
    }
    for _ in 0..13 {
        caller
            .post("/authentication/passwords", &change("wrong"))
            .await;
    }
    let hurried = caller
        .post("/authentication/passwords", &change("wrong"))
        .await;
    assert_eq!(hurried.status, 429, "the address has failed twenty times");
}

/// Asks for a user and its secret with its password.
async fn ask_with_password(caller: &Caller, user: i64) -> Answer {
    let request = caller
        .request("GET", &format!("/users/{user}"))
        .header("elements-user-password", PASSWORD);
    caller.send(request).await
}

#[actix_web::test]
async fn a_password_opens_no_secret_where_it_alone_signs_nobody_in() {
    const MAX: &str = "max@acme.example";
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme.user(acme.account, "Max Muster", MAX).await;
    let admin = Caller::of(&app, acme.admin).await;
    assert_eq!(ask_with_password(&admin, user).await.status, 200);

    let console = acme.org_admin().await;
    let demand = async |method: &str| {
        let fields = [("method", method)];
        console.post("/security/settings/two-factor", &fields).await;
    };
    let refused = async |words: &str| {
        let answer = ask_with_password(&admin, user).await;
        assert_eq!(answer.status, 403, "{}", answer.text);
        assert!(answer.message().contains(words), "{}", answer.text);
        assert_eq!(answer.json["secret"], Value::Null);
    };
    demand("totp").await;
    refused("set up its second factor").await;
    demand("none").await;
    assert_eq!(ask_with_password(&admin, user).await.status, 200);

    app.set_expired(user, true).await;
    refused("change its password").await;
    app.set_expired(user, false).await;

    Phone::of(&app, &app.signed_in(MAX).await).await;
    refused("second factor").await;
    let codes = app.codes().await;
    let revealed = codes.iter().filter(|code| *code == "secret.revealed");
    assert_eq!(revealed.count(), 2);
    assert_eq!(codes.last().unwrap(), "user.password-accepted");
}
