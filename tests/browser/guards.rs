//! What keeps people from losing or doing something by mistake: unsaved changes, a second press, a second tab.

use std::sync::mpsc;

use crate::support::{Browser, PASSWORD, TestApp};

const HOME: &str = "Dana Whitfield’s Company Default Account";

async fn sign_in(app: &TestApp, browser: &Browser) {
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Omar Haddad", "omar@acme.example")
        .await;
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at(HOME).await;
}

async fn count(app: &TestApp, code: &str) -> usize {
    app.codes().await.iter().filter(|it| *it == code).count()
}

#[actix_web::test]
async fn leaving_with_pending_changes_asks_first() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open_that_asks(&app).await else {
        return;
    };
    sign_in(&app, &browser).await;
    browser.clear("Active: Omar Haddad").await;
    browser.follow("Add User").await;
    browser.answer(false).await;
    browser.at(HOME).await;
    assert!(
        !browser.checked("Active: Omar Haddad").await,
        "still pending"
    );

    browser.follow("Add User").await;
    browser.answer(true).await;
    browser.at("Add User").await;
    browser.follow("Cancel").await;
    browser.at(HOME).await;

    // Sending the changes, or taking them back, is no reason to ask.
    browser.clear("Active: Omar Haddad").await;
    browser.press("Update").await;
    browser.at("Deactivate Omar Haddad?").await;
    browser.follow("Cancel").await;
    browser.at(HOME).await;
    browser.clear("Active: Omar Haddad").await;
    browser.press("Discard").await;
    browser.follow("Add User").await;
    browser.at("Add User").await;
}

#[actix_web::test]
async fn a_second_press_does_nothing() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open_impatient(&app).await else {
        return;
    };
    sign_in(&app, &browser).await;
    browser.follow("Add User").await;
    let fill = async |first: &str, email: &str| {
        browser.at("Add User").await;
        browser.fill("First Name", first).await;
        browser.fill("Last Name", "Müller").await;
        browser.fill("Email", email).await;
        browser.fill("Password", "Falsch-Batterie-9").await;
    };
    fill("Zoë", "zoe@acme.example").await;
    press_while_busy(&app, &browser, "Save").await;
    browser
        .hears("Zoë Müller was added. No mail was sent: give Zoë the password.")
        .await;
    assert_eq!(count(&app, "user.created").await, 1);

    // Back on the page, the form can be sent again.
    browser.client.back().await.unwrap();
    fill("Mia", "mia@acme.example").await;
    browser.press("Save").await;
    browser
        .hears("Mia Müller was added. No mail was sent: give Mia the password.")
        .await;
    assert_eq!(count(&app, "user.created").await, 2);

    browser.follow("Delete Mia Müller").await;
    browser.at("Delete Mia Müller?").await;
    press_while_busy(&app, &browser, "Delete User").await;
    browser
        .hears("Mia Müller was deleted. No jobs and no instances went too.")
        .await;
    assert_eq!(count(&app, "user.deleted").await, 1);
}

/// Presses a button, and again while the server is at work on the first press: another write holds it up.
async fn press_while_busy(app: &TestApp, browser: &Browser, button: &str) {
    let (started, running) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let other = app.app.clone();
    let write = actix_web::rt::spawn(async move {
        let hold = move |_: &mut tenantry::db::Tx<'_>| {
            let _ = started.send(());
            let _ = released.recv();
            Ok(())
        };
        other.write(hold).await
    });
    browser
        .until("a write", async || Ok(running.try_recv().ok()))
        .await;
    let place = browser.place_of(button).await;
    let before = app.app.queries();
    browser.click_at(place).await;
    browser
        .until("a request", async || {
            Ok((app.app.queries() > before).then_some(()))
        })
        .await;
    browser.click_at(place).await;
    release.send(()).unwrap();
    write.await.unwrap().unwrap();
}

#[actix_web::test]
async fn a_row_changed_in_another_tab_is_refused_by_name() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    sign_in(&app, &browser).await;
    let first = browser.client.window().await.unwrap();
    let second = browser.client.new_window(true).await.unwrap().handle;
    browser.client.switch_to_window(second).await.unwrap();
    browser.visit("/security/accounts").await;
    browser.follow("Edit Omar Haddad").await;
    browser.fill("First Name", "Omer").await;
    browser.press("Save").await;
    browser.hears("Omer Haddad was saved.").await;

    browser.client.switch_to_window(first).await.unwrap();
    browser.clear("Active: Omar Haddad").await;
    browser.press("Update").await;
    browser
        .hears(
            "Nothing was changed. Omer Haddad was changed by somebody else since you opened this page. \
             Check the list and try again.",
        )
        .await;
    assert!(browser.checked("Active: Omer Haddad").await);
    assert_eq!(count(&app, "user.deactivated").await, 0);
    browser.clear("Active: Omer Haddad").await;
    browser.press("Update").await;
    browser.at("Deactivate Omer Haddad?").await;
}
