//! The checklist under a new password ticks while somebody types, on every page that has one, as the server judges.

use crate::support::{Browser, PASSWORD, TestApp};

/// Types passwords of which the last is good; the names are those of Dana Whitfield <admin@acme.example>.
async fn type_into(browser: &Browser, field: &str) {
    let names = "No part of the name or email";
    for (typed, open) in [
        ("x-Whitfield-9", &[names][..]),
        ("ADMIN-Battery", &["1 number", names]),
        ("Ärmel-1", &["At least 8 characters"]),
        ("Correct-Battery-9", &[]),
    ] {
        browser.fill(field, typed).await;
        assert_eq!(browser.open_rules().await, open, "{typed}");
    }
}

#[actix_web::test]
async fn the_checklist_ticks_wherever_a_password_is_set() {
    let (empty, app) = (TestApp::start().await, TestApp::start().await);
    let Some(browser) = Browser::open(&empty).await else {
        return;
    };
    let (address, token) = (&empty.address, empty.app.setup_token());
    browser
        .visit(&format!("{address}/setup?token={token}"))
        .await;
    browser.at("Set up Tenantry").await;
    browser.fill("First Name", "Dana").await;
    browser.fill("Last Name", "Whitfield").await;
    browser.fill("Email", "admin@acme.example").await;
    type_into(&browser, "Password").await;

    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let acme = app.organization("Acme").await;
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.visit("/security/accounts").await;
    browser.follow("Add User").await;
    browser.at("Add User").await;
    browser.fill("First Name", "Dana").await;
    browser.fill("Last Name", "Whitfield").await;
    browser.fill("Email", "admin@elsewhere.example").await;
    type_into(&browser, "Password").await;

    browser.visit("/profile").await;
    browser.at("My Profile").await;
    type_into(&browser, "New Password").await;

    browser.visit("/security/settings").await;
    browser.fill("Days Until Expiry", "1").await;
    browser.key(crate::support::Key::Enter).await;
    browser.reads("The password policy was updated.").await;
    app.advance(chrono::TimeDelta::days(2));
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at("Choose a new password").await;
    type_into(&browser, "New Password").await;
}
