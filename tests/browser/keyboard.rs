//! Everything without a mouse: order of the focus, keys of the page, forms.

use crate::support::{Browser, Key, Organization, PASSWORD, TestApp};

const SEARCH: &str = "Name, email or ID";

async fn signed_in(app: &TestApp) -> Option<(Organization<'_>, Browser)> {
    let browser = Browser::open(app).await?;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Omar Haddad", "omar@acme.example")
        .await;
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at("Dana Whitfield’s Company Default Account").await;
    Some((acme, browser))
}

#[actix_web::test]
async fn signs_in_and_is_led_to_the_refused_field() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let acme = app.organization("Acme").await;
    browser.visit("/login").await;
    browser.focuses("Email").await;
    browser.keys(&acme.admin_email).await;
    browser.tab_to("Password").await;
    browser.keys("wrong").await;
    browser.key(Key::Enter).await;

    let refusal =
        "We could not sign you in. Check your email and password, or wait a while and try again.";
    browser.focuses("There is a problem").await;
    assert!(browser.client.title().await.unwrap().starts_with("Error: "));
    browser.tab_to(refusal).await;
    browser.key(Key::Enter).await;
    browser.focuses("Email").await;
    browser.tab_to("Password").await;
    browser.keys(PASSWORD).await;
    browser.key(Key::Enter).await;
    browser.at("Dana Whitfield’s Company Default Account").await;

    browser.tab_to("Add User").await;
    browser.key(Key::Enter).await;
    browser.at("Add User").await;
    browser.tab_to("Last Name").await;
    browser.keys("Müller").await;
    browser.key(Key::Enter).await;
    browser.focuses("There is a problem").await;
    browser.tab_to("Enter a first name.").await;
    browser.key(Key::Enter).await;
    browser.focuses("First Name").await;
    browser.keys("Zoë").await;
    browser.key(Key::Tab).await;
    assert_eq!(browser.value("Last Name").await, "Müller");
    browser.tab_to("Email").await;
    browser.keys("zoe@acme.example").await;
    browser.tab_to("Password").await;
    browser.keys("Falsch-Batterie-9").await;
    browser.tab_to("Account Admin").await;
    browser.key(Key::Space).await;
    browser.tab_to("Save").await;
    browser.key(Key::Enter).await;
    browser
        .hears("Zoë Müller was added. No mail was sent: give Zoë the password.")
        .await;
}

#[actix_web::test]
async fn the_focus_goes_in_reading_order() {
    let app = TestApp::start().await;
    let Some((_, browser)) = signed_in(&app).await else {
        return;
    };
    let order = [
        "Skip to main content",
        "Tenantry, start page",
        "Activity",
        "Security",
        "Security",
        "Accounts",
        "Profile menu of Dana Whitfield",
        "Settings",
        "Accounts",
        "Roles",
        "Add account",
        "Dana Whitfield’s Company Default Account Default account",
        "Name",
        "Description",
        "Update Account",
        SEARCH,
        "Status",
        "Role",
        "Not signed in for days",
        "Search",
        "Add User",
        "Table of users",
        "First",
        "Last",
        "Email",
        "ID",
        "Last Login",
        "Created",
        "Active: Omar Haddad",
        "Edit Omar Haddad",
        "Delete Omar Haddad",
        "Update",
        "Export CSV",
    ];
    let mut passed = Vec::new();
    for _ in order {
        browser.key(Key::Tab).await;
        passed.push(browser.focused().await);
    }
    assert_eq!(passed, order);

    browser.visit("/security/accounts").await;
    browser.key(Key::Tab).await;
    browser.key(Key::Enter).await;
    browser.key(Key::Tab).await;
    browser.focuses("Name").await;
}

#[actix_web::test]
async fn slash_and_escape_serve_the_search() {
    let app = TestApp::start().await;
    let Some((_, browser)) = signed_in(&app).await else {
        return;
    };
    browser.keys("/").await;
    browser.focuses(SEARCH).await;
    browser.keys("omar").await;
    assert_eq!(browser.value(SEARCH).await, "omar");
    browser.key(Key::Escape).await;
    assert_eq!(browser.value(SEARCH).await, "");
    browser.keys("a/b").await;
    assert_eq!(browser.value(SEARCH).await, "a/b");
    browser.key(Key::Escape).await;
    browser.keys("omar").await;
    browser.key(Key::Enter).await;
    browser.reads("1 of 1").await;
    assert_eq!(browser.rows().await.len(), 1);
    assert!(browser.path().await.contains("q=omar"));

    // In any other field it is just a letter.
    browser.fill("Name", "a/b").await;
    browser.focuses("Name").await;
    assert_eq!(browser.value("Name").await, "a/b");

    browser.visit("/profile").await;
    browser.clear("Use / to jump to search").await;
    browser.press("Update").await;
    browser.hears("Your details were updated.").await;
    browser.visit("/security/accounts").await;
    browser.tab_to("Security").await;
    browser.keys("/").await;
    assert_eq!(browser.focused().await, "Security");
}

#[actix_web::test]
async fn escape_closes_the_menu_and_space_toggles_a_box() {
    let app = TestApp::start().await;
    let Some((_, browser)) = signed_in(&app).await else {
        return;
    };
    let menu = "Profile menu of Dana Whitfield";
    browser.tab_to(menu).await;
    browser.key(Key::Enter).await;
    browser.reads("Log Out").await;
    browser.tab_to("Log Out").await;
    browser.key(Key::Escape).await;
    assert_eq!(browser.focused().await, menu);
    assert!(!browser.has_button("Log Out").await);
    browser.press(menu).await;
    assert!(browser.has_button("Log Out").await);
    browser.field(SEARCH).await.click().await.unwrap();
    assert!(!browser.has_button("Log Out").await);

    browser.tab_to("Active: Omar Haddad").await;
    browser.key(Key::Space).await;
    assert!(!browser.checked("Active: Omar Haddad").await);
    browser
        .hears("1 change Omar Haddad will be deactivated – no jobs stop; instances are kept.")
        .await;
    browser.tab_to("Update").await;
    browser.key(Key::Enter).await;
    browser.at("Deactivate Omar Haddad?").await;
    browser.tab_to("Deactivate").await;
    browser.key(Key::Enter).await;
    browser
        .hears("Omar Haddad was deactivated. No jobs were stopped.")
        .await;
}
