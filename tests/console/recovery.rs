//! Forgot Password, from the link on the sign-in page to the new password; and that no answer tells whose an address is.

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::{organizations, users};

use crate::support::{Client, Organization, PASSWORD, Page, Smtp, TestApp};

const NEW: &str = "Another-Battery-9";

async fn choose(client: &Client, path: &str, password: &str) -> Page {
    let form = client.get(path).await;
    client
        .submit(&form, "/password/new", &[("password", password)])
        .await
}

#[actix_web::test]
async fn a_mailed_link_leads_to_a_new_password() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "Zoe@acme.example")
        .await;

    let client = app.anonymous();
    let page = client.get("/login").await;
    let page = client.get(&page.link("Forgot Password?").unwrap()).await;
    assert_eq!(page.heading(), "Forgot Password");
    let refused = client
        .submit(&page, "/password/forgotten", &[("email", "zoe")])
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.field("email"), "zoe");
    assert_eq!(
        refused.error("email"),
        "Enter an email address, like name@company.example."
    );
    let page = client
        .submit(
            &page,
            "/password/forgotten",
            &[("email", " ZOE@acme.example ")],
        )
        .await;
    assert_eq!(page.heading(), "Sign in");
    assert_eq!(
        page.notice(),
        "If this address belongs to a user, a link is on its way. It works once, for 30 minutes."
    );

    app.mail().await;
    let mail = smtp.only();
    assert_eq!(mail.to, "Zoe@acme.example", "as stored, not as typed");
    assert_eq!(mail.subject, "Choose a new password");
    assert_eq!(mail.header("From"), "Tenantry <no-reply@tenantry.example>");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("Message-ID").ends_with("@tenantry.example>"));
    let kinds: Vec<_> = mail.parts.iter().map(|part| part.0.as_str()).collect();
    assert_eq!(kinds, ["text/plain", "text/html"]);
    for (kind, text) in &mail.parts {
        assert!(text.contains(&mail.link()), "{kind}: {text}");
        assert!(text.contains("Hello Zoë"), "{kind}: {text}");
        assert!(text.contains("Acme"), "{kind}: {text}");
    }
    assert!(
        mail.link()
            .starts_with(&format!("{}/", app.app.public_origin))
    );

    // Looking consumes nothing.
    for _ in 0..2 {
        let page = client.get(&mail.path()).await;
        assert_eq!(page.heading(), "Choose a new password");
        assert!(page.text().contains("At least 8 characters"), "the policy");
        assert_eq!(page.header("referrer-policy"), "strict-origin");
    }
}

#[actix_web::test]
async fn the_policy_holds_and_nothing_but_the_password_changes() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let elsewhere = app.signed_in("zoe@acme.example").await;
    app.forget("zoe@acme.example").await;
    let path = smtp.only().path();

    let client = app.anonymous();
    for (password, sentence) in [
        ("", "Enter a password."),
        (
            "weak",
            "The password needs at least 8 characters, 1 uppercase letter, 1 number and 1 symbol.",
        ),
        (
            "Horse-MÜLLER-7",
            "The password needs no part of the name or email.",
        ),
        (
            PASSWORD,
            "The password needs to differ from your last 3 passwords.",
        ),
    ] {
        let page = choose(&client, &path, password).await;
        assert_eq!(
            (page.status, page.error("password").as_str()),
            (422, sentence)
        );
    }
    assert_eq!(
        elsewhere.get("/profile").await.status,
        200,
        "nothing happened yet"
    );

    let page = choose(&client, &path, NEW).await;
    assert_eq!(page.heading(), "Sign in");
    assert_eq!(
        page.notice(),
        "Your password was changed. Sign in with the new one."
    );
    assert_eq!(client.get("/profile").await.status, 303, "not signed in");
    assert_eq!(elsewhere.get("/profile").await.status, 303, "sessions end");
    assert_eq!(
        client.sign_in("zoe@acme.example", PASSWORD).await.status,
        422
    );
    assert_eq!(client.sign_in("zoe@acme.example", NEW).await.status, 303);
    assert!(app.codes().await.ends_with(&[
        "user.password-recovered".to_owned(),
        "user.sign-in-refused".to_owned(),
        "user.signed-in".to_owned(),
    ]));
}

#[actix_web::test]
async fn a_new_password_is_no_expired_one_and_forgets_wrong_guesses() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let page = admin.get("/security/settings").await;
    let policy = "/security/settings/password-policy";
    admin
        .submit(&page, policy, &[("expiration_days", "1")])
        .await;
    app.advance(TimeDelta::days(2));
    let client = app.anonymous();
    for _ in 0..4 {
        client.sign_in("zoe@acme.example", "wrong").await;
    }
    app.forget("zoe@acme.example").await;
    choose(&client, &smtp.only().path(), NEW).await;
    client.sign_in("zoe@acme.example", "wrong").await;
    let answer = client.sign_in("zoe@acme.example", NEW).await;
    assert_eq!(answer.status, 303);
    assert_eq!(client.get("/profile").await.status, 200);
}

/// Addresses of every kind, of which only the first is sent a link.
async fn every_kind(app: &TestApp, acme: &Organization<'_>) -> Vec<&'static str> {
    let branch = acme.account("Branch").await.id;
    let birch = app.organization("Birch").await;
    let user = |name| acme.user(acme.account, "Some Body", name);
    user("known@acme.example").await;
    let inactive = user("inactive@acme.example").await;
    app.set_active(inactive, false).await;
    let locked = user("locked@acme.example").await;
    app.lock(locked).await;
    let bare = user("bare@acme.example").await;
    acme.user(branch, "Some Body", "branch@acme.example").await;
    app.change(move |tx| {
        diesel::update(users::table.find(bare))
            .set(users::password_hash.eq(None::<String>))
            .execute(tx.db())?;
        diesel::update(organizations::table.find(birch.id))
            .set(organizations::active.eq(false))
            .execute(tx.db())?;
        Ok(())
    })
    .await;
    let admin = acme.org_admin().await;
    let path = format!("/security/accounts/{branch}/deactivation");
    assert_eq!(admin.post(&path, &[]).await.status, 303);
    vec![
        "known@acme.example",
        "inactive@acme.example",
        "locked@acme.example",
        "bare@acme.example",
        "branch@acme.example",
        "admin@birch.example",
        "nobody@acme.example",
        "nobody@nowhere.example",
    ]
}

#[actix_web::test]
async fn every_address_is_answered_alike_and_at_the_same_cost() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    let kinds = every_kind(&app, &acme).await;
    let mut answers = Vec::new();
    // Asked again, all of them are refused another one, which is a kind of its own.
    for email in kinds.iter().chain(&kinds) {
        let client = app.anonymous();
        let before = app.app.queries();
        let answer = client
            .post("/password/forgotten", &[("email", email)])
            .await;
        let queries = app.app.queries() - before;
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| !["date", "set-cookie"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        let cookie = answer.header("set-cookie").len();
        let status = answer.status;
        let page = client.arrive(answer).await;
        answers.push((status, headers, cookie, queries, page.text()));
        app.mail().await;
    }
    for (answer, email) in answers.iter().zip(kinds.iter().chain(&kinds)) {
        assert_eq!(answer, &answers[0], "{email}");
    }
    assert_eq!(smtp.only().to, "known@acme.example");
    assert_eq!(app.waiting().await, 0);
    let refused: Vec<_> = app
        .events()
        .await
        .into_iter()
        .filter(|event| event.0.starts_with("user.recovery-"))
        .map(|event| (event.0, event.2, event.3))
        .collect();
    let reasons = |reasons: &[&str]| -> Vec<_> {
        reasons
            .iter()
            .map(|reason| {
                (
                    "user.recovery-refused".to_owned(),
                    "refused".to_owned(),
                    format!(r#"{{"reason":{{"after":"{reason}"}}}}"#),
                )
            })
            .collect()
    };
    let others = reasons(&["inactive", "locked", "no password", "inactive", "inactive"]);
    let asked = (
        "user.recovery-asked".to_owned(),
        "done".to_owned(),
        "{}".to_owned(),
    );
    let expected = [vec![asked], others.clone(), reasons(&["too often"]), others];
    assert_eq!(refused, expected.concat());
}

#[actix_web::test]
async fn nobody_floods_a_mailbox_or_the_outbox() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    // Every minute for an hour: a link every other minute, five in all.
    for _ in 0..60 {
        app.forget("zoe@acme.example").await;
        app.advance(TimeDelta::minutes(1));
    }
    assert_eq!(smtp.received().len(), 5);
    app.forget("zoe@acme.example").await;
    assert_eq!(smtp.received().len(), 6, "an hour later the next one");

    let client = app.anonymous();
    let ask = |number: usize| {
        let email = format!("nobody{number}@acme.example");
        let client = client.clone();
        async move {
            client
                .post("/password/forgotten", &[("email", &email)])
                .await
        }
    };
    app.advance(TimeDelta::minutes(5));
    for number in 0..20 {
        assert_eq!(ask(number).await.status, 303);
    }
    let page = ask(20).await;
    assert_eq!(page.status, 429);
    assert_eq!(page.heading(), "Too many attempts");
    assert!(page.header("retry-after").parse::<u64>().unwrap() <= 300);
    assert_eq!(
        client.sign_in("zoe@acme.example", PASSWORD).await.status,
        303,
        "sign-ins are counted apart"
    );
    app.advance(TimeDelta::minutes(5));
    assert_eq!(ask(21).await.status, 303);
}

#[actix_web::test]
async fn a_link_is_built_from_the_setting_and_no_header() {
    let smtp = Smtp::start();
    let mut settings = smtp.settings();
    settings.extend([
        "--public-url".to_owned(),
        "http://console.example:81".to_owned(),
    ]);
    let app = TestApp::start_with(&crate::support::texts(&settings)).await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let request = client
        .request("POST", "/password/forgotten")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example;proto=https")
        .header("sec-fetch-site", "same-origin")
        .form(&[("email", acme.admin_email.as_str())]);
    assert_eq!(client.send(request).await.status, 303);
    app.mail().await;
    let link = smtp.only().link();
    assert!(
        link.starts_with("http://console.example:81/password/new?token="),
        "{link}"
    );
}

#[actix_web::test]
async fn at_rest_there_is_neither_address_nor_token() {
    use tenantry::db::schema::{outbox, recovery_links};
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    let email = acme.admin_email.clone();
    let client = app.anonymous();
    client
        .post("/password/forgotten", &[("email", &email)])
        .await;
    let letter: String = app
        .ask(|db| outbox::table.select(outbox::letter_sealed).first(db))
        .await;
    app.mail().await;
    assert_eq!(app.waiting().await, 0, "what has left is removed");
    let link = smtp.only().link();
    let (_, token) = link.split_once("token=").unwrap();
    assert!(token.len() >= 32, "128 bits or more");
    let kept: Option<String> = app
        .ask(|db| {
            recovery_links::table
                .select(recovery_links::token_digest)
                .first(db)
        })
        .await;
    let kept = kept.unwrap();
    for secret in [token, &email, "acme.example"] {
        assert!(
            !letter.contains(secret) && !kept.contains(secret),
            "{secret}"
        );
    }
    assert!(
        app.app.keys.open("outbox", &letter).is_some(),
        "sealed, not lost"
    );
}
