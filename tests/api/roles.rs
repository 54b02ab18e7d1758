//! Roles through the API: of users, of accounts as a whole, and what each allows.

use std::collections::HashSet;

use serde_json::{Value, json};
use tenantry::domain::privilege::Privilege;

use crate::caller::{Answer, Caller};
use crate::support::TestApp;

fn keys(answer: &Answer) -> Vec<String> {
    let all = answer.each("key");
    all.iter()
        .map(|key| key.as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn roles_of_a_user_one_at_a_time() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let admin = Caller::of(&app, acme.admin).await;
    let home = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let away = acme.user(one, "Eva Muster", "eva@acme.example").await;
    let nothing = json!({});
    for (user, role, status) in [
        (home, "boss", 400),
        (home, "ADMIN", 400),
        (999_999_999, "boss", 400),
        (999_999_999, "admin", 404),
        (acme.admin, "admin", 403),
        (home, "org", 409),
        (home, "default-user", 403),
        (away, "org-admin", 403),
        (away, "admin", 200),
        (away, "admin", 409),
        (home, "org-admin", 200),
    ] {
        let answer = admin
            .put(&format!("/users/{user}/roles/{role}"), &nothing)
            .await;
        assert_eq!(answer.status, status, "{user} {role}: {}", answer.text);
        if status == 200 {
            assert_eq!(answer.json["key"], role);
            assert!(!answer.json["privileges"].as_array().unwrap().is_empty());
        }
        if (user, status) == (home, 409) {
            let words = format!("The user holds the role {role} already.");
            assert_eq!(answer.message(), words);
        }
    }
    assert_eq!(
        keys(&admin.get(&format!("/users/{home}/roles")).await),
        ["org-admin", "org"]
    );
    assert_eq!(
        keys(&admin.get("/users/eva@acme.example/roles").await),
        ["admin", "default-user"]
    );
    let own = Caller::of(&app, away).await;
    assert_eq!(
        keys(&own.get(&format!("/users/{away}/roles")).await),
        ["admin", "default-user"]
    );
    for (user, role, status) in [
        (away, "boss", 400),
        (away, "org", 404),
        (away, "default-user", 403),
        (away, "admin", 200),
        (away, "admin", 404),
        (acme.admin, "org-admin", 403),
        (home, "org-admin", 200),
    ] {
        let answer = admin.delete(&format!("/users/{user}/roles/{role}")).await;
        assert_eq!(answer.status, status, "{user} {role}: {}", answer.text);
    }
    let plain = own.get(&format!("/users/{away}/roles")).await;
    assert_eq!(keys(&plain), ["default-user"], "one's own always");
    assert_eq!(own.get(&format!("/users/{home}/roles")).await.status, 403);
}

#[actix_web::test]
async fn a_role_of_an_account_is_held_by_everybody_in_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let admin = Caller::of(&app, acme.admin).await;
    let user = acme.user(one, "Max Muster", "max@acme.example").await;
    let caller = Caller::of(&app, user).await;
    let roles = format!("/accounts/{one}/roles");
    assert_eq!(keys(&admin.get(&roles).await), ["default-user"]);
    assert_eq!(caller.get("/users").await.status, 403);
    let browser = app.signed_in("max@acme.example").await;

    let nothing = json!({});
    for (role, status) in [
        ("boss", 400),
        ("org-admin", 403),
        ("default-user", 409),
        ("org", 403),
        ("admin", 200),
        ("admin", 409),
    ] {
        let answer = admin.put(&format!("{roles}/{role}"), &nothing).await;
        assert_eq!(answer.status, status, "{role}: {}", answer.text);
        if status == 409 {
            let words = format!("One holds the role {role} already.");
            assert_eq!(answer.message(), words);
        }
    }
    assert_eq!(keys(&admin.get(&roles).await), ["admin", "default-user"]);
    let console = acme.org_admin().await;
    let page = console.get(&format!("/security/accounts/{one}")).await;
    let words = "Everybody in this account is Account Admin: the account holds the role";
    assert!(page.text().contains(words), "{}", page.text());
    let page = console
        .get(&format!("/security/accounts/{}", acme.account))
        .await;
    assert!(!page.text().contains("Everybody in this account"));
    assert_eq!(
        keys(&admin.get(&format!("/users/{user}/roles")).await),
        ["admin", "default-user"]
    );
    assert_eq!(
        browser.get("/profile").await.status,
        303,
        "a role that changes ends sessions"
    );
    assert_eq!(caller.get("/users").await.each("id"), [json!(user)]);
    let browser = app.signed_in("max@acme.example").await;
    assert_eq!(
        browser.get("/activity").await.status,
        200,
        "in the console too"
    );

    for (role, status) in [
        ("org-admin", 404),
        ("default-user", 403),
        ("admin", 200),
        ("admin", 404),
    ] {
        let answer = admin.delete(&format!("{roles}/{role}")).await;
        assert_eq!(answer.status, status, "{role}: {}", answer.text);
    }
    assert_eq!(caller.get("/users").await.status, 403);
    assert_eq!(browser.get("/activity").await.status, 303);
}

#[actix_web::test]
async fn who_saves_an_account_as_it_was_before_its_role_is_told() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let caller = Caller::of(&app, acme.admin).await;
    let (admin, form) = (acme.org_admin().await, format!("/security/accounts/{one}"));
    let old = admin.get(&form).await;
    let role = format!("/accounts/{one}/roles/admin");
    assert_eq!(caller.put(&role, &json!({})).await.status, 200);
    assert_eq!(admin.submit(&old, &form, &[]).await.status, 422);
    // A later change does not make the old page good again.
    let page = admin.get(&form).await;
    let saved = admin.submit(&page, &form, &[("name", "Ours")]).await;
    assert_eq!(saved.notice(), "Ours was updated.");
    assert_eq!(admin.submit(&old, &form, &[]).await.status, 422);
}

#[actix_web::test]
async fn a_role_of_the_default_account_does_not_change_who_gives_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let second = acme
        .user_with(
            acme.account,
            "Second Admin",
            "second@acme.example",
            (true, false),
        )
        .await;
    let plain = acme.crowd(acme.account, "Plain", 1).await[0];
    let second = Caller::of(&app, second).await;
    let path = format!("/accounts/{}/roles", acme.account);
    let nothing = json!({});
    let refused = second.put(&format!("{path}/admin"), &nothing).await;
    assert_eq!(refused.status, 403, "it would be one of its own roles");
    let browser = acme.org_admin().await;
    assert_eq!(
        admin.put(&format!("{path}/admin"), &nothing).await.status,
        200
    );
    assert_eq!(
        browser.get("/profile").await.status,
        200,
        "who holds it anyway is not touched"
    );
    assert_eq!(second.delete(&format!("{path}/admin")).await.status, 403);

    assert_eq!(
        admin
            .put(&format!("{path}/org-admin"), &nothing)
            .await
            .status,
        200
    );
    let everybody = Caller::of(&app, plain).await;
    assert_eq!(everybody.get("/accounts").await.status, 200);
    let held = admin.get(&format!("/users/{plain}/roles")).await;
    assert!(held.text.contains("\"org-admin\""), "{}", held.text);
    let lost = everybody.delete(&format!("{path}/org-admin")).await;
    assert_eq!(
        lost.status, 403,
        "it holds the role only through the account"
    );
    // The last org admin is one that holds the role itself.
    let last = everybody.delete(&format!("/users/{}", acme.admin)).await;
    assert_eq!(last.status, 200);
    let last = everybody.delete("/users/second@acme.example").await;
    assert_eq!(last.status, 409, "{}", last.text);
}

#[actix_web::test]
async fn what_roles_allow_is_changed_all_or_nothing() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let admin = Caller::of(&app, acme.admin).await;
    let user = acme.crowd(acme.account, "Plain", 1).await[0];
    let plain = Caller::of(&app, user).await;
    let path = "/organizations/roles";
    let before = admin.get(path).await;
    assert_eq!(keys(&before), ["org-admin", "admin", "org", "default-user"]);
    let names = [
        "Organization Administrator",
        "Account Administrator",
        "Organization User",
        "Default User",
    ];
    assert_eq!(before.each("name"), names);
    let descriptions: HashSet<_> = before.each("description").into_iter().collect();
    assert_eq!(descriptions.len(), 4, "each has its own: {descriptions:?}");
    assert_eq!(plain.get("/users").await.status, 403);

    let with = |key: &str, privileges: &[Privilege]| {
        let privileges: Vec<Value> = privileges
            .iter()
            .map(|it| json!({"key": it.key()}))
            .collect();
        json!({"key": key, "privileges": privileges})
    };
    let wider = admin
        .put(path, &json!([with("org", &[Privilege::ViewUsersOrg])]))
        .await;
    assert_eq!(wider.status, 200, "{}", wider.text);
    let held: Vec<_> = wider.json[2]["privileges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["key"].clone())
        .collect();
    assert_eq!(
        held,
        ["viewUsersOrg", "viewUsersAccount"],
        "the wider form includes the other"
    );
    assert_eq!(
        plain.get("/users").await.status,
        200,
        "on the very next call"
    );

    let changed = admin.get(path).await.json;
    for (body, status, words) in [
        (
            json!([
                with("org", &[]),
                with("admin", &[Privilege::ConfigureRoles])
            ]),
            403,
            ["admin", "configureRoles"],
        ),
        (
            json!([with("org", &[]), with("org-admin", &[])]),
            403,
            ["org-admin", "modifySecurity"],
        ),
        (
            json!([with("org", &[]), with("boss", &[])]),
            400,
            ["role", "default-user"],
        ),
        (
            json!([with("org", &[]), {"key": "admin", "privileges": [{"key": "fly"}]}]),
            400,
            ["privilege", "fly"],
        ),
        (
            json!([with("org", &[]), {"key": "admin"}]),
            400,
            ["privileges", "missing"],
        ),
        (
            json!([{"key": "org", "privileges": [5]}]),
            400,
            ["privileges", "object"],
        ),
    ] {
        let answer = admin.put(path, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert!(
            words.iter().all(|word| answer.message().contains(word)),
            "{}",
            answer.message()
        );
        assert_eq!(
            admin.get(path).await.json,
            changed,
            "nothing of it happened"
        );
    }

    let id = changed[2]["id"].as_i64().unwrap();
    let one = admin
        .put(&format!("{path}/{id}"), &with("ignored", &[]))
        .await;
    assert_eq!(
        (one.status, &one.json["key"], &one.json["privileges"]),
        (200, &json!("org"), &json!([]))
    );
    let theirs = Caller::of(&app, birch.admin).await;
    assert_eq!(
        theirs
            .put(&format!("{path}/{id}"), &with("org", &[]))
            .await
            .status,
        404
    );
    assert_eq!(
        admin
            .put(&format!("{path}/999999"), &with("org", &[]))
            .await
            .status,
        404
    );
    let reset = admin.put(&format!("{path}/reset"), &json!({})).await;
    assert_eq!(reset.json, before.json);
}
