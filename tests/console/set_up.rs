//! Set-up in the browser: by the one-time link, once, and closed for ever after.

use crate::support::{Client, PASSWORD, TestApp};
use diesel::prelude::*;
use tenantry::db::schema::{organizations, users};

const FIELDS: [(&str, &str); 5] = [
    ("organization", "Łódź & Söhne"),
    ("first_name", "Zoë"),
    ("last_name", "Müller"),
    ("email", "zoe@lodz.example"),
    ("password", PASSWORD),
];

fn link(app: &TestApp) -> String {
    format!("/setup?token={}", app.app.setup_token())
}

async fn submit(app: &TestApp, client: &Client, changes: &[(&str, &str)]) -> crate::support::Page {
    let page = client.get(&link(app)).await;
    client
        .submit(&page, "/setup", &[&FIELDS, changes].concat())
        .await
}

#[actix_web::test]
async fn the_link_makes_the_organization_once() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let page = client.get("/login").await;
    assert!(
        page.notice().starts_with("Tenantry is not set up yet."),
        "{}",
        page.notice()
    );

    let page = submit(&app, &client, &[]).await;
    assert_eq!(page.heading(), "Sign in");
    assert_eq!(
        page.notice(),
        "Łódź & Söhne is set up. Sign in with your email and password."
    );
    let page = client.sign_in("ZOE@lodz.example", PASSWORD).await;
    let page = client.arrive(page).await;
    assert_eq!(page.heading(), "Zoë Müller’s Company Default Account");
    assert_eq!(page.table()[0][4], "Org Admin Account Admin");
    let description = "Auto created default account for the entire company";
    assert_eq!(page.field("description").trim(), description);
    assert_eq!(
        app.codes().await,
        ["organization.created", "user.signed-in"]
    );

    let token = app.app.setup_token();
    let again = [&FIELDS[..], &[("token", &token)]].concat();
    assert_eq!(client.get(&link(&app)).await.status, 404);
    assert_eq!(client.post("/setup", &again).await.status, 404);
}

#[actix_web::test]
async fn a_wrong_token_finds_nothing() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let token = app.app.setup_token();
    let (upper, cut) = (token.to_uppercase(), &token[1..]);
    for wrong in ["", "x", &upper, cut, &format!("{token}0")] {
        assert_eq!(
            client.get(&format!("/setup?token={wrong}")).await.status,
            404,
            "{wrong}"
        );
        let fields = [&FIELDS[..], &[("token", wrong)]].concat();
        assert_eq!(client.post("/setup", &fields).await.status, 404, "{wrong}");
    }
    assert_eq!(client.get("/setup").await.status, 404);
    assert_eq!(
        client.get(&link(&app)).await.status,
        200,
        "the right one still works"
    );
}

#[actix_web::test]
async fn it_stays_closed_when_the_admin_is_gone() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    app.remove(acme.admin).await;
    let users: i64 = app.ask(|db| users::table.count().get_result(db)).await;
    assert_eq!(users, 0);
    assert_eq!(app.anonymous().get(&link(&app)).await.status, 404);
    let again = app.again(&[]).await;
    assert_eq!(
        again.anonymous().get(&link(&again)).await.status,
        404,
        "after a restart too"
    );
}

#[actix_web::test]
async fn two_submitted_at_once_make_one_organization() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let token = app.app.setup_token();
    let with = |email| {
        let mut fields = FIELDS.to_vec();
        fields[3].1 = email;
        fields.push(("token", &token));
        fields
    };
    let emails = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"];
    let forms = emails.map(with);
    let answers =
        futures_util::future::join_all(forms.iter().map(|form| client.post("/setup", form))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404]);
    let count: i64 = app
        .ask(|db| organizations::table.count().get_result(db))
        .await;
    assert_eq!(count, 1);
}

#[actix_web::test]
async fn every_bad_field_is_named_at_once_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let bad = [
        ("organization", " "),
        ("first_name", ""),
        ("last_name", "x\u{1}"),
        ("email", "no address"),
        ("password", "short"),
    ];
    let page = submit(&app, &client, &bad).await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.problems(),
        [
            "Enter the name of your organization.",
            "Enter a first name.",
            "Enter a last name without control characters.",
            "Enter an email address, like name@company.example.",
            "The password needs at least 8 characters, 1 uppercase letter, 1 number and 1 symbol.",
        ]
    );
    assert_eq!(page.field("email"), "no address");
    assert_eq!(page.field("password"), "");

    let page = client
        .submit(
            &page,
            "/setup",
            &[&FIELDS[..], &[("password", "Zoë-Correct-7")]].concat(),
        )
        .await;
    assert_eq!(
        page.problems(),
        ["The password needs no part of the name or email."]
    );
    assert_eq!(page.field("organization"), "Łódź & Söhne");
    assert_eq!(page.field("first_name"), "Zoë");
    assert_eq!(page.field("password"), "");
    let page = client
        .submit(&page, "/setup", &[("password", PASSWORD)])
        .await;
    assert!(page.notice().contains("is set up"), "{}", page.text());
}
