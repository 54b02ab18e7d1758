//! The organization and its password policy through the API.

use serde_json::{Value, json};

use crate::caller::{Caller, secrets};
use crate::support::TestApp;

#[actix_web::test]
async fn the_organization_as_it_is_shown() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let plain = Caller::of(&app, acme.crowd(acme.account, "Plain", 1).await[0]).await;
    let shown = admin.get("/organizations/me").await.json;
    let expected = json!({
        "id": acme.id, "name": "Acme", "active": true,
        "createdDate": chrono::Utc::now().date_naive().to_string(),
        "secret": secrets(&app, acme.admin).await.1,
        "passwordPolicy": admin.get("/organizations/password-policies").await.json,
        "twoFactorAuthEnabled": false,
    });
    assert_eq!(shown, expected);
    let fields = [("method", "totp")];
    let console = acme.org_admin().await;
    console.post("/security/settings/two-factor", &fields).await;
    let demanding = plain.get("/organizations/me").await;
    assert_eq!(demanding.json["twoFactorAuthEnabled"], true);
    let fields = [("method", "none")];
    console.post("/security/settings/two-factor", &fields).await;
    assert_eq!(
        plain.get("/organizations/me").await.json["secret"],
        Value::Null
    );
    let renamed = admin
        .put(
            "/organizations/me",
            &json!({"name": "Acme Ltd", "active": false, "id": 7}),
        )
        .await;
    assert_eq!(renamed.json["name"], "Acme Ltd");
    assert_eq!(renamed.json["active"], true);
    let page = acme.org_admin().await.get("/security/settings").await;
    assert_eq!(
        page.field("name"),
        "Acme Ltd",
        "the console shows it at once"
    );
}

#[actix_web::test]
async fn the_password_policy_is_replaced_as_a_whole() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let path = "/organizations/password-policies";
    let default = admin.get(path).await.json;
    assert_eq!(default["minLength"], 8);
    assert_eq!(default["previousPasswordCount"], 3);
    let keys = default.as_object().unwrap();
    assert_eq!(keys.len(), 8);
    for key in keys.keys() {
        let mut body = default.clone();
        body.as_object_mut().unwrap().remove(key);
        let missing = admin.put(path, &body).await;
        assert_eq!(missing.status, 400, "{key}");
        assert!(
            missing.message().contains(key.as_str()),
            "{}",
            missing.message()
        );
        body[key] = if key == "symbolCharacterSet" {
            json!("")
        } else {
            json!(-1)
        };
        let wrong = admin.put(path, &body).await;
        assert_eq!(wrong.status, 400, "{key}");
        assert!(
            wrong.message().contains(key.as_str()),
            "{}",
            wrong.message()
        );
        body[key] = json!({"x": 1});
        assert!(
            admin
                .put(path, &body)
                .await
                .message()
                .starts_with(key.as_str())
        );
    }
    let mut body = default.clone();
    body["minlength"] = json!(9);
    let more = admin.put(path, &body).await;
    assert_eq!(
        (more.status, more.message()),
        (400, "minlength is not a key of this call.")
    );
    assert_eq!(
        admin.get(path).await.json,
        default,
        "nothing of it happened"
    );

    let mut body = default.clone();
    body["expirationDays"] = json!(4_000);
    assert_eq!(
        admin.put(path, &body).await.json,
        body,
        "no end is set to it"
    );

    let mut body = default.clone();
    body["minLength"] = json!(40);
    body["minSymbols"] = json!(0);
    body["symbolCharacterSet"] = json!("");
    let saved = admin.put(path, &body).await;
    assert_eq!((saved.status, &saved.json), (200, &body));
    let page = acme.org_admin().await.get("/security/settings").await;
    assert_eq!(
        page.field("min_length"),
        "40",
        "the console shows it at once"
    );
    let reset = admin.delete(path).await;
    assert_eq!((reset.status, reset.text.as_str()), (200, ""));
    assert_eq!(admin.get(path).await.json, default);
}
