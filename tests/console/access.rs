//! Who may open what: every route for every kind of person.

use tenantry::domain::privilege::Privilege;

use crate::support::{Client, TestApp};

/// The people of the matrix, in the order of its columns.
const PEOPLE: [&str; 7] = [
    "anonymous",
    "plain user",
    "account admin of the account",
    "account admin of another account",
    "org admin",
    "org admin of another organization",
    "deactivated",
];

/// Opens for everybody who is signed in.
const PROFILE: [u16; 7] = [303, 200, 200, 200, 200, 200, 303];
/// A form of it, sent empty.
const PROFILE_FORM: [u16; 7] = [303, 422, 422, 422, 422, 422, 303];
/// Opens for everybody who may see events, of the organization or of the own account.
const ACTIVITY: [u16; 7] = [303, 403, 200, 200, 200, 200, 303];
/// A page of Security, about something of this organization.
const SECURITY: [u16; 7] = [303, 403, 403, 403, 200, 404, 303];

/// A page of Security about the viewer's own organization.
const SETTINGS: [u16; 7] = [303, 403, 403, 403, 200, 200, 303];
/// A form of it, sent empty.
const SETTINGS_FORM: [u16; 7] = [303, 403, 403, 403, 422, 422, 303];
/// A deed there that needs no form.
const OWN_DEED: [u16; 7] = [303, 403, 403, 403, 303, 303, 303];

/// A deed there, with a form that has what is needed: done, and the browser is sent on.
const DEED: [u16; 7] = [303, 403, 403, 403, 303, 404, 303];

/// Method, path, and the status for each of [`PEOPLE`]. {account} has a user {user}; {idle} is an inactive account.
const MATRIX: [(&str, &str, [u16; 7]); 73] = [
    ("GET", "/", [303; 7]),
    ("GET", "/static/{file}", [200; 7]),
    ("GET", "/docs/api", [200; 7]),
    ("GET", "/setup", [404; 7]),
    ("POST", "/setup", [404; 7]),
    ("GET", "/login", [200, 303, 303, 303, 303, 303, 200]),
    ("POST", "/login", [422; 7]),
    ("GET", "/login/code", [303; 7]),
    ("POST", "/login/code", [303; 7]),
    ("GET", "/login/enrolment", [303; 7]),
    ("POST", "/login/enrolment", [303; 7]),
    ("GET", "/login/password", [303; 7]),
    ("POST", "/login/password", [303; 7]),
    ("POST", "/logout", [303; 7]),
    ("GET", "/password/forgotten", [200; 7]),
    ("POST", "/password/forgotten", [422; 7]),
    ("GET", "/password/new", [404; 7]),
    ("POST", "/password/new", [404; 7]),
    ("GET", "/profile", PROFILE),
    ("POST", "/profile", PROFILE_FORM),
    ("POST", "/profile/password", PROFILE_FORM),
    ("GET", "/profile/two-factor/new", PROFILE),
    ("POST", "/profile/two-factor", PROFILE_FORM),
    ("GET", "/profile/two-factor/recovery-codes/new", [303; 7]),
    ("POST", "/profile/two-factor/recovery-codes", PROFILE_FORM),
    ("GET", "/profile/two-factor/removal/new", [303; 7]),
    ("POST", "/profile/two-factor/removal", PROFILE_FORM),
    (
        "POST",
        "/profile/sessions/{session}/end",
        [303, 404, 404, 404, 404, 404, 303],
    ),
    ("GET", "/profile/secrets/organization", SETTINGS),
    ("POST", "/profile/secrets/organization", SETTINGS_FORM),
    ("GET", "/profile/secrets/user", PROFILE),
    ("POST", "/profile/secrets/user", PROFILE_FORM),
    ("GET", "/profile/secrets/user/reset/new", PROFILE),
    ("POST", "/profile/secrets/user/reset", PROFILE_FORM),
    ("GET", "/activity", ACTIVITY),
    ("GET", "/activity/export", ACTIVITY),
    ("GET", "/security", [303, 403, 403, 403, 303, 303, 303]),
    ("GET", "/security/settings", SETTINGS),
    ("POST", "/security/settings", SETTINGS_FORM),
    ("POST", "/security/settings/password-policy", SETTINGS_FORM),
    ("POST", "/security/settings/password-policy/reset", OWN_DEED),
    ("POST", "/security/settings/two-factor", SETTINGS_FORM),
    ("POST", "/security/settings/sessions", SETTINGS_FORM),
    ("GET", "/security/settings/secret/new", SETTINGS),
    ("POST", "/security/settings/secret", SETTINGS),
    ("GET", "/security/roles", SETTINGS),
    (
        "POST",
        "/security/roles",
        [303, 403, 403, 403, 400, 400, 303],
    ),
    ("GET", "/security/roles/reset/new", SETTINGS),
    ("POST", "/security/roles/reset", OWN_DEED),
    (
        "GET",
        "/security/accounts",
        [303, 403, 403, 403, 303, 303, 303],
    ),
    (
        "POST",
        "/security/accounts",
        [303, 403, 403, 403, 422, 422, 303],
    ),
    (
        "GET",
        "/security/accounts/new",
        [303, 403, 403, 403, 200, 200, 303],
    ),
    ("GET", "/security/accounts/{account}", SECURITY),
    (
        "POST",
        "/security/accounts/{account}",
        [303, 403, 403, 403, 422, 404, 303],
    ),
    ("POST", "/security/accounts/{account}/activation", DEED),
    (
        "GET",
        "/security/accounts/{account}/deactivation/new",
        SECURITY,
    ),
    ("POST", "/security/accounts/{account}/deactivation", DEED),
    ("GET", "/security/accounts/{account}/deletion/new", SECURITY),
    (
        "POST",
        "/security/accounts/{account}/deletion",
        [303, 403, 403, 403, 422, 404, 303],
    ),
    (
        "GET",
        "/security/accounts/{account}/activations/new",
        [303, 403, 403, 403, 303, 303, 303],
    ),
    (
        "POST",
        "/security/accounts/{account}/activations",
        DEED_ON_NOTHING,
    ),
    (
        "POST",
        "/security/accounts/{account}/users",
        [303, 403, 403, 403, 422, 404, 303],
    ),
    ("GET", "/security/accounts/{account}/users/new", SECURITY),
    ("GET", "/security/accounts/{account}/users/export", SECURITY),
    (
        "POST",
        "/security/accounts/{account}/users/{user}",
        [303, 403, 403, 403, 422, 404, 303],
    ),
    (
        "GET",
        "/security/accounts/{account}/users/{user}/edit",
        SECURITY,
    ),
    (
        "GET",
        "/security/accounts/{account}/users/{user}/deletion/new",
        SECURITY,
    ),
    (
        "POST",
        "/security/accounts/{account}/users/{user}/deletion",
        DEED,
    ),
    (
        "POST",
        "/security/accounts/{account}/users/{user}/sessions/end",
        DEED,
    ),
    (
        "GET",
        "/security/accounts/{account}/users/{user}/unlock/new",
        SECURITY,
    ),
    (
        "POST",
        "/security/accounts/{account}/users/{user}/unlock",
        DEED,
    ),
    (
        "GET",
        "/security/accounts/{account}/users/{user}/two-factor/reset/new",
        SECURITY,
    ),
    (
        "POST",
        "/security/accounts/{account}/users/{user}/two-factor/reset",
        DEED,
    ),
];

/// Nothing was asked for, so nothing is looked up: the browser is sent to the list, which is not found there.
const DEED_ON_NOTHING: [u16; 7] = [303, 403, 403, 403, 303, 303, 303];

#[actix_web::test]
async fn every_route_for_everybody() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let (one, two) = (acme.account("One").await.id, acme.account("Two").await.id);
    acme.user(acme.account, "Plain User", "plain@acme.example")
        .await;
    acme.user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    acme.user_with(two, "Other Admin", "other@acme.example", (false, true))
        .await;
    let gone = acme
        .user(acme.account, "Gone Away", "gone@acme.example")
        .await;

    let page = app.anonymous().get("/login").await;
    let asset = page.find_attr("link[rel=stylesheet]", "href");
    for (method, path, expected) in MATRIX {
        for (person, status) in expected.iter().enumerate() {
            // Fresh for each request: signing out, or a deed that is done, must not change the next answer.
            let client = person_of(person, &app, [&acme.admin_email, &birch.admin_email]).await;
            if person == 6 {
                app.set_active(gone, false).await;
            }
            let email = format!("user{person}.{method}@acme.example");
            let user = acme.user(one, "Some Body", &email).await;
            let path = path
                .replace("{file}", asset.trim_start_matches("/static/"))
                .replace("{session}", "999999999")
                .replace("{account}", &one.to_string())
                .replace("{user}", &user.to_string());
            let answer = if method == "GET" {
                client.get(&path).await
            } else {
                client.post(&path, &[]).await
            };
            assert_eq!(
                answer.status,
                *status,
                "{method} {path} as {}: {}",
                PEOPLE[person],
                answer.text()
            );
            app.remove(user).await;
            app.set_active(gone, true).await;
            app.activate_account(one).await;
        }
    }
}

async fn person_of(person: usize, app: &TestApp, admins: [&str; 2]) -> Client {
    match PEOPLE[person] {
        "plain user" => app.signed_in("plain@acme.example").await,
        "account admin of the account" => app.signed_in("own@acme.example").await,
        "account admin of another account" => app.signed_in("other@acme.example").await,
        "org admin" => app.signed_in(admins[0]).await,
        "org admin of another organization" => app.signed_in(admins[1]).await,
        "deactivated" => app.signed_in("gone@acme.example").await,
        _ => app.anonymous(),
    }
}

#[test]
fn the_matrix_holds_every_route() {
    let routes: Vec<_> = tenantry::web::routes()
        .iter()
        .map(|route| (route.method.to_string(), route.path))
        .collect();
    let rows: Vec<_> = MATRIX
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), *path))
        .collect();
    assert_eq!(routes, rows);
}

/// Privileges for which an account-admin's form is not enough to enter Security, and those that are.
#[actix_web::test]
async fn a_changed_role_counts_on_the_next_request() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user_with(acme.account, "Own Admin", "own@acme.example", (false, true))
        .await;
    let client = app.signed_in("own@acme.example").await;
    let path = format!("/security/accounts/{}", acme.account);
    assert_eq!(client.get(&path).await.status, 403);
    assert_eq!(client.get("/profile").await.link("Security"), None);

    acme.set_role("admin", &[Privilege::ViewUsersOrg, Privilege::ViewAccounts])
        .await;
    let page = client.get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.link("Add User"), None, "may only look");
    assert_eq!(page.link("Edit Dana Whitfield"), None);
    assert_eq!(
        page.find("button")
            .iter()
            .filter(|it| *it == "Update")
            .count(),
        0
    );
    assert!(client.get("/profile").await.link("Security").is_some());

    acme.set_role(
        "admin",
        &[Privilege::ViewUsersAccount, Privilege::ViewAccounts],
    )
    .await;
    assert_eq!(client.get(&path).await.status, 403);
}
