//! Security > Settings: name, organization token, password policy, sessions.

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::organizations;

use crate::support::{PASSWORD, TestApp};

const SETTINGS: &str = "/security/settings";
const POLICY: &str = "/security/settings/password-policy";

#[actix_web::test]
async fn the_name_is_changed_and_checked() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let page = admin.get(SETTINGS).await;
    let refused = admin.submit(&page, SETTINGS, &[("name", " ")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.error("name"),
        "Enter the name of your organization."
    );
    assert!(refused.title().starts_with("Error: "));
    let page = admin
        .submit(&page, SETTINGS, &[("name", "Ärmel & Co <x>")])
        .await;
    assert_eq!(page.notice(), "The organization was updated.");
    assert_eq!(page.field("name"), "Ärmel & Co <x>");
}

#[actix_web::test]
async fn the_token_is_replaced_after_a_question_and_shown_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let digest = |id: i64| {
        move |db: &mut _| {
            organizations::table
                .find(id)
                .select(organizations::secret_digest)
                .first::<String>(db)
        }
    };
    let before = app.ask(digest(acme.id)).await;
    let asked = admin.get("/security/settings/secret/new").await;
    assert_eq!(asked.heading(), "Reset the organization token?");
    assert_eq!(
        app.ask(digest(acme.id)).await,
        before,
        "asking changes nothing"
    );
    let shown = admin.submit(&asked, "/security/settings/secret", &[]).await;
    let secret = shown.find("code").remove(0);
    assert_eq!(secret.len(), 32);
    let after = app.ask(digest(acme.id)).await;
    assert_eq!(after, app.app.keys.digest("organization-secret", &secret));
    assert_ne!(after, before);
    assert!(!admin.get(SETTINGS).await.body.contains(&secret));
}

#[actix_web::test]
async fn the_policy_holds_wherever_a_password_is_set() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let page = admin.get(SETTINGS).await;
    let strict = [
        ("min_length", "12"),
        ("min_numbers", "2"),
        ("symbol_character_set", "€§"),
    ];
    let page = admin.submit(&page, POLICY, &strict).await;
    assert!(
        page.notice()
            .starts_with("The password policy was updated.")
    );
    assert_eq!(page.field("min_length"), "12");

    let wanted = "The password needs at least 12 characters, 2 numbers and 1 symbol.";
    let users = format!("/security/accounts/{}/users", acme.account);
    let form = admin.get(&format!("{users}/new")).await;
    assert!(
        form.text().contains("At least 12 characters"),
        "the checklist is the policy"
    );
    let typed = [
        ("first_name", "Zoë"),
        ("last_name", "Müller"),
        ("email", "zoe@acme.example"),
        ("password", "Horse-7!abc"),
    ];
    let refused = admin.submit(&form, &users, &typed).await;
    assert_eq!(refused.error("password"), wanted);
    let own = admin.get("/profile").await;
    let typed = [("present_password", PASSWORD), ("password", "Horse-7!abc")];
    let refused = admin.submit(&own, "/profile/password", &typed).await;
    assert_eq!(refused.error("password"), wanted);

    let page = admin.submit(&page, &format!("{POLICY}/reset"), &[]).await;
    assert_eq!(page.field("min_length"), "8");
}

#[actix_web::test]
async fn numbers_out_of_range_and_odd_symbols_are_named_together() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let page = admin.get(SETTINGS).await;
    let wrong = [
        ("min_length", "7"),
        ("min_uppercase", "11"),
        ("min_lowercase", "-1"),
        ("min_numbers", "many"),
        ("symbol_character_set", ""),
        ("previous_password_count", "10"),
        ("expiration_days", "99999999999999999999"),
    ];
    let refused = admin.submit(&page, POLICY, &wrong).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.problems().len(),
        wrong.len(),
        "{:?}",
        refused.problems()
    );
    assert_eq!(
        refused.error("min_length"),
        "Enter a whole number from 8 to 40."
    );
    for (field, typed) in wrong {
        assert_eq!(refused.field(field), typed, "what was typed stays");
    }
    let none = [("min_symbols", "0"), ("symbol_character_set", "")];
    assert_eq!(admin.submit(&page, POLICY, &none).await.status, 200);
    for odd in ["!a", "! ?", "!\u{7}?"] {
        let odd = [("symbol_character_set", odd)];
        assert_eq!(
            admin.submit(&page, POLICY, &odd).await.status,
            422,
            "{odd:?}"
        );
    }
}

#[actix_web::test]
async fn session_limits_act_on_open_sessions() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (admin, other) = (acme.org_admin().await, acme.org_admin().await);
    app.advance(TimeDelta::minutes(10));
    admin.get("/profile").await;
    let page = admin.get(SETTINGS).await;
    let fields = [("idle_minutes", "5"), ("longest_hours", "1")];
    let page = admin
        .submit(&page, "/security/settings/sessions", &fields)
        .await;
    assert!(
        page.notice()
            .starts_with("The session limits were updated.")
    );
    assert_eq!(
        other.get("/profile").await.status,
        303,
        "unused for ten minutes"
    );
    for _ in 0..16 {
        app.advance(TimeDelta::minutes(4));
        if admin.get("/profile").await.status == 303 {
            return;
        }
    }
    panic!("used all the time, but for longer than an hour");
}
