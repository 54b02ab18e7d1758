//! The way of an org admin, from sign-in to a deleted user: with script, and the same without.

use crate::support::{Browser, PASSWORD, TestApp};

#[actix_web::test]
async fn with_script() {
    let app = TestApp::start().await;
    if let Some(browser) = Browser::open(&app).await {
        walk(&app, &browser, true).await;
    }
}

#[actix_web::test]
async fn without_script() {
    let app = TestApp::start().await;
    if let Some(browser) = Browser::open_without_script(&app).await {
        walk(&app, &browser, false).await;
    }
}

async fn walk(app: &TestApp, browser: &Browser, script: bool) {
    let acme = app.organization("Acme").await;
    let home = "Dana Whitfield’s Company Default Account";
    let omar = acme
        .user(acme.account, "Omar Haddad", "omar@acme.example")
        .await;
    acme.user(acme.account, "Priya Raman", "priya@acme.example")
        .await;
    app.give(omar, 1, 0).await;

    browser.visit("/login").await;
    browser.at("Sign in").await;
    // The button is there only with script: so this tells whether script runs.
    assert_eq!(browser.has_button("Show").await, script);
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at(home).await;

    add(browser, script).await;
    browser
        .hears("Zoë Müller was added. No mail was sent: give Zoë the password.")
        .await;
    let rows = browser.rows().await;
    let zoe = rows.iter().find(|row| row["Last"] == "Müller").unwrap();
    assert_eq!(zoe["Email"], "zoe@acme.example");
    assert_eq!(zoe["Roles"], "Account Admin");
    let zoe: i64 = zoe["ID"].parse().unwrap();
    app.give(zoe, 2, 3).await;

    browser.follow("Edit Zoë Müller").await;
    browser.at("Edit Zoë Müller").await;
    assert_eq!(browser.value("First Name").await, "Zoë");
    browser.fill("Last Name", "Möller").await;
    browser.press("Save").await;
    browser.hears("Zoë Möller was saved.").await;

    browser.clear("Active: Zoë Möller").await;
    browser.clear("Active: Omar Haddad").await;
    if script {
        pending_bar(browser).await;
    }
    assert_eq!(browser.has_button("Discard").await, script);
    browser.press("Update").await;
    browser.at("Deactivate 2 users?").await;
    browser.reads("3 jobs stop").await;
    browser.reads("Zoë Möller").await;
    browser.reads("Omar Haddad").await;
    assert!(app.state(zoe).await.0, "asking changes nothing");
    browser.press("Deactivate").await;
    browser
        .hears("2 users were updated. 3 jobs were stopped.")
        .await;
    assert!(!browser.checked("Active: Zoë Möller").await);
    assert_eq!(app.holdings(zoe).await, (0, 3, 0));

    browser.press("Profile menu of Dana Whitfield").await;
    browser.press("Log Out").await;
    browser.hears("You are signed out.").await;
    browser
        .sign_in("zoe@acme.example", "Falsch-Batterie-9")
        .await;
    browser
        .reads("We could not sign you in. Check your email and password, or wait a while and try again.")
        .await;
    assert_eq!(browser.value("Email").await, "zoe@acme.example");
    assert_eq!(browser.value("Password").await, "");

    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at(home).await;
    browser.check("Active: Zoë Möller").await;
    browser.press("Update").await;
    browser
        .hears("Zoë Möller was activated. Earlier jobs do not come back.")
        .await;
    assert!(app.state(zoe).await.0);

    browser.follow("Delete Zoë Möller").await;
    browser.at("Delete Zoë Möller?").await;
    browser.reads("keeps all 3 instances").await;
    browser.follow("Cancel").await;
    browser.at(home).await;
    browser.follow("Delete Zoë Möller").await;
    browser.press("Delete User").await;
    browser
        .hears("Zoë Möller was deleted. No jobs and 3 instances went too.")
        .await;
    assert!(!browser.has_link("Edit Zoë Möller").await);

    browser.follow("Delete Priya Raman").await;
    browser.follow("Deactivate instead").await;
    browser.at("Deactivate Priya Raman?").await;
    browser.press("Deactivate").await;
    browser
        .hears("Priya Raman was deactivated. No jobs were stopped.")
        .await;
    assert!(!browser.checked("Active: Priya Raman").await);
}

/// Add User, with a password that grows until the policy is content.
async fn add(browser: &Browser, script: bool) {
    browser.follow("Add User").await;
    browser.at("Add User").await;
    browser.fill("First Name", "Zoë").await;
    browser.fill("Last Name", "Müller").await;
    browser.fill("Email", "zoe@acme.example").await;
    if script {
        browser.fill("Password", "müller").await;
        let open = browser.open_rules().await;
        assert!(open.contains(&"1 uppercase letter".to_owned()), "{open:?}");
        assert!(!open.contains(&"1 lowercase letter".to_owned()), "{open:?}");
        let names = "No part of the name or email".to_owned();
        assert!(open.contains(&names), "{open:?}");
        browser.fill("Password", "Falsch-").await;
        let open = browser.open_rules().await;
        assert_eq!(open, ["At least 8 characters", "1 number"]);
        let kind = async || {
            let field = browser.field("Password").await;
            field.attr("type").await.unwrap().unwrap()
        };
        browser.press("Show").await;
        assert_eq!(kind().await, "text");
        assert_eq!(browser.value("Password").await, "Falsch-");
        browser.press("Hide").await;
        assert_eq!(kind().await, "password");
    }
    browser.fill("Password", "Falsch-Batterie-9").await;
    if script {
        assert!(browser.open_rules().await.is_empty());
    }
    browser.check("Account Admin").await;
    browser.press("Save").await;
}

async fn pending_bar(browser: &Browser) {
    browser
        .hears(
            "2 changes Omar Haddad will be deactivated – 1 job stops; instances are kept. \
             Zoë Möller will be deactivated – 2 jobs stop; instances are kept.",
        )
        .await;
    browser.press("Discard").await;
    browser.hears_no_more("2 changes").await;
    assert!(browser.checked("Active: Zoë Möller").await);
    assert!(browser.checked("Active: Omar Haddad").await);
    assert!(!browser.has_button("Discard").await);
    browser.clear("Active: Omar Haddad").await;
    browser
        .hears("1 change Omar Haddad will be deactivated – 1 job stops; instances are kept.")
        .await;
    browser.clear("Active: Zoë Möller").await;
}
