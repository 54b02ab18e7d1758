//! Nobody gives what it does not hold, changes somebody above, or changes what of itself only others may; by any path.

use serde_json::{Value, json};
use tenantry::domain::privilege::Privilege;

use crate::caller::Caller;
use crate::support::TestApp;

fn new_user(roles: &[&str]) -> Value {
    let roles: Vec<_> = roles.iter().map(|key| json!({"key": key})).collect();
    json!({"firstName": "New", "lastName": "Comer", "email": "new@acme.example", "roles": roles})
}

/// Somebody of the default account who may do to users and accounts what an org admin may, and not one thing more.
const HELPER: [Privilege; 10] = [
    Privilege::ViewUsersOrg,
    Privilege::AddUsersOrg,
    Privilege::EditUsersOrg,
    Privilege::DeleteUsersOrg,
    Privilege::ViewAccounts,
    Privilege::EditAccounts,
    Privilege::DeleteAccounts,
    Privilege::CreateElementInstances,
    Privilege::CreateFormulaInstances,
    Privilege::ScheduleJobs,
];

#[actix_web::test]
async fn no_path_gives_a_role_that_holds_more_than_the_giver() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.set_role("org", &HELPER).await;
    let one = acme.account("One").await.id;
    let helper = acme.crowd(acme.account, "Helper", 1).await[0];
    let peer = acme
        .user(acme.account, "Peer Helper", "peer@acme.example")
        .await;
    let away = acme.user(one, "Away User", "away@acme.example").await;
    let caller = Caller::of(&app, helper).await;
    let nothing = json!({});
    for (method, path, body) in [
        // The role admin holds viewLogsAccount, which the helper does not.
        (
            "POST",
            format!("/accounts/{}/users", acme.account),
            new_user(&["org-admin"]),
        ),
        (
            "POST",
            format!("/accounts/{one}/users"),
            new_user(&["admin"]),
        ),
        (
            "POST",
            "/organizations/users".to_owned(),
            new_user(&["admin"]),
        ),
        (
            "PATCH",
            format!("/users/{peer}"),
            json!({"roles": [{"key": "org-admin"}]}),
        ),
        (
            "PUT",
            format!("/users/{peer}"),
            json!({"firstName": "A", "lastName": "B", "email": "peer@acme.example", "roles": [{"key": "admin"}]}),
        ),
        (
            "PATCH",
            format!("/accounts/{one}/users/{away}"),
            json!({"roles": [{"key": "admin"}]}),
        ),
        (
            "PATCH",
            format!("/organizations/users/{away}"),
            json!({"roles": [{"key": "admin"}]}),
        ),
        (
            "PUT",
            format!("/users/{peer}/roles/org-admin"),
            nothing.clone(),
        ),
        ("PUT", format!("/users/{away}/roles/admin"), nothing.clone()),
        (
            "PUT",
            format!("/accounts/{one}/roles/admin"),
            nothing.clone(),
        ),
        (
            "PUT",
            format!("/accounts/{}/roles/org-admin", acme.account),
            nothing.clone(),
        ),
        ("PUT", "/organizations/roles".to_owned(), json!([])),
    ] {
        let answer = caller.call(method, &path, &body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
    }
    let made = caller.post("/organizations/users", &new_user(&[])).await;
    assert_eq!(made.status, 200, "what it holds it gives: {}", made.text);
    // An account gives its roles to everybody who is added to it.
    let admin = Caller::of(&app, acme.admin).await;
    assert_eq!(
        admin
            .put(&format!("/accounts/{one}/roles/admin"), &nothing)
            .await
            .status,
        200
    );
    let mut body = new_user(&[]);
    body["email"] = json!("other@acme.example");
    let answer = caller.post(&format!("/accounts/{one}/users"), &body).await;
    assert_eq!(answer.status, 403, "{}", answer.text);
}

#[actix_web::test]
async fn nobody_changes_somebody_above() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.set_role("org", &HELPER).await;
    let one = acme.account("One").await.id;
    let helper = acme.crowd(acme.account, "Helper", 1).await[0];
    let away = acme.user(one, "Away User", "away@acme.example").await;
    let caller = Caller::of(&app, helper).await;
    let admin = Caller::of(&app, acme.admin).await;
    let nothing = json!({});
    let above = acme.admin;
    let before = admin.get(&format!("/users/{above}")).await.json;
    for (method, path, body) in [
        (
            "PATCH",
            format!("/users/{above}"),
            json!({"lastName": "Else"}),
        ),
        (
            "PATCH",
            format!("/users/{above}"),
            json!({"password": "Another-Battery-9"}),
        ),
        (
            "PATCH",
            format!("/users/{above}"),
            json!({"email": "mine@acme.example"}),
        ),
        ("PATCH", format!("/users/{above}"), json!({"active": false})),
        (
            "PUT",
            format!("/users/{above}"),
            json!({"firstName": "A", "lastName": "B", "email": "c@d.example"}),
        ),
        ("DELETE", format!("/users/{above}"), nothing.clone()),
        (
            "DELETE",
            format!("/accounts/{}/users/{above}", acme.account),
            nothing.clone(),
        ),
        (
            "DELETE",
            format!("/organizations/users/{above}"),
            nothing.clone(),
        ),
        (
            "DELETE",
            format!("/users/{above}/roles/org-admin"),
            nothing.clone(),
        ),
        ("POST", format!("/users/{above}/secret"), nothing.clone()),
        ("POST", format!("/users/{above}/unlock"), nothing.clone()),
        (
            "POST",
            format!("/users/{above}/two-factor/reset"),
            nothing.clone(),
        ),
    ] {
        let answer = caller.call(method, &path, &body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
    }
    assert_eq!(admin.get(&format!("/users/{above}")).await.json, before);
    // A role of the account lifts its users too.
    assert_eq!(
        caller
            .patch(&format!("/users/{away}"), &json!({"lastName": "Else"}))
            .await
            .status,
        200
    );
    admin
        .put(&format!("/accounts/{one}/roles/admin"), &nothing)
        .await;
    assert_eq!(
        caller
            .patch(&format!("/users/{away}"), &json!({"lastName": "Again"}))
            .await
            .status,
        403
    );
    // An account's role changes all of its users, so all of them have to be below.
    acme.set_role("admin", &[Privilege::ViewUsersAccount]).await;
    let admins = format!("/accounts/{}/roles/admin", acme.account);
    let second = acme
        .user_with(
            acme.account,
            "Second Admin",
            "second@acme.example",
            (true, false),
        )
        .await;
    assert_eq!(caller.put(&admins, &nothing).await.status, 403);
    app.remove(second).await;
}

#[actix_web::test]
async fn who_is_org_admin_through_the_account_is_above_too() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.set_role("default-user", &HELPER).await;
    let one = acme.account("One").await.id;
    let helper = acme.crowd(one, "Helper", 1).await[0];
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let caller = Caller::of(&app, helper).await;
    let admin = Caller::of(&app, acme.admin).await;
    let (path, body) = (format!("/users/{user}"), json!({"lastName": "Else"}));
    assert_eq!(caller.patch(&path, &body).await.status, 200);
    let role = format!("/accounts/{}/roles/org-admin", acme.account);
    assert_eq!(admin.put(&role, &json!({})).await.status, 200);
    let roles = admin.get(&format!("{path}/roles")).await;
    assert_eq!(roles.each("key"), ["org-admin", "org"]);
    assert_eq!(caller.patch(&path, &body).await.status, 403);
    assert_eq!(caller.delete(&path).await.status, 403);
}

#[actix_web::test]
async fn of_oneself_only_details_can_be_changed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user_with(
        acme.account,
        "Second Admin",
        "second@acme.example",
        (true, true),
    )
    .await;
    let admin = Caller::of(&app, acme.admin).await;
    let (me, nothing) = (acme.admin, json!({}));
    let before = admin.get(&format!("/users/{me}/roles")).await.json;
    for (method, path, body) in [
        ("PATCH", format!("/users/{me}"), json!({"active": false})),
        (
            "PATCH",
            format!("/users/{me}?permanent=true"),
            json!({"active": false}),
        ),
        ("PATCH", format!("/users/{me}"), json!({"roles": []})),
        (
            "PATCH",
            format!("/users/{me}"),
            json!({"password": "Another-Battery-9"}),
        ),
        ("DELETE", format!("/users/{me}"), nothing.clone()),
        (
            "DELETE",
            format!("/users/{}", acme.admin_email),
            nothing.clone(),
        ),
        (
            "DELETE",
            format!("/users/{me}/roles/org-admin"),
            nothing.clone(),
        ),
        ("PUT", format!("/users/{me}/roles/admin"), nothing.clone()),
        ("POST", format!("/users/{me}/unlock"), nothing.clone()),
        (
            "POST",
            format!("/users/{me}/two-factor/reset"),
            nothing.clone(),
        ),
    ] {
        let answer = admin.call(method, &path, &body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
        assert!(
            answer.message().contains("you") || answer.message().contains("You"),
            "{}",
            answer.message()
        );
    }
    assert_eq!(admin.get(&format!("/users/{me}/roles")).await.json, before);
    let mut whole = admin.get(&format!("/users/{me}")).await.json;
    whole["lastName"] = json!("Whitfield-Lee");
    whole["roles"] = before;
    let saved = admin.put(&format!("/users/{me}"), &whole).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(saved.json["lastName"], "Whitfield-Lee");
}

/// Every call that deactivates or deletes an account is refused with these words, and changes nothing.
async fn may_not_stop(caller: &Caller, account: i64, words: &str) {
    let path = format!("/accounts/{account}");
    let for_good = format!("{path}?permanent=true");
    for (method, path) in [("PATCH", &path), ("PATCH", &for_good), ("DELETE", &path)] {
        let answer = caller.call(method, path, &json!({"active": false})).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
        assert!(answer.message().starts_with(words), "{}", answer.text);
    }
    assert_eq!(caller.get(&path).await.json["active"], true);
}

#[actix_web::test]
async fn an_account_is_stopped_or_deleted_only_from_above_all_of_its_users() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.set_role("org", &HELPER).await;
    acme.set_role("default-user", &HELPER).await;
    let one = acme.account("One").await.id;
    acme.crowd(one, "Plain", 3).await;
    let boss = acme
        .user_with(one, "Local Boss", "boss@acme.example", (false, true))
        .await;
    let helper = acme
        .user(acme.account, "Local Helper", "helper@acme.example")
        .await;
    let caller = Caller::of(&app, helper).await;
    let browser = app.signed_in("helper@acme.example").await;
    let pages = async || {
        let page = |deed| format!("/security/accounts/{one}/{deed}/new");
        let deactivation = browser.get(&page("deactivation")).await.status;
        (deactivation, browser.get(&page("deletion")).await.status)
    };
    // The role admin holds viewLogsAccount, which the helper does not.
    may_not_stop(&caller, one, "You do not hold the privilege").await;
    assert_eq!(pages().await, (403, 403), "nor is it asked");
    app.remove(boss).await;
    assert_eq!(pages().await, (200, 200));
    let path = format!("/accounts/{one}");
    let stopped = caller.patch(&path, &json!({"active": false})).await;
    assert_eq!(stopped.status, 200, "{}", stopped.text);
    assert_eq!(caller.delete(&path).await.status, 200);

    let two = acme.account("Two").await.id;
    let own = acme.crowd(two, "Own", 1).await[0];
    let caller = Caller::of(&app, own).await;
    may_not_stop(&caller, two, "This is your own account.").await;
}
