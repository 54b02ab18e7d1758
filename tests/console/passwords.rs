//! Former passwords cannot come back, and an expired one is changed before anything else.

use chrono::TimeDelta;

use crate::support::user_forms::add;
use crate::support::{Client, PASSWORD, Page, TestApp};

async fn change(client: &Client, present: &str, new: &str) -> Page {
    let fields = [("present_password", present), ("password", new)];
    let answer = client.post("/profile/password", &fields).await;
    client.arrive(answer).await
}

fn password(number: usize) -> String {
    format!("Battery-Number-{number}")
}

#[actix_web::test]
async fn the_last_three_cannot_be_used_again() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let refused = change(&admin, PASSWORD, PASSWORD).await;
    let sentence = "The password needs to differ from your last 3 passwords.";
    assert_eq!(refused.error("password"), sentence);
    change(&admin, PASSWORD, &password(1)).await;
    change(&admin, &password(1), &password(2)).await;
    let refused = change(&admin, &password(2), PASSWORD).await;
    assert_eq!(refused.error("password"), sentence);
    change(&admin, &password(2), &password(3)).await;
    let page = change(&admin, &password(3), PASSWORD).await;
    assert!(
        page.notice().starts_with("Your password was changed."),
        "three later it may"
    );
}

async fn set_policy(client: &Client, field: &str, value: &str) {
    let page = client.get("/security/settings").await;
    let path = "/security/settings/password-policy";
    assert_eq!(
        client.submit(&page, path, &[(field, value)]).await.status,
        200
    );
}

#[actix_web::test]
async fn with_none_remembered_any_may_come_back() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    set_policy(&admin, "previous_password_count", "0").await;
    let page = change(&admin, PASSWORD, PASSWORD).await;
    assert!(page.notice().starts_with("Your password was changed."));
}

#[actix_web::test]
async fn an_expired_password_opens_nothing_but_the_page_for_a_new_one() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    set_policy(&admin, "expiration_days", "30").await;
    app.advance(TimeDelta::days(29));
    assert_eq!(acme.org_admin().await.get("/profile").await.status, 200);
    app.advance(TimeDelta::days(1));

    let client = acme.org_admin().await;
    for path in ["/", "/profile", "/security/accounts", "/security/settings"] {
        let page = client.get(path).await;
        assert_eq!(page.location(), "/login/password", "{path}");
    }
    let form = client.get("/login/password").await;
    assert_eq!(form.heading(), "Choose a new password");
    let before = client.cookies();
    let same = client
        .submit(&form, "/login/password", &[("password", PASSWORD)])
        .await;
    assert_eq!(same.status, 422, "the expired one is no new one");
    let weak = client
        .submit(&form, "/login/password", &[("password", "weak")])
        .await;
    assert!(weak.error("password").starts_with("The password needs"));
    assert_eq!(
        client.get("/profile").await.status,
        303,
        "still not signed in"
    );

    let page = client
        .submit(&form, "/login/password", &[("password", "New-Battery-9")])
        .await;
    assert_eq!(page.notice(), "Your password was changed.");
    assert_eq!(client.get("/profile").await.status, 200);
    assert_ne!(client.cookies(), before, "a new token");
    assert_eq!(
        client.get("/login/password").await.status,
        303,
        "nothing to choose any more"
    );
}

#[actix_web::test]
async fn leaving_instead_of_choosing_ends_the_session() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    set_policy(&admin, "expiration_days", "1").await;
    app.advance(TimeDelta::days(2));
    let client = acme.org_admin().await;
    let form = client.get("/login/password").await;
    let page = client.submit(&form, "/logout", &[]).await;
    assert_eq!(page.notice(), "You are signed out.");
    assert_eq!(client.get("/login/password").await.status, 303);
}

#[actix_web::test]
async fn a_common_password_is_refused_wherever_one_is_set() {
    const COMMON: &str = "P@sSw0rd";
    let sentence = "The password needs no place among the 10,000 most common.";
    let typed = [("password", COMMON)];
    let app = TestApp::start().await;
    let client = app.anonymous();
    let link = format!("/setup?token={}", app.app.setup_token());
    let form = client.get(&link).await;
    let refused = client.submit(&form, "/setup", &typed).await;
    assert_eq!(refused.error("password"), sentence);

    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let refused = add(&admin, acme.account, &typed).await;
    assert_eq!(refused.error("password"), sentence);
    let refused = change(&admin, PASSWORD, COMMON).await;
    assert_eq!(refused.error("password"), sentence);
    let refused = change(&admin, PASSWORD, "123456").await;
    assert_eq!(
        refused.error("password"),
        "The password needs at least 8 characters, 1 uppercase letter, 1 lowercase letter, 1 symbol and no place \
         among the 10,000 most common."
    );
    set_policy(&admin, "expiration_days", "30").await;
    app.advance(TimeDelta::days(30));
    let client = acme.org_admin().await;
    let form = client.get("/login/password").await;
    let refused = client.submit(&form, "/login/password", &typed).await;
    assert_eq!(refused.error("password"), sentence);
}

#[actix_web::test]
async fn every_page_for_a_new_password_tells_its_rules() {
    let app = TestApp::start().await;
    let link = format!("/setup?token={}", app.app.setup_token());
    let set_up = app.anonymous().get(&link).await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let add = admin
        .get(&format!("/security/accounts/{}/users/new", acme.account))
        .await;
    let profile = admin.get("/profile").await;
    set_policy(&admin, "expiration_days", "30").await;
    app.advance(TimeDelta::days(30));
    let expired = acme.org_admin().await.get("/login/password").await;
    for (page, former) in [
        (set_up, ""),
        (add, ""),
        (profile, ", none of your last 3"),
        (expired, ", none of your last 3"),
    ] {
        assert_eq!(page.find(".rules li").len(), 6);
        let later = page.find(".rules small").remove(0);
        let common = "no place among the 10,000 most common";
        assert_eq!(later, format!("Checked when you save: {common}{former}."));
    }
}

#[actix_web::test]
async fn a_new_password_gives_the_session_a_new_token() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let stolen = admin.cookies();
    let with_stolen = || {
        let client = app.anonymous();
        let request = client.request("GET", "/profile").header("cookie", &stolen);
        async move { client.send(request).await.status }
    };
    assert_eq!(with_stolen().await, 200);
    change(&admin, PASSWORD, &password(1)).await;
    assert_eq!(with_stolen().await, 303, "the former token opens nothing");
    assert_eq!(admin.get("/profile").await.status, 200);
}
