//! Users through the API: their shape, and what each deed does.

use serde_json::{Value, json};

use crate::caller::{Caller, secrets};
use crate::support::{PASSWORD, TestApp};

fn max() -> Value {
    json!({"firstName": "Max", "lastName": "Muster", "email": "Max@Acme.example", "password": PASSWORD})
}

#[actix_web::test]
async fn a_user_as_it_is_added_and_shown() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let admin = Caller::of(&app, acme.admin).await;
    let users = format!("/accounts/{one}/users");
    let mut body = max();
    body["externalId"] = json!("hr-5");
    body["city"] = json!("Bern");
    body["phone"] = json!("");
    body["roles"] = json!([{"key": "admin"}, {"key": "default-user"}]);
    let made = admin.post(&users, &body).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let id = made.json["id"].as_i64().unwrap();
    let today = chrono::Utc::now().date_naive().to_string();
    let mut expected = json!({
        "id": id, "createdDate": today, "firstName": "Max", "lastName": "Muster",
        "fullName": "Max Muster", "email": "Max@Acme.example", "active": true,
        "lastLoginDate": "1970-01-01", "externalId": "hr-5", "city": "Bern",
        "accountExpired": false, "accountLocked": false, "accountNonLocked": true,
        "credentialsExpired": false, "credentialsNonExpired": true, "emailValid": true,
        "accountNonExpired": true, "enabled": true,
    });
    let shown = admin.get(&format!("/users/{id}")).await;
    assert_eq!(shown.json, expected);
    assert_eq!(made.json["secret"], secrets(&app, id).await.0);
    let keys: Vec<_> = made.json["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["key"])
        .collect();
    assert_eq!(keys, ["admin", "default-user"]);
    let role = &made.json["roles"][1];
    assert_eq!(role["name"], "Default User");
    assert_eq!(role["active"], true);
    assert_eq!(role["features"], json!([]));
    assert_eq!(role["privileges"][0]["key"], "createElementInstances");

    expected["password"] = json!("secured");
    let list = admin.get(&users).await;
    assert_eq!(list.json, json!([expected]));
    let page = app
        .signed_in("max@acme.example")
        .await
        .get("/profile")
        .await;
    assert_eq!(page.status, 200, "and signs in");

    for name in ["max@acme.example", "MAX%40acme.example", "Max@Acme.Example"] {
        assert_eq!(
            admin.get(&format!("/users/{name}")).await.json["id"],
            id,
            "{name}"
        );
        assert_eq!(
            admin.get(&format!("{users}/{name}")).await.json["id"],
            id,
            "{name}"
        );
    }
    let elsewhere = format!("/accounts/{}/users/{id}", acme.account);
    assert_eq!(admin.get(&elsewhere).await.status, 404);
    let all = admin.get("/users").await;
    assert_eq!(all.each("id"), [json!(acme.admin), json!(id)]);
    assert_eq!(admin.get("/organizations/users").await.json, all.json);
}

#[actix_web::test]
async fn what_cannot_be_added_is_said_by_key() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let admin = Caller::of(&app, acme.admin).await;
    let users = format!("/accounts/{one}/users");
    for (key, value, status, words) in [
        ("firstName", json!(""), 400, "firstName"),
        ("lastName", json!(5), 400, "lastName"),
        ("email", json!("no address"), 400, "email"),
        ("email", json!(acme.admin_email.clone()), 409, "email"),
        ("phone", json!("x".repeat(201)), 400, "phone"),
        ("roles", json!("admin"), 400, "roles"),
        ("roles", json!([{"key": "boss"}]), 400, "org-admin, admin"),
        ("roles", json!([{"key": "org-admin"}]), 403, "roles"),
    ] {
        let mut body = max();
        body[key] = value;
        let answer = admin.post(&users, &body).await;
        assert_eq!(answer.status, status, "{key}: {}", answer.text);
        assert!(answer.message().contains(words), "{}", answer.message());
    }
    for key in ["firstName", "lastName", "email"] {
        let mut body = max();
        body.as_object_mut().unwrap().remove(key);
        let answer = admin.post(&users, &body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.message().contains(key), "{}", answer.message());
    }
    let none = admin.get(&users).await;
    assert_eq!((none.status, none.message()), (404, "No users found"));
}

#[actix_web::test]
async fn a_password_that_breaks_the_policy_is_named_rule_by_rule() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let words = [
        "at least",
        "uppercase",
        "lowercase",
        "numeric",
        "special character",
        "first name",
        "last name",
        "username",
    ];
    for (password, broken) in [
        (
            "a",
            &["at least", "uppercase", "numeric", "special character"][..],
        ),
        ("CORRECT-HORSE-7", &["lowercase"]),
        ("Max-Correct-77", &["first name"]),
        ("Muster-Correct-77", &["last name"]),
        ("Em.Ployee-77", &["username"]),
    ] {
        let mut body = max();
        body["password"] = json!(password);
        body["email"] = json!("ployee@acme.example");
        let answer = admin.post("/organizations/users", &body).await;
        assert_eq!(answer.status, 400, "{password}");
        for word in words {
            // "at least" stands before every count.
            if word != "at least" {
                assert_eq!(
                    answer.message().contains(word),
                    broken.contains(&word),
                    "{password}: {}",
                    answer.message()
                );
            }
        }
        assert!(broken.iter().all(|word| answer.message().contains(word)));
    }
}

#[actix_web::test]
async fn a_user_without_a_password_calls_the_api_and_cannot_sign_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let mut body = max();
    body.as_object_mut().unwrap().remove("password");
    let made = admin.post("/organizations/users", &body).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.json["credentialsExpired"], false);
    let caller = Caller::of(&app, made.json["id"].as_i64().unwrap()).await;
    assert_eq!(
        caller.get("/organizations/me").await.json["secret"],
        Value::Null
    );
    for password in [PASSWORD, ""] {
        let page = app.anonymous().sign_in("max@acme.example", password).await;
        assert_eq!(page.status, 422);
    }
}

#[actix_web::test]
async fn patch_changes_what_it_names_and_put_the_whole() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let mut body = max();
    body["phone"] = json!("+41 31 000");
    body["city"] = json!("Bern");
    let id = admin.post("/organizations/users", &body).await.json["id"]
        .as_i64()
        .unwrap();
    let path = format!("/users/{id}");
    let before = secrets(&app, id).await;

    let patched = admin
        .patch(&path, &json!({"lastName": "Meier", "phone": null, "street1": "Gasse 1", "id": 9, "secret": "x", "createdDate": "1999-01-01"}))
        .await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(patched.json["fullName"], "Max Meier");
    assert_eq!(patched.json["id"], id);
    assert_eq!(patched.json["phone"], Value::Null);
    assert_eq!(patched.json["city"], "Bern");
    assert_eq!(patched.json["street1"], "Gasse 1");
    assert_eq!(patched.json["roles"], Value::Null);
    assert_eq!(secrets(&app, id).await, before);

    let listed = admin.get("/users").await.json[1].clone();
    let same = admin.put(&path, &listed).await;
    assert_eq!(
        same.status, 200,
        "a whole object may be sent back: {}",
        same.text
    );
    assert_eq!(same.json["street1"], "Gasse 1");
    assert_eq!(
        app.signed_in("max@acme.example")
            .await
            .get("/profile")
            .await
            .status,
        200,
        "the password is kept"
    );

    let short = json!({"firstName": "Max", "lastName": "Meier", "email": "max@acme.example"});
    let put = admin.put(&path, &short).await;
    assert_eq!(
        (&put.json["city"], &put.json["street1"]),
        (&Value::Null, &Value::Null)
    );
    let missing = admin.put(&path, &json!({"firstName": "Max"})).await;
    assert_eq!(missing.status, 400);
    assert!(missing.message().contains("lastName") && missing.message().contains("email"));

    let roles = admin
        .patch(
            &path,
            &json!({"roles": [{"key": "org-admin"}, {"key": "admin"}]}),
        )
        .await;
    assert_eq!(roles.json["roles"].as_array().unwrap().len(), 3);
    let page = acme
        .org_admin()
        .await
        .get(&format!(
            "/security/accounts/{}/users/{id}/edit",
            acme.account
        ))
        .await;
    assert_eq!(
        (
            page.field("org_admin").as_str(),
            page.field("account_admin").as_str()
        ),
        ("on", "on"),
        "the console shows it at once"
    );
    let unchanged = admin
        .patch(
            &path,
            &json!({"roles": [{"key": "admin"}, {"key": "org-admin"}]}),
        )
        .await;
    assert_eq!(unchanged.json["roles"], Value::Null);
    let none = admin.patch(&path, &json!({"roles": []})).await;
    assert_eq!(none.json["roles"].as_array().unwrap().len(), 1);
    let taken = admin
        .patch(&path, &json!({"email": acme.admin_email}))
        .await;
    assert_eq!(taken.status, 409);
}

#[actix_web::test]
async fn a_password_that_somebody_else_sets_has_to_be_changed_at_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let id = admin.post("/organizations/users", &max()).await.json["id"]
        .as_i64()
        .unwrap();
    let browser = app.signed_in("max@acme.example").await;
    let path = format!("/users/{id}");
    for (password, status) in [("weak", 400), (PASSWORD, 400), ("Another-Battery-9", 200)] {
        let answer = admin.patch(&path, &json!({"password": password})).await;
        assert_eq!(answer.status, status, "{password}: {}", answer.text);
        if status == 200 {
            assert_eq!(answer.json["password"], "secured");
            assert_eq!(answer.json["credentialsExpired"], true);
            assert_eq!(answer.json["enabled"], false);
        }
    }
    assert_eq!(
        browser.get("/profile").await.status,
        303,
        "its sessions have ended"
    );
    assert_eq!(
        app.anonymous()
            .sign_in("max@acme.example", PASSWORD)
            .await
            .status,
        422
    );
    let again = app.anonymous();
    again.sign_in("max@acme.example", "Another-Battery-9").await;
    assert_eq!(again.get("/profile").await.location(), "/login/password");
    again
        .post("/login/password", &[("password", "Third-Battery-99")])
        .await;
    assert_eq!(again.get("/profile").await.status, 200);
    assert_eq!(admin.get(&path).await.json["credentialsExpired"], false);
    // The names that come with it count.
    let named = json!({"password": "Berta-Battery-9", "firstName": "Berta"});
    assert!(
        admin
            .patch(&path, &named)
            .await
            .message()
            .contains("first name")
    );
}

#[actix_web::test]
async fn deactivation_for_now_and_for_good() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let id = admin.post("/organizations/users", &max()).await.json["id"]
        .as_i64()
        .unwrap();
    let path = format!("/users/{id}");
    let caller = Caller::of(&app, id).await;
    app.give(id, 2, 3).await;
    let off = admin.patch(&path, &json!({"active": false})).await;
    assert_eq!(off.json["active"], false);
    assert_eq!(
        (&off.json["accountNonExpired"], &off.json["enabled"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(app.holdings(id).await, (0, 3, 0));
    assert_eq!(caller.get("/organizations/me").await.status, 401);
    assert_eq!(
        admin.get("/users").await.each("active"),
        [json!(true), json!(false)]
    );
    let good = format!("{path}?permanent=true");
    let unasked = admin.patch(&good, &json!({"lastName": "Meier"})).await;
    assert_eq!(
        (unasked.status, app.holdings(id).await.1),
        (200, 3),
        "only with active:false"
    );
    admin.patch(&good, &json!({"active": false})).await;
    assert_eq!(app.holdings(id).await, (0, 0, 0));
    let on = admin.patch(&path, &json!({"active": true})).await;
    assert_eq!(on.json["active"], true);
    assert_eq!(caller.get("/organizations/me").await.status, 200);
    app.give(id, 1, 1).await;
    admin.patch(&good, &json!({"active": false})).await;
    assert_eq!(app.holdings(id).await, (0, 0, 0));
    let deleted = admin.delete("/users/max@acme.example").await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    assert_eq!(admin.delete(&path).await.status, 404);
    let anew = admin.post("/organizations/users", &max()).await.json["id"]
        .as_i64()
        .unwrap();
    assert!(anew > id, "the email is free again, the id is not");
}

#[actix_web::test]
async fn the_secret_is_told_to_who_knows_the_password() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let id = admin.post("/organizations/users", &max()).await.json["id"]
        .as_i64()
        .unwrap();
    let path = format!("/users/{id}");
    let with = async |password: &str| {
        let request = admin
            .request("GET", &path)
            .header("elements-user-password", password);
        admin.send(request).await
    };
    assert_eq!(admin.get(&path).await.json["secret"], Value::Null);
    assert_eq!(
        with(PASSWORD).await.json["secret"],
        secrets(&app, id).await.0
    );
    for _ in 0..5 {
        let wrong = with("Wrong-Horse-7").await;
        assert_eq!(
            (wrong.status, wrong.json["secret"].clone()),
            (401, Value::Null)
        );
    }
    assert_eq!(with(PASSWORD).await.status, 401, "locked");
    assert_eq!(admin.get(&path).await.json["accountLocked"], true);
    let unlocked = admin.post(&format!("{path}/unlock"), &json!({})).await;
    assert_eq!(unlocked.json["accountLocked"], false);
    assert_eq!(with(PASSWORD).await.status, 200);
    admin.patch(&path, &json!({"active": false})).await;
    assert_eq!(with(PASSWORD).await.status, 401, "it cannot sign in");
}

#[actix_web::test]
async fn a_new_secret_replaces_the_old_one_at_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let user = acme.crowd(acme.account, "Only", 1).await[0];
    let caller = Caller::of(&app, user).await;
    let path = format!("/users/{user}/secret");
    let fresh = admin.post(&path, &json!({})).await;
    assert_eq!(fresh.json, json!({"secret": secrets(&app, user).await.0}));
    assert_eq!(caller.get("/organizations/me").await.status, 401);
    assert_eq!(
        Caller::of(&app, user)
            .await
            .get("/organizations/me")
            .await
            .status,
        200
    );
    let own = admin
        .post(&format!("/users/{}/secret", acme.admin), &json!({}))
        .await;
    assert_eq!(own.status, 200);
    assert_eq!(admin.get("/organizations/me").await.status, 401);
    let admin = Caller::of(&app, acme.admin).await;
    let organization = admin.post("/organizations/me/secret", &json!({})).await;
    assert_eq!(
        organization.json,
        json!({"secret": secrets(&app, user).await.1})
    );
    assert_eq!(admin.get("/organizations/me").await.status, 401);
}
