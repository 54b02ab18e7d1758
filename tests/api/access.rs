//! Who may call what: every route for every kind of caller.

use serde_json::{Value, json};

use crate::caller::{Caller, secrets};
use crate::support::TestApp;

/// The callers of the matrix, in the order of its columns.
const CALLERS: [&str; 8] = [
    "no credentials",
    "the wrong pair",
    "plain user",
    "account admin of the account",
    "account admin of another account",
    "org admin",
    "org admin of another organization",
    "deactivated",
];

/// What everybody may who is known.
const KNOWN: [u16; 8] = [401, 401, 200, 200, 200, 200, 200, 401];
/// What org admins do with their own organization.
const OWN: [u16; 8] = [401, 401, 403, 403, 403, 200, 200, 401];
/// The same, with an empty body where something is required.
const OWN_EMPTY: [u16; 8] = [401, 401, 403, 403, 403, 400, 400, 401];
/// What org admins do with the account.
const ACCOUNT: [u16; 8] = [401, 401, 403, 403, 403, 200, 404, 401];
/// What the administrators of its account do with the user.
const USER: [u16; 8] = [401, 401, 403, 200, 404, 200, 404, 401];
/// The same, with an empty body where something is required.
const USER_EMPTY: [u16; 8] = [401, 401, 403, 400, 404, 400, 404, 401];
/// A list of users that everybody who sees users has some of.
const USERS: [u16; 8] = [401, 401, 403, 200, 200, 200, 200, 401];

/// Something of somebody else's, or an own list with nothing in it.
const NOT_OWN: [u16; 8] = [401, 401, 404, 404, 404, 404, 404, 401];
/// Something to be made for oneself, with an empty body.
const MAKING: [u16; 8] = [401, 401, 400, 400, 400, 400, 400, 401];

/// Method, path, and the status for each of [`CALLERS`]. {account} is of the organization and has the user {user}, who has an instance. Bodies
/// are empty.
const MATRIX: [(&str, &str, [u16; 8]); 77] = [
    ("GET", "/accounts", OWN),
    ("POST", "/accounts", OWN_EMPTY),
    ("GET", "/accounts/{account}", ACCOUNT),
    ("PATCH", "/accounts/{account}", ACCOUNT),
    ("PUT", "/accounts/{account}", ACCOUNT),
    ("DELETE", "/accounts/{account}", ACCOUNT),
    ("GET", "/accounts/{account}/roles", ACCOUNT),
    ("PUT", "/accounts/{account}/roles/{role}", ACCOUNT),
    ("DELETE", "/accounts/{account}/roles/{role}", ACCOUNT),
    ("GET", "/accounts/{account}/instances", USER),
    ("GET", "/accounts/{account}/users", USER),
    ("POST", "/accounts/{account}/users", USER_EMPTY),
    ("GET", "/accounts/{account}/users/{user}", USER),
    ("PATCH", "/accounts/{account}/users/{user}", USER),
    ("PUT", "/accounts/{account}/users/{user}", USER_EMPTY),
    ("DELETE", "/accounts/{account}/users/{user}", USER),
    ("GET", "/users", USERS),
    ("GET", "/users/{user}", USER),
    ("PATCH", "/users/{user}", USER),
    ("PUT", "/users/{user}", USER_EMPTY),
    ("DELETE", "/users/{user}", USER),
    ("GET", "/users/{user}/instances", USER),
    ("GET", "/users/{user}/jobs", USER),
    ("GET", "/users/{user}/roles", USER),
    ("PUT", "/users/{user}/roles/{role}", USER),
    (
        "DELETE",
        "/users/{user}/roles/{role}",
        [401, 401, 403, 404, 404, 404, 404, 401],
    ),
    ("POST", "/users/{user}/secret", USER),
    ("POST", "/users/{user}/unlock", USER),
    ("POST", "/users/{user}/two-factor/reset", USER),
    ("GET", "/organizations/me", KNOWN),
    ("PUT", "/organizations/me", OWN_EMPTY),
    ("POST", "/organizations/me/secret", OWN),
    ("GET", "/organizations/password-policies", KNOWN),
    ("PUT", "/organizations/password-policies", OWN_EMPTY),
    ("DELETE", "/organizations/password-policies", OWN),
    ("GET", "/organizations/roles", OWN),
    ("PUT", "/organizations/roles", OWN_EMPTY),
    ("PUT", "/organizations/roles/reset", OWN),
    ("PUT", "/organizations/roles/{id}", OWN_EMPTY),
    ("GET", "/organizations/users", USERS),
    (
        "POST",
        "/organizations/users",
        [401, 401, 403, 404, 404, 400, 400, 401],
    ),
    ("GET", "/organizations/users/{user}", USER),
    ("PATCH", "/organizations/users/{user}", USER),
    ("DELETE", "/organizations/users/{user}", USER),
    ("GET", "/organizations/{organization}/accounts", ACCOUNT),
    (
        "POST",
        "/organizations/{organization}/accounts",
        [401, 401, 403, 403, 403, 400, 404, 401],
    ),
    (
        "GET",
        "/organizations/{organization}/accounts/{account}",
        ACCOUNT,
    ),
    ("GET", "/instances", NOT_OWN),
    ("POST", "/instances", MAKING),
    ("GET", "/instances/{instance}", NOT_OWN),
    ("PATCH", "/instances/{instance}", NOT_OWN),
    ("DELETE", "/instances/{instance}", NOT_OWN),
    ("PUT", "/instances/{instance}/enabled", NOT_OWN),
    ("DELETE", "/instances/{instance}/enabled", NOT_OWN),
    ("GET", "/formulas/instances", KNOWN),
    ("POST", "/formulas/instances", MAKING),
    ("GET", "/formulas/instances/{instance}", NOT_OWN),
    ("DELETE", "/formulas/instances/{instance}", NOT_OWN),
    ("PUT", "/formulas/instances/{instance}/active", NOT_OWN),
    ("DELETE", "/formulas/instances/{instance}/active", NOT_OWN),
    ("GET", "/jobs", KNOWN),
    ("POST", "/jobs", MAKING),
    ("POST", "/jobs/lease", OWN_EMPTY),
    ("GET", "/jobs/executions", KNOWN),
    ("GET", "/jobs/{job}", NOT_OWN),
    ("DELETE", "/jobs/{job}", NOT_OWN),
    ("PUT", "/jobs/{job}/enable", NOT_OWN),
    ("PUT", "/jobs/{job}/disable", NOT_OWN),
    ("PATCH", "/jobs/{job}/reschedule", NOT_OWN),
    ("GET", "/jobs/{job}/history", NOT_OWN),
    ("POST", "/jobs/{job}/executions", OWN_EMPTY),
    ("POST", "/authentication", [400; 8]),
    ("GET", "/authentication/secrets", KNOWN),
    (
        "POST",
        "/authentication/passwords",
        [401, 401, 400, 400, 400, 400, 400, 401],
    ),
    ("GET", "/audit-logs", USERS),
    ("GET", "/audit-logs/authentication", USERS),
    ("GET", "/openapi.json", [200; 8]),
];

#[actix_web::test]
async fn every_route_for_every_caller() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let (one, two) = (acme.account("One").await.id, acme.account("Two").await.id);
    let plain = acme.crowd(acme.account, "Plain", 1).await[0];
    let other = acme
        .user_with(two, "Other Admin", "other@acme.example", (false, true))
        .await;
    let gone = acme.crowd(two, "Gone", 1).await[0];
    app.set_active(gone, false).await;
    let empty: Value = json!({});
    for (number, (method, path, expected)) in MATRIX.iter().enumerate() {
        for (place, status) in expected.iter().enumerate() {
            let email = format!("user{number}.{place}@acme.example");
            let user = acme.user(one, "Some Body", &email).await;
            let email = format!("own{number}.{place}@acme.example");
            let own = acme
                .user_with(one, "Own Admin", &email, (false, true))
                .await;
            app.give(user, 1, 2).await;
            let (job, instance) = app.work_of(user).await;
            let known = [plain, own, other, acme.admin, birch.admin, gone];
            let path = path
                .replace("{account}", &one.to_string())
                .replace("{user}", &user.to_string())
                .replace("{job}", &job.to_string())
                .replace("{instance}", &instance.to_string())
                .replace("{role}", "admin")
                .replace("{id}", "1")
                .replace("{organization}", &acme.id.to_string());
            let caller = match place {
                0 => Caller::with(&app, ""),
                1 => {
                    let (user, organization) = (
                        secrets(&app, own).await.0,
                        secrets(&app, birch.admin).await.1,
                    );
                    Caller::with(&app, &format!("User {user}, Organization {organization}"))
                }
                _ => Caller::of(&app, known[place - 2]).await,
            };
            let answer = if *method == "GET" || *method == "DELETE" {
                caller.send(caller.request(method, &path)).await
            } else {
                caller.call(method, &path, &empty).await
            };
            assert_eq!(
                answer.status, *status,
                "{method} {path} as {}: {}",
                CALLERS[place], answer.text
            );
            // What was deleted or deactivated is there again for the next caller.
            app.remove(user).await;
            app.remove(own).await;
            app.activate_account(one).await;
        }
    }
}

#[test]
fn the_matrix_holds_every_route() {
    let routes: Vec<_> = tenantry::api::routes()
        .iter()
        .map(|route| (route.method.to_string(), route.path))
        .collect();
    let rows: Vec<_> = MATRIX
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), *path))
        .collect();
    assert_eq!(routes, rows);
}
