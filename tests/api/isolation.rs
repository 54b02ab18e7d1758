//! Nothing of another organization, or of an account out of reach, shows in any answer.

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::support::TestApp;

#[actix_web::test]
async fn what_is_elsewhere_answers_like_what_is_nowhere() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let theirs = birch.account("Theirs").await.id;
    let their_user = birch.user(theirs, "Their User", "user@birch.example").await;
    app.give(their_user, 1, 1).await;
    let (one, two) = (acme.account("One").await.id, acme.account("Two").await.id);
    let own = acme
        .user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    let other = acme.user(two, "Other User", "other@acme.example").await;
    let org_admin = Caller::of(&app, acme.admin).await;
    let account_admin = Caller::of(&app, own).await;
    let body = json!({"firstName": "A", "lastName": "B", "email": "a@b.example", "active": false, "name": "x",
        "externalId": "x", "roles": [{"key": "admin"}], "companyId": birch.id});
    let before = birch_seen(&app, birch.admin).await;
    for (caller, account, user, email) in [
        (&org_admin, theirs, their_user, "user@birch.example"),
        (&account_admin, two, other, "other@acme.example"),
        (&account_admin, theirs, their_user, "user@birch.example"),
    ] {
        let nowhere = (999_999_999, 999_999_998, "nobody@nowhere.example");
        for (method, path) in [
            ("GET", "/accounts/A/users"),
            ("POST", "/accounts/A/users"),
            ("GET", "/accounts/A/users/U"),
            ("PATCH", "/accounts/A/users/U"),
            ("PUT", "/accounts/A/users/U"),
            ("DELETE", "/accounts/A/users/U"),
            ("DELETE", "/accounts/A/users/E"),
            ("GET", "/users/U"),
            ("GET", "/users/E"),
            ("PATCH", "/users/U"),
            ("PATCH", "/users/E?permanent=true"),
            ("PUT", "/users/U"),
            ("DELETE", "/users/U"),
            ("GET", "/users/U/instances"),
            ("GET", "/users/E/jobs"),
            ("GET", "/accounts/A/instances"),
            ("GET", "/users/U/roles"),
            ("PUT", "/users/U/roles/admin"),
            ("DELETE", "/users/E/roles/admin"),
            ("POST", "/users/U/secret"),
            ("POST", "/users/E/unlock"),
            ("POST", "/users/E/two-factor/reset"),
            ("PATCH", "/organizations/users/U"),
            ("GET", "/accounts/A"),
            ("PATCH", "/accounts/A"),
            ("DELETE", "/accounts/A"),
            ("GET", "/accounts/A/roles"),
            ("PUT", "/accounts/A/roles/admin"),
            ("DELETE", "/accounts/A/roles/admin"),
        ] {
            let there = ask(caller, method, path, (account, user, email), &body).await;
            let none = ask(caller, method, path, nowhere, &body).await;
            assert_eq!(there, none, "{method} {path}");
            assert!([403, 404].contains(&there.0), "{method} {path}: {there:?}");
        }
    }
    assert_eq!(
        birch_seen(&app, birch.admin).await,
        before,
        "nothing of it happened"
    );
    // The password header does not tell either.
    let request = org_admin
        .request("GET", &format!("/users/{their_user}"))
        .header("elements-user-password", "x");
    assert_eq!(org_admin.send(request).await.status, 404);
    // An account of one's own and a user of another do not go together.
    let mixed = org_admin
        .get(&format!("/accounts/{one}/users/{their_user}"))
        .await;
    assert_eq!(mixed.status, 404);
}

async fn ask(
    caller: &Caller,
    method: &str,
    path: &str,
    (account, user, email): (i64, i64, &str),
    body: &Value,
) -> (u16, String) {
    let path = path
        .replace("/A", &format!("/{account}"))
        .replace("/U", &format!("/{user}"))
        .replace("/E", &format!("/{email}"));
    let answer = caller.call(method, &path, body).await;
    (answer.status, answer.message().to_owned())
}

async fn birch_seen(app: &TestApp, admin: i64) -> (String, String) {
    let caller = Caller::of(app, admin).await;
    let accounts = caller.get("/accounts?includeInactive=true").await;
    (caller.get("/users").await.text, accounts.text)
}

#[actix_web::test]
async fn lists_and_their_counts_are_cut_to_the_callers_reach() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    birch.crowd(birch.account, "Crowd", 5).await;
    let one = acme.account("One").await.id;
    let own = acme
        .user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    acme.user(acme.account, "Max Muster", "max@acme.example")
        .await;
    for (user, count) in [(acme.admin, "3"), (own, "1"), (birch.admin, "6")] {
        for path in ["/users", "/organizations/users"] {
            let list = Caller::of(&app, user).await.get(path).await;
            assert_eq!(list.header("elements-total-count"), count);
            assert_eq!(list.json.as_array().unwrap().len().to_string(), count);
        }
    }
    let admin = Caller::of(&app, acme.admin).await;
    let first = admin.get("/users?pageSize=1").await;
    let token = first.header("elements-next-page-token");
    assert_eq!(
        admin
            .get(&format!("/users?pageSize=1&nextPage={token}"))
            .await
            .status,
        200
    );
    for (user, path) in [(own, "/users"), (birch.admin, "/users")] {
        let stolen = Caller::of(&app, user)
            .await
            .get(&format!("{path}?nextPage={token}"))
            .await;
        assert_eq!(stolen.status, 400);
    }
    let narrower = format!("/accounts/{one}/users?nextPage={token}");
    assert_eq!(
        admin.get(&narrower).await.status,
        400,
        "a token of another list"
    );
}
