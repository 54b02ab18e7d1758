//! `where` through the front door: what it finds, what it refuses, and that it never widens what is within reach.

use diesel::prelude::*;
use tenantry::db::schema::contacts;

use crate::caller::{Answer, Caller};
use crate::support::TestApp;

async fn list(caller: &Caller, filter: &str, more: &str) -> Answer {
    let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    caller.get(&format!("/users?where={filter}{more}")).await
}

async fn ids(caller: &Caller, filter: &str) -> Vec<i64> {
    let answer = list(caller, filter, "").await;
    if answer.status == 404 {
        assert_eq!(answer.message(), "No users found");
        return Vec::new();
    }
    assert_eq!(answer.status, 200, "{filter}: {}", answer.text);
    let ids: Vec<i64> = answer
        .each("id")
        .iter()
        .map(|id| id.as_i64().unwrap())
        .collect();
    assert_eq!(answer.header("elements-total-count"), ids.len().to_string());
    ids
}

#[actix_web::test]
async fn users_are_found_by_every_field_that_is_kept() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user(acme.account, "Zoë Müller", "Zoe@MÜNCHEN.example")
        .await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    app.set_active(max, false).await;
    app.change(move |tx| {
        diesel::insert_into(contacts::table)
            .values((
                contacts::user_id.eq(zoe),
                contacts::external_id.eq("crm-1"),
                contacts::phone.eq("+49 89 1"),
                contacts::street1.eq("Weg 1"),
                contacts::street2.eq("Hof"),
                contacts::city.eq("München"),
                contacts::state_province.eq("BY"),
                contacts::postal_code.eq("80331"),
                contacts::country.eq("DE"),
            ))
            .execute(tx.db())
            .map(drop)
            .map_err(Into::into)
    })
    .await;
    let admin = Caller::of(&app, acme.admin).await;
    let today = admin.get(&format!("/users/{zoe}")).await.json["createdDate"].clone();
    let today = today.as_str().unwrap();
    for (filter, wanted) in [
        (format!("id = {zoe}"), vec![zoe]),
        (
            "firstName = 'Zoë' and lastName LIKE 'MÜ%'".to_owned(),
            vec![zoe],
        ),
        ("firstName = 'zoë'".to_owned(), vec![]),
        // An email is compared by the key by which it is unique, and LIKE sees it as it is shown.
        ("email = 'zoe@xn--mnchen-3ya.example'".to_owned(), vec![zoe]),
        (
            "email IN ('ZOE@münchen.example', 'no email')".to_owned(),
            vec![zoe],
        ),
        ("email LIKE '%@münchen.%'".to_owned(), vec![zoe]),
        ("email LIKE '%xn--%'".to_owned(), vec![]),
        ("active = false".to_owned(), vec![max]),
        (
            format!("createdDate = '{today}'"),
            vec![acme.admin, zoe, max],
        ),
        (format!("createdDate > '{today}'"), vec![]),
        // Whoever never signed in did so in 1970.
        (
            "lastLoginDate < '1970-01-02' AND `active` = TRUE".to_owned(),
            vec![acme.admin, zoe],
        ),
        (
            "externalId = 'crm-1' AND phone = '+49 89 1' AND street1 = 'Weg 1'".to_owned(),
            vec![zoe],
        ),
        (
            "street2 = 'Hof' AND city LIKE 'MÜNCHEN' AND stateProvince = 'BY'".to_owned(),
            vec![zoe],
        ),
        (
            "postalCode = '80331' AND country = 'DE'".to_owned(),
            vec![zoe],
        ),
        // What is not set is neither equal nor unequal to anything.
        ("country != 'FR'".to_owned(), vec![zoe]),
        ("country LIKE '%'".to_owned(), vec![zoe]),
        ("country IS NULL".to_owned(), vec![acme.admin, max]),
        ("country IS NOT NULL OR id < 0".to_owned(), vec![zoe]),
    ] {
        assert_eq!(ids(&admin, &filter).await, wanted, "{filter}");
    }
}

#[actix_web::test]
async fn what_is_no_filter_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    for (filter, message) in [
        (
            "",
            "where: at character 1, a field or an opening parenthesis is expected.",
        ),
        (
            "id = 1 OR secret = 'x'",
            "where: at character 11, there is no field secret.",
        ),
        (
            "secretDigest LIKE '%'",
            "where: at character 1, there is no field secretDigest.",
        ),
        (
            "active = 'true'",
            "where: at character 10, active is compared with true or false.",
        ),
        (
            "id = 1; DELETE FROM users",
            "where: at character 7, AND, OR or the end is expected.",
        ),
    ] {
        let answer = list(&admin, filter, "").await;
        assert_eq!(
            (answer.status, answer.message()),
            (400, message),
            "{filter}"
        );
    }
    for day in ["+262142-12-31", "-9999-01-01", "10000-01-01"] {
        let filter = format!("createdDate = '{day}'");
        let answer = list(&admin, &filter, "").await;
        assert_eq!(answer.status, 400, "{filter}: {}", answer.text);
        assert!(answer.message().contains("createdDate"), "{}", answer.text);
    }
    for day in ["0000-01-01", "9999-12-31"] {
        for operator in ["=", "!=", "<", ">=", ">", "<="] {
            let filter = format!("createdDate {operator} '{day}'");
            let status = list(&admin, &filter, "").await.status;
            assert!([200, 404].contains(&status), "{filter}: {status}");
        }
    }
    let deep = format!("{}id=1", "(".repeat(1_900));
    assert_eq!(list(&admin, &deep, "").await.status, 400);
}

#[actix_web::test]
async fn no_filter_widens_what_is_within_reach() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let account = acme.account("Branch").await.id;
    let insider = acme.user(account, "In Sider", "in@acme.example").await;
    let chief = acme
        .user_with(
            account,
            "Account Admin",
            "chief@acme.example",
            (false, true),
        )
        .await;
    let (org, local) = (
        Caller::of(&app, acme.admin).await,
        Caller::of(&app, chief).await,
    );
    let all = format!("id = {} OR id > 0 OR active = true", birch.admin);
    assert_eq!(ids(&org, &all).await, [acme.admin, insider, chief]);
    assert_eq!(ids(&local, &all).await, [insider, chief]);
    assert_eq!(ids(&local, &format!("id = {}", acme.admin)).await, [0; 0]);
}

#[actix_web::test]
async fn a_token_goes_on_with_its_own_filter_only() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 5).await;
    let admin = Caller::of(&app, acme.admin).await;
    let filter = format!("id != {}", acme.admin);
    let first = list(&admin, &filter, "&pageSize=3").await;
    assert_eq!(first.header("elements-total-count"), "5");
    let more = format!(
        "&pageSize=3&nextPage={}",
        first.header("elements-next-page-token")
    );
    let second = list(&admin, &filter, &more).await;
    assert!(second.header("elements-next-page-token").is_empty());
    let mut seen = first.each("id");
    seen.extend(second.each("id"));
    assert_eq!(seen, crowd);
    assert_eq!(list(&admin, "id > 0", &more).await.status, 400);
    assert_eq!(admin.get(&format!("/users?{more}")).await.status, 400);
}

#[actix_web::test]
async fn accounts_are_found_by_their_fields_within_the_organization() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    birch.account("North").await;
    let (north, south) = (
        acme.account("North").await.id,
        acme.account("South").await.id,
    );
    let admin = Caller::of(&app, acme.admin).await;
    let off = serde_json::json!({"active": false});
    admin.patch(&format!("/accounts/{south}"), &off).await;
    let found = async |filter: &str, more: &str| {
        let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let answer = admin.get(&format!("/accounts?where={filter}{more}")).await;
        match answer.status {
            404 => Vec::new(),
            _ => answer.each("id"),
        }
    };
    let inactive = "&includeInactive=true";
    for (filter, more, expected) in [
        ("name = 'North'", "", vec![north]),
        ("name LIKE '%OUTH'", "", vec![]),
        ("name LIKE '%OUTH'", inactive, vec![south]),
        ("active = false", inactive, vec![south]),
        ("defaultAccount = true", "", vec![acme.account]),
        ("companyId > 0 AND id != 0", "", vec![acme.account, north]),
        (
            "id IN (1) OR name = 'North'",
            inactive,
            vec![acme.account, north],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|id| serde_json::json!(id))
            .collect();
        assert_eq!(found(filter, more).await, expected, "{filter}");
    }
    for wrong in ["secret = 'x'", "name = 5", "organization_id = 1"] {
        let filter: String = url::form_urlencoded::byte_serialize(wrong.as_bytes()).collect();
        let answer = admin.get(&format!("/accounts?where={filter}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
    let first = admin.get("/accounts?pageSize=1&where=active%3Dtrue").await;
    let token = first.header("elements-next-page-token");
    let other = admin
        .get(&format!("/accounts?pageSize=1&nextPage={token}"))
        .await;
    assert_eq!(other.status, 400, "a token belongs to its filter");
}
