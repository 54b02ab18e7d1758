//! My Profile: own details, password and sessions.

use chrono::TimeDelta;

use crate::support::{Client, PASSWORD, Page, TestApp};

const NEW: &str = "Another-Battery-9";

async fn change_password(client: &Client, present: &str, new: &str) -> Page {
    let page = client.get("/profile").await;
    let typed = [("present_password", present), ("password", new)];
    client.submit(&page, "/profile/password", &typed).await
}

#[actix_web::test]
async fn own_details_are_changed_and_shown_everywhere() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    let page = client.get("/profile").await;
    assert_eq!(
        (
            page.field("first_name").as_str(),
            page.field("email").as_str()
        ),
        ("Dana", "admin@acme.example")
    );
    let typed = [
        ("first_name", "Łucja"),
        ("last_name", "O'Neil"),
        ("email", "Lucja@acme.example"),
        ("email_password", PASSWORD),
    ];
    let page = client.submit(&page, "/profile", &typed).await;
    assert_eq!(page.notice(), "Your details were updated.");
    assert!(page.text().contains("Łucja O'Neil"));
    assert_eq!(
        client.sign_in("admin@acme.example", PASSWORD).await.status,
        422
    );
    assert_eq!(
        client.sign_in("lucja@ACME.example", PASSWORD).await.status,
        303
    );
    let list = client
        .get(&format!("/security/accounts/{}?q=łucja", acme.account))
        .await;
    assert_eq!(
        list.table()[0][0..3],
        ["Łucja You", "O'Neil", "Lucja@acme.example"]
    );
}

#[actix_web::test]
async fn wrong_details_are_named_and_kept_as_typed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let client = acme.org_admin().await;
    let page = client.get("/profile").await;
    let typed = [
        ("first_name", ""),
        ("last_name", "Other"),
        ("email", "nothing"),
        ("shortcuts", "off"),
    ];
    let page = client.submit(&page, "/profile", &typed).await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.problems(),
        [
            "Enter your present password to change your email.",
            "Enter a first name.",
            "Enter an email address, like name@company.example."
        ]
    );
    assert_eq!(
        (
            page.field("last_name").as_str(),
            page.field("shortcuts").as_str()
        ),
        ("Other", "")
    );
    let page = client
        .submit(
            &page,
            "/profile",
            &[
                ("first_name", "Dana"),
                ("email", "MAX@acme.example"),
                ("email_password", PASSWORD),
            ],
        )
        .await;
    assert_eq!(
        (page.status, page.error("email").as_str()),
        (
            422,
            "MAX@acme.example already belongs to a user. Enter a different email."
        )
    );
    assert!(
        client
            .get("/profile")
            .await
            .text()
            .contains("Dana Whitfield"),
        "nothing was kept"
    );
}

#[actix_web::test]
async fn another_email_asks_for_the_password() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    let page = client.get("/profile").await;
    let email = "mine@elsewhere.example";
    for (typed, sentence) in [
        ("", "Enter your present password to change your email."),
        (
            "wrong",
            "This is not your present password. Enter it again.",
        ),
    ] {
        let fields = [("email", email), ("email_password", typed)];
        let refused = client.submit(&page, "/profile", &fields).await;
        assert_eq!(
            (refused.status, refused.problems()),
            (422, vec![sentence.to_owned()])
        );
        assert_eq!(
            refused.field("email"),
            email,
            "what was typed is still there"
        );
        assert_eq!(refused.field("email_password"), "", "passwords aside");
    }
    let names = [("last_name", "Muster"), ("email_password", "wrong")];
    let page = client.submit(&page, "/profile", &names).await;
    assert_eq!(
        page.notice(),
        "Your details were updated.",
        "names need none"
    );
    for _ in 0..4 {
        let fields = [("email", email), ("email_password", "wrong")];
        client.submit(&page, "/profile", &fields).await;
    }
    let ended = client.get("/profile").await;
    assert_eq!(ended.status, 303, "the fifth wrong one has locked the user");
    assert!(app.codes().await.contains(&"user.locked".to_owned()));
}

#[actix_web::test]
async fn a_change_of_ones_own_details_is_noticed_by_who_edits_them() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let (admin, client) = (
        acme.org_admin().await,
        app.signed_in("max@acme.example").await,
    );
    let path = format!("/security/accounts/{}/users/{max}", acme.account);
    let old = admin.get(&format!("{path}/edit")).await;
    let page = client.get("/profile").await;
    client
        .submit(&page, "/profile", &[("last_name", "Meister")])
        .await;
    let page = admin.submit(&old, &path, &[("first_name", "Moritz")]).await;
    assert_eq!(page.status, 422);
    assert!(page.heading().contains("Max Meister"));
}

#[actix_web::test]
async fn a_new_password_needs_the_present_one_and_the_policy() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    let wrong = "This is not your present password. Enter it again.";
    let weak =
        "The password needs at least 8 characters, 1 uppercase letter, 1 number and 1 symbol.";
    for (present, new, problems) in [
        ("wrong", NEW, vec![wrong]),
        ("", NEW, vec!["Enter your present password."]),
        (PASSWORD, "weak", vec![weak]),
        ("wrong", "weak", vec![wrong, weak]),
        (PASSWORD, "", vec!["Enter a password."]),
        (
            PASSWORD,
            "Whitfield-Correct-9",
            vec!["The password needs no part of the name or email."],
        ),
    ] {
        let page = change_password(&client, present, new).await;
        assert_eq!(
            (page.status, page.problems()),
            (422, problems.iter().map(|it| (*it).to_owned()).collect())
        );
        assert_eq!(
            (page.field("present_password"), page.field("password")),
            (String::new(), String::new())
        );
    }
    assert_eq!(
        app.anonymous()
            .sign_in(&acme.admin_email, PASSWORD)
            .await
            .status,
        303
    );
}

#[actix_web::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (client, other, third) = (
        acme.org_admin().await,
        acme.org_admin().await,
        acme.org_admin().await,
    );
    let page = change_password(&client, PASSWORD, NEW).await;
    assert_eq!(
        page.notice(),
        "Your password was changed. 2 other sessions were ended."
    );
    assert_eq!(client.get("/profile").await.status, 200);
    assert_eq!(
        (
            other.get("/profile").await.status,
            third.get("/profile").await.status
        ),
        (303, 303)
    );
    assert_eq!(
        app.anonymous()
            .sign_in(&acme.admin_email, PASSWORD)
            .await
            .status,
        422
    );
    assert_eq!(
        app.anonymous().sign_in(&acme.admin_email, NEW).await.status,
        303
    );
}

#[actix_web::test]
async fn own_sessions_are_listed_and_ended() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let stranger = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let max = app.signed_in("max@acme.example").await;
    let first = acme.org_admin().await;
    let former = app.session_of(acme.admin).await;
    app.advance(TimeDelta::minutes(3));
    let second = acme.org_admin().await;
    let page = second.get("/profile").await;
    let sessions = page.find(".sessions li");
    assert_eq!(sessions.len(), 2);
    assert!(
        sessions[0].contains("This session") && !sessions[1].contains("This session"),
        "{sessions:?}"
    );
    assert!(sessions[0].contains("127.0.0.1"));

    let page = second
        .submit(&page, &format!("/profile/sessions/{former}/end"), &[])
        .await;
    assert_eq!(
        (page.notice().as_str(), page.find(".sessions li").len()),
        ("The session was ended.", 1)
    );
    assert_eq!(first.get("/profile").await.status, 303);
    // Somebody else's session is not there.
    let others = app.session_of(stranger).await;
    assert_eq!(
        second
            .post(&format!("/profile/sessions/{others}/end"), &[])
            .await
            .status,
        404
    );
    assert_eq!(max.get("/profile").await.status, 200);
    // The one in use: signed out.
    let own = app.session_of(acme.admin).await;
    let page = second
        .submit(&page, &format!("/profile/sessions/{own}/end"), &[])
        .await;
    assert_eq!(
        (page.heading().as_str(), page.notice().as_str()),
        ("Sign in", "You are signed out.")
    );
    assert_eq!(second.get("/profile").await.status, 303);
    assert_eq!(app.holdings(acme.admin).await.2, 0);
}

#[actix_web::test]
async fn sessions_that_ran_out_are_not_listed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.org_admin().await;
    app.advance(TimeDelta::minutes(31));
    let client = acme.org_admin().await;
    assert_eq!(client.get("/profile").await.find(".sessions li").len(), 1);
    assert_eq!(
        app.holdings(acme.admin).await.2,
        1,
        "swept away at the next sign-in"
    );
}

#[actix_web::test]
async fn the_shortcut_is_switched_off_and_on() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let client = acme.org_admin().await;
    let mut page = client.get("/profile").await;
    for (switch, kept, marked) in [("off", "", 0), ("on", "on", 1)] {
        page = client
            .submit(&page, "/profile", &[("shortcuts", switch)])
            .await;
        assert_eq!(page.field("shortcuts"), kept);
        assert_eq!(page.find("body[data-shortcuts]").len(), marked);
        let list = client
            .get(&format!("/security/accounts/{}", acme.account))
            .await;
        assert_eq!(list.find("kbd").len(), marked);
    }
}
