//! Accounts through the API: their shape, and what each deed does.

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::support::TestApp;

fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

#[actix_web::test]
async fn an_account_from_its_creation_to_its_end() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let made = admin
        .post(
            "/accounts",
            &json!({"externalId": "crm-7", "id": 5, "active": false}),
        )
        .await;
    assert_eq!(made.status, 200, "{}", made.text);
    let id = made.json["id"].as_i64().unwrap();
    let expected = json!({
        "id": id, "name": "crm-7", "description": "crm-7", "active": true, "companyId": acme.id,
        "createdDate": today(), "updatedDate": today(), "externalId": "crm-7",
        "defaultAccount": false, "type": "CompanyAccount",
    });
    assert_eq!(made.json, expected);
    let taken = admin
        .post("/accounts", &json!({"externalId": "crm-7"}))
        .await;
    assert_eq!(taken.status, 409);
    assert!(
        taken.message().contains("externalId"),
        "{}",
        taken.message()
    );
    for body in [
        json!({}),
        json!({"externalId": ""}),
        json!({"externalId": "x", "name": ""}),
    ] {
        assert_eq!(admin.post("/accounts", &body).await.status, 400, "{body}");
    }

    let path = format!("/accounts/{id}");
    let mut whole = admin.get(&path).await.json;
    assert_eq!(whole, expected);
    whole["name"] = json!("Client Seven");
    whole["companyId"] = json!(999);
    let saved = admin.put(&path, &whole).await;
    assert_eq!(saved.status, 200, "a whole object may be sent back");
    assert_eq!(saved.json["name"], "Client Seven");
    assert_eq!(saved.json["companyId"], acme.id);
    let page = acme
        .org_admin()
        .await
        .get(&format!("/security/accounts/{id}"))
        .await;
    assert!(
        page.heading().contains("Client Seven"),
        "the console shows it at once"
    );

    let patched = admin
        .patch(
            &path,
            &json!({"externalId": "crm-8", "description": "New", "name": null}),
        )
        .await;
    assert_eq!(patched.json["externalId"], "crm-8");
    assert_eq!(patched.json["name"], "Client Seven");
    admin
        .post("/accounts", &json!({"externalId": "crm-9"}))
        .await;
    let conflict = admin.patch(&path, &json!({"externalId": "crm-9"})).await;
    assert_eq!(conflict.status, 409);

    let user = acme.user(id, "Max Muster", "max@acme.example").await;
    app.give(user, 2, 3).await;
    let off = admin.patch(&path, &json!({"active": false})).await;
    assert_eq!(off.json["active"], false);
    assert_eq!(app.holdings(user).await, (0, 3, 0));
    assert!(app.state(user).await.0, "its own flag stays as it is");
    let on = admin.patch(&path, &json!({"active": true})).await;
    assert_eq!(on.json["active"], true);

    let gone = admin
        .patch(&format!("{path}?permanent=true"), &json!({"active": false}))
        .await;
    assert_eq!(
        (gone.status, gone.json["active"].clone()),
        (200, json!(false))
    );
    assert_eq!(admin.get(&format!("/users/{user}")).await.status, 404);
    assert_eq!(
        admin.get(&path).await.status,
        200,
        "inactive ones are shown"
    );
    let again = admin.patch(&path, &json!({"active": true})).await;
    assert_eq!(again.status, 200);
    let deleted = admin.delete(&path).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
}

#[actix_web::test]
async fn the_default_account_stays() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let path = format!("/accounts/{}", acme.account);
    let shown = admin.get(&path).await.json;
    assert_eq!(
        (&shown["type"], &shown["defaultAccount"]),
        (&json!("Default"), &json!(true))
    );
    assert_eq!(admin.delete(&path).await.status, 409);
    let off = json!({"active": false, "name": "Else"});
    assert_eq!(admin.patch(&path, &off).await.status, 409);
    assert_eq!(
        admin
            .patch(&format!("{path}?permanent=true"), &off)
            .await
            .status,
        409
    );
    assert_eq!(admin.get(&path).await.json, shown, "nothing of it happened");
}

#[actix_web::test]
async fn lists_are_paged_and_leave_out_inactive_accounts() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    birch.account("Hidden").await;
    let mut ids = vec![json!(acme.account)];
    for number in 0..6 {
        ids.push(json!(acme.account(&format!("Account {number}")).await.id));
    }
    let admin = Caller::of(&app, acme.admin).await;
    admin
        .patch(&format!("/accounts/{}", ids[3]), &json!({"active": false}))
        .await;
    let all = admin.get("/accounts?includeInactive=true").await;
    assert_eq!(all.each("id"), ids);
    assert_eq!(all.header("elements-total-count"), "7");
    assert_eq!(all.header("elements-returned-count"), "7");
    assert!(!all.headers.contains_key("elements-next-page-token"));
    ids.remove(3);

    let mut seen: Vec<Value> = Vec::new();
    let mut token = String::new();
    loop {
        let page = admin.get(&format!("/accounts?pageSize=4{token}")).await;
        assert_eq!(page.header("elements-total-count"), "6");
        seen.extend(page.each("id"));
        match page.header("elements-next-page-token") {
            "" => break,
            next => token = format!("&nextPage={next}"),
        }
    }
    assert_eq!(seen, ids);
    let page = admin.get("/accounts?pageSize=2&offset=3").await;
    assert_eq!(page.each("id"), ids[3..5]);
    let none = admin.get("/accounts?offset=6").await;
    assert_eq!((none.status, none.message()), (404, "No accounts found"));

    let next = admin.get("/accounts?pageSize=4").await;
    let next = next.header("elements-next-page-token");
    let other = Caller::of(&app, birch.admin).await;
    assert_eq!(
        other
            .get(&format!("/accounts?nextPage={next}"))
            .await
            .status,
        400
    );
    for query in [
        format!("nextPage={next}&offset=0"),
        format!("nextPage={next}&includeInactive=true"),
        format!("nextPage={next}x"),
        "nextPage=".to_owned(),
        "nextPage=x".to_owned(),
        "pageSize=0".to_owned(),
        "pageSize=2001".to_owned(),
        "pageSize=-1".to_owned(),
        "pageSize=99999999999999999999".to_owned(),
        "offset=-1".to_owned(),
        "includeInactive=maybe".to_owned(),
        "pagesize=1".to_owned(),
    ] {
        let answer = admin.get(&format!("/accounts?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        let name = query.split(['=', '&']).next().unwrap();
        assert!(
            answer.message().contains(name),
            "{query}: {}",
            answer.message()
        );
    }
    let far = admin.get("/accounts?offset=9223372036854775807").await;
    assert_eq!(far.status, 404);
}

#[actix_web::test]
async fn the_organizations_id_is_a_way_to_its_own_accounts_only() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let admin = Caller::of(&app, acme.admin).await;
    let base = format!("/organizations/{}/accounts", acme.id);
    assert_eq!(
        admin.get(&base).await.json,
        admin.get("/accounts").await.json
    );
    let made = admin.post(&base, &json!({"externalId": "here"})).await;
    assert_eq!(made.json["companyId"], acme.id);
    let theirs = format!("/organizations/{}/accounts", birch.id);
    for (path, status) in [
        (format!("{base}/{}", acme.account), 200),
        (format!("{base}/{}", birch.account), 404),
        (theirs.clone(), 404),
        (format!("{theirs}/{}", acme.account), 404),
        (format!("{theirs}/{}", birch.account), 404),
    ] {
        assert_eq!(admin.get(&path).await.status, status, "{path}");
    }
    let there = admin.post(&theirs, &json!({"externalId": "there"})).await;
    assert_eq!(there.status, 404);
}
