//! Having a second factor: setting it up, demanding it, taking it away; and how it is kept.

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::{recovery_codes, users};
use tenantry::domain::privilege::Privilege;

use crate::support::phone::{Phone, enter, next_step, recovery_codes as codes_on};
use crate::support::{Client, Organization, PASSWORD, Page, TestApp};

const ZOE: &str = "zoe@acme.example";

async fn zoe(acme: &Organization<'_>) -> i64 {
    acme.user(acme.account, "Zoë Müller", ZOE).await
}

async fn demand(client: &Client, method: &str) -> Page {
    let page = client.get("/security/settings").await;
    let action = "/security/settings/two-factor";
    client.submit(&page, action, &[("method", method)]).await
}

async fn set_up(client: &Client, page: &Page, code: &str, password: &str) -> Page {
    let typed = [("code", code), ("present_password", password)];
    client.submit(page, "/profile/two-factor", &typed).await
}

async fn has_one(app: &TestApp, user: i64) -> bool {
    let since: Option<chrono::NaiveDateTime> = app
        .ask(move |db| users::table.find(user).select(users::totp_since).first(db))
        .await;
    since.is_some()
}

#[actix_web::test]
async fn it_takes_effect_once_a_code_and_the_password_confirm_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let (client, other) = (app.signed_in(ZOE).await, app.signed_in(ZOE).await);
    let profile = client.get("/profile").await;
    let link = profile.link("Set Up Authenticator App").unwrap();
    let page = client.get(&link).await;
    let phone = Phone::typing(&page);
    let image = page.find_attr("img", "src");
    assert!(image.starts_with("data:image/svg+xml;base64,"));
    let address = page.find_attr("a[href^='otpauth:']", "href");
    assert!(
        address.starts_with("otpauth://totp/Tenantry:zoe%40acme")
            && address.contains(&format!("secret={}", phone.key)),
        "{address}"
    );
    assert!(!has_one(&app, id).await);

    let page = set_up(&client, &page, &phone.wrong_code(&app), PASSWORD).await;
    assert_eq!(page.status, 422);
    assert!(page.error("code").starts_with("This code does not belong"));
    let page = set_up(&client, &page, &phone.code(&app), "wrong").await;
    assert_eq!(page.status, 422);
    assert!(page.error("present_password").starts_with("This is not"));
    assert!(!has_one(&app, id).await);
    assert_eq!(
        Phone::typing(&page).key,
        phone.key,
        "the key that the phone has"
    );
    assert_eq!(other.get("/profile").await.status, 200);

    let page = set_up(&client, &page, &phone.code(&app), PASSWORD).await;
    assert_eq!(codes_on(&page).len(), 10, "{}", page.text());
    assert!(has_one(&app, id).await);
    assert_eq!(other.get("/profile").await.status, 303, "it has ended");
    let profile = client.get("/profile").await;
    assert!(profile.text().contains("10 of 10 left"));
    assert_eq!(profile.link("Set Up Authenticator App"), None);
    assert_eq!(client.get(&link).await.location(), "/profile");
    let client = app.signed_in(ZOE).await;
    assert_eq!(
        client.get("/profile").await.location().split('?').next(),
        Some("/login/code")
    );
}

#[actix_web::test]
async fn a_wrong_password_there_counts() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    let page = client.get("/profile/two-factor/new").await;
    for _ in 0..5 {
        set_up(&client, &page, "123456", "wrong").await;
    }
    assert_eq!(client.get("/profile").await.status, 303);
    assert!(app.codes().await.contains(&"user.locked".to_owned()));
}

#[actix_web::test]
async fn the_key_is_ours_and_for_this_session_only() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    let (stranger, second) = (acme.org_admin().await, app.signed_in(ZOE).await);
    let of_stranger = stranger.get("/profile/two-factor/new").await;
    let of_second = second.get("/profile/two-factor/new").await;
    let plain = Phone::typing(&of_second).key;
    for (what, pending, page) in [
        ("none", String::new(), &of_second),
        ("not sealed", plain, &of_second),
        ("another user's", of_stranger.field("pending"), &of_stranger),
        ("another session's", of_second.field("pending"), &of_second),
    ] {
        let code = Phone::typing(page).code(&app);
        let fields = [
            ("pending", &*pending),
            ("code", &code),
            ("present_password", PASSWORD),
        ];
        let answer = client.post("/profile/two-factor", &fields).await;
        assert_eq!(answer.status, 422, "{what}");
        assert!(!has_one(&app, id).await, "{what}");
    }
}

#[actix_web::test]
async fn it_is_set_up_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    let page = client.get("/profile/two-factor/new").await;
    let phone = Phone::typing(&page);
    let under_way: Vec<_> = (0..5)
        .map(|_| {
            let (client, code) = (client.clone(), phone.code(&app));
            let pending = page.field("pending");
            actix_web::rt::spawn(async move {
                let fields = [
                    ("pending", &*pending),
                    ("code", &code),
                    ("present_password", PASSWORD),
                ];
                client.post("/profile/two-factor", &fields).await.status
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in under_way {
        statuses.push(answer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422, 422, 422, 422]);
}

#[actix_web::test]
async fn recovery_codes_are_replaced_as_a_whole() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    let none = client.get("/profile/two-factor/recovery-codes/new").await;
    assert_eq!(none.location(), "/profile");
    let action = "/profile/two-factor/recovery-codes";
    let fields = [("present_password", PASSWORD)];
    assert_eq!(client.post(action, &fields).await.status, 404);

    let phone = Phone::of(&app, &client).await;
    let profile = client.get("/profile").await;
    let link = profile.link("Make New Recovery Codes").unwrap();
    let page = client.get(&link).await;
    assert_eq!(page.heading(), "Make new recovery codes?");
    let wrong = [("present_password", "wrong")];
    let page = client.submit(&page, action, &wrong).await;
    assert_eq!(page.status, 422);
    let page = client.submit(&page, action, &fields).await;
    let fresh = codes_on(&page);
    assert_eq!(fresh.len(), 10);
    let client = app.signed_in(ZOE).await;
    assert_eq!(enter(&client, &phone.recovery_codes[0]).await.status, 422);
    assert_eq!(enter(&client, &fresh[0]).await.status, 303);
}

#[actix_web::test]
async fn it_is_removed_with_the_password() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    let phone = Phone::of(&app, &client).await;
    let other = app.signed_in(ZOE).await;
    enter(&other, &phone.next_code(&app)).await;
    let halfway = app.signed_in(ZOE).await;

    let profile = client.get("/profile").await;
    let page = client.get(&profile.link("Remove").unwrap()).await;
    assert_eq!(page.heading(), "Remove your second factor?");
    let action = "/profile/two-factor/removal";
    let refused = client
        .submit(&page, action, &[("present_password", "wrong")])
        .await;
    assert_eq!(refused.status, 422);
    assert!(has_one(&app, id).await);
    let page = client
        .submit(&page, action, &[("present_password", PASSWORD)])
        .await;
    assert_eq!(
        page.notice(),
        "Your second factor was removed. 2 other sessions were ended."
    );
    assert!(!has_one(&app, id).await);
    assert_eq!(other.get("/profile").await.status, 303);
    assert_eq!(halfway.get("/login/code").await.status, 303);
    assert_eq!(app.signed_in(ZOE).await.get("/profile").await.status, 200);
    let left: i64 = app
        .ask(|db| recovery_codes::table.count().get_result(db))
        .await;
    assert_eq!(left, 0);
    let fields = [("present_password", PASSWORD)];
    assert_eq!(client.post(action, &fields).await.status, 404);
}

#[actix_web::test]
async fn a_demand_counts_at_the_next_sign_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let open = app.signed_in(ZOE).await;
    let admin = acme.org_admin().await;
    let page = demand(&admin, "totp").await;
    assert_eq!(
        page.notice(),
        "Two-factor authentication was updated. It counts from everybody’s next sign-in on."
    );
    assert_eq!(open.get("/profile").await.status, 200, "open ones stay");

    let client = app.signed_in(ZOE).await;
    let page = client.get("/profile").await;
    let page = client.arrive(page).await;
    assert_eq!(page.heading(), "Set up your second factor");
    let phone = Phone::typing(&page);
    let wrong = phone.wrong_code(&app);
    let page = client
        .submit(&page, "/login/enrolment", &[("code", &wrong)])
        .await;
    assert_eq!(page.status, 422);
    assert_eq!(client.get("/profile").await.status, 303, "not signed in");
    let before = client.cookies();
    let code = phone.code(&app);
    let page = client
        .submit(&page, "/login/enrolment", &[("code", &code)])
        .await;
    assert_eq!(codes_on(&page).len(), 10);
    assert_ne!(client.cookies(), before, "a new token");
    assert_eq!(client.get("/profile").await.status, 200);
    assert!(has_one(&app, id).await);
    assert_eq!(open.get("/profile").await.status, 303, "the others end");

    let client = app.signed_in(ZOE).await;
    assert_eq!(enter(&client, &phone.next_code(&app)).await.status, 303);
    let page = demand(&admin, "none").await;
    assert_eq!(page.status, 200);
    acme.user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let max = app.signed_in("max@acme.example").await;
    assert_eq!(max.get("/profile").await.status, 200);
}

#[actix_web::test]
async fn a_demanded_one_cannot_be_removed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    Phone::of(&app, &client).await;
    demand(&acme.org_admin().await, "totp").await;
    let profile = client.get("/profile").await;
    assert_eq!(profile.link("Remove"), None);
    let page = client.get("/profile/two-factor/removal/new").await;
    assert_eq!(page.location(), "/profile");
    let fields = [("present_password", PASSWORD)];
    let answer = client.post("/profile/two-factor/removal", &fields).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("ask an administrator to reset it"),
        "{}",
        answer.text()
    );
    assert!(has_one(&app, id).await);
}

#[actix_web::test]
async fn an_expired_password_comes_after_the_enrolment() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    demand(&admin, "totp").await;
    let page = admin.get("/security/settings").await;
    let policy = "/security/settings/password-policy";
    admin
        .submit(&page, policy, &[("expiration_days", "1")])
        .await;
    app.advance(TimeDelta::days(2));
    let client = acme.org_admin().await;
    let page = client.get("/login/enrolment").await;
    let code = Phone::typing(&page).code(&app);
    let page = client
        .submit(&page, "/login/enrolment", &[("code", &code)])
        .await;
    assert_eq!(page.heading(), "Recovery codes");
    assert_eq!(client.get("/profile").await.location(), "/login/password");
}

#[actix_web::test]
async fn no_method_but_the_two_is_understood() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    for method in ["", "sms", "TOTP", "totp "] {
        let fields = [("method", method)];
        let page = admin.post("/security/settings/two-factor", &fields).await;
        assert_eq!(page.status, 422, "{method}");
        assert_eq!(page.error("method"), "Choose None or Authenticator App.");
    }
    assert_eq!(acme.org_admin().await.get("/profile").await.status, 200);
}

#[actix_web::test]
async fn an_administrator_resets_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{}", acme.account);
    let list = admin.get(&home).await;
    assert_eq!(list.link("Reset 2FA Zoë Müller"), None, "there is none yet");

    let client = app.signed_in(ZOE).await;
    let phone = Phone::of(&app, &client).await;
    let halfway = app.signed_in(ZOE).await;
    let list = admin.get(&home).await;
    let edit = admin.get(&list.link("Edit Zoë Müller").unwrap()).await;
    assert!(
        edit.text().contains("Second factorSince 20"),
        "{}",
        edit.text()
    );
    let file = admin.get(&list.link("Export CSV").unwrap()).await;
    let line = file.body.lines().find(|line| line.contains("Zoë")).unwrap();
    assert!(line.ends_with(",\"Yes\""), "{line}");

    let page = admin.get(&list.link("Reset 2FA Zoë Müller").unwrap()).await;
    assert_eq!(page.heading(), "Reset 2FA of Zoë Müller?");
    assert!(page.text().contains(
        "The authenticator app and recovery codes of Zoë Müller stop working, and open sessions end."
    ));
    let action = format!("{home}/users/{id}/two-factor/reset");
    let page = admin.submit(&page, &action, &[]).await;
    assert_eq!(page.notice(), "The second factor of Zoë Müller was reset.");
    assert_eq!(page.link("Reset 2FA Zoë Müller"), None);
    assert_eq!(client.get("/profile").await.status, 303);
    let code = phone.next_code(&app);
    assert_eq!(enter(&halfway, &code).await.location(), "/login");
    assert_eq!(app.signed_in(ZOE).await.get("/profile").await.status, 200);

    demand(&admin, "totp").await;
    let again = app.signed_in(ZOE).await;
    let page = again.get("/profile").await;
    assert_eq!(page.location(), "/login/enrolment", "anew");
}

#[actix_web::test]
async fn nobody_resets_their_own_or_one_of_somebody_above() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    Phone::of(&app, &admin).await;
    let home = format!("/security/accounts/{}", acme.account);
    assert_eq!(
        admin.get(&home).await.link("Reset 2FA Dana Whitfield"),
        None
    );
    let own = format!("{home}/users/{}/two-factor/reset", acme.admin);
    assert_eq!(admin.get(&format!("{own}/new")).await.status, 422);
    assert_eq!(admin.post(&own, &[]).await.status, 422);

    let roles = (false, true);
    acme.user_with(acme.account, "Own Admin", "own@acme.example", roles)
        .await;
    use Privilege::{EditUsersOrg, ViewAccounts, ViewUsersOrg};
    acme.set_role("admin", &[EditUsersOrg, ViewAccounts, ViewUsersOrg])
        .await;
    let below = app.signed_in("own@acme.example").await;
    assert_eq!(
        below.get(&home).await.link("Reset 2FA Dana Whitfield"),
        None
    );
    assert_eq!(below.post(&own, &[]).await.status, 403);
    acme.set_role("admin", &[ViewAccounts, ViewUsersOrg]).await;
    zoe(&acme).await;
    Phone::of(&app, &app.signed_in(ZOE).await).await;
    let list = below.get(&home).await;
    assert_eq!(list.link("Reset 2FA Zoë Müller"), None);
    assert!(has_one(&app, acme.admin).await);
}

#[actix_web::test]
async fn nothing_in_the_database_gives_it_away() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let phone = Phone::of(&app, &app.signed_in(ZOE).await).await;
    let sealed: Option<String> = app
        .ask(move |db| users::table.find(id).select(users::totp_sealed).first(db))
        .await;
    let sealed = sealed.unwrap();
    let secret = totp_rs::Secret::try_from_base32(&phone.key).unwrap();
    let opened = app.app.keys.open(&format!("totp.{id}"), &sealed);
    assert_eq!(
        opened.as_deref(),
        Some(secret.as_bytes()),
        "sealed by our key"
    );
    let other = app.app.keys.open(&format!("totp.{}", acme.admin), &sealed);
    assert_eq!(other, None, "and for this user");

    let digests: Vec<String> = app
        .ask(|db| {
            recovery_codes::table
                .select(recovery_codes::digest)
                .load(db)
        })
        .await;
    assert_eq!(digests.len(), 10);
    for code in &phone.recovery_codes {
        let digits = code.replace('-', "");
        assert_eq!(digits.len(), 25);
        assert!(digits.bytes().all(|it| it.is_ascii_digit()), "{code}");
        for digest in &digests {
            assert!(digest.len() == 64 && !digest.contains(&digits));
        }
    }
    let text = format!("{:?}", app.events().await);
    assert!(text.contains("two-factor-enrolled"));
    for secret in [&phone.key, &sealed]
        .into_iter()
        .chain(&phone.recovery_codes)
        .chain(&digests)
    {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn a_change_of_password_keeps_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let id = zoe(&acme).await;
    let client = app.signed_in(ZOE).await;
    let phone = Phone::of(&app, &client).await;
    let fields = [
        ("present_password", PASSWORD),
        ("password", "Another-Battery-9"),
    ];
    assert_eq!(client.post("/profile/password", &fields).await.status, 303);
    assert!(has_one(&app, id).await);
    next_step(&app);
    let client = app.anonymous();
    let answer = client.sign_in(ZOE, "Another-Battery-9").await;
    assert_eq!(answer.location(), "/login/code");
    assert_eq!(enter(&client, &phone.code(&app)).await.status, 303);
}
