//! The Active boxes of many users with one Update: confirmed, whole or not at all, and only where they may be changed.

use crate::support::{Client, Organization, Page, TestApp};

const NOBODY: i64 = 9_000_000;

/// Anna and Ben are active, Cleo is not; Anna has two jobs and an instance, Ben has one job.
async fn three(app: &TestApp, acme: &Organization<'_>) -> (i64, i64, i64) {
    let anna = acme
        .user(acme.account, "Anna Alt", "anna@acme.example")
        .await;
    let ben = acme
        .user(acme.account, "Ben Bauer", "ben@acme.example")
        .await;
    let cleo = acme
        .user(acme.account, "Cleo Cruz", "cleo@acme.example")
        .await;
    app.give(anna, 2, 1).await;
    app.give(ben, 1, 0).await;
    app.set_active(cleo, false).await;
    (anna, ben, cleo)
}

fn account(acme: &Organization<'_>) -> String {
    format!("/security/accounts/{}", acme.account)
}

async fn send(admin: &Client, acme: &Organization<'_>, fields: &[(&str, &str)]) -> Page {
    let path = format!("{}/activations", account(acme));
    admin.post(&path, fields).await
}

#[actix_web::test]
async fn many_boxes_change_with_one_update() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (anna, ben, cleo) = three(&app, &acme).await;
    let admin = acme.org_admin().await;
    let anna_client = app.signed_in("anna@acme.example").await;

    let list = admin.get(&account(&acme)).await;
    let boxes = [
        ("Anna Alt", false),
        ("Ben Bauer", false),
        ("Cleo Cruz", true),
    ];
    let page = admin.update_active(&list, &boxes).await;
    assert_eq!(page.heading(), "Deactivate 2 users?");
    assert_eq!(
        page.find("tbody td"),
        ["2", "1", "1", "0"],
        "jobs and instances of each"
    );
    let named = page.find("tbody th");
    assert!(
        named[0].starts_with("Anna Alt") && named[1].starts_with("Ben Bauer"),
        "{named:?}"
    );
    assert_eq!(page.find("ul.bare li"), ["Cleo Cruz cleo@acme.example"]);
    let text = page.text();
    assert!(
        text.contains("3 jobs stop and do not come back when the users are activated again. Instances are kept."),
        "{text}"
    );
    for (user, active) in [(anna, true), (ben, true), (cleo, false)] {
        assert_eq!(
            app.state(user).await.0,
            active,
            "nothing is done before it is confirmed"
        );
    }

    let page = admin
        .submit(&page, &format!("{}/activations", account(&acme)), &[])
        .await;
    assert_eq!(page.notice(), "3 users were updated. 3 jobs were stopped.");
    for (user, active) in [(anna, false), (ben, false), (cleo, true)] {
        assert_eq!(app.state(user).await.0, active);
    }
    assert_eq!(
        app.holdings(anna).await,
        (0, 1, 0),
        "jobs and sessions went, the instance stays"
    );
    assert_eq!(anna_client.get("/profile").await.status, 303);
}

#[actix_web::test]
async fn one_deactivation_is_told_in_numbers() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    three(&app, &acme).await;
    let admin = acme.org_admin().await;
    let list = admin.get(&account(&acme)).await;
    let page = admin.update_active(&list, &[("Anna Alt", false)]).await;
    assert_eq!(page.heading(), "Deactivate Anna Alt?");
    let words = "Sign-in and API calls of Anna Alt are refused from the next request on. 2 jobs stop and do not \
                 come back when the user is activated again. Instances are kept.";
    assert!(page.text().contains(words), "{}", page.text());
    assert_eq!(page.link("Cancel").unwrap(), account(&acme));
}

#[actix_web::test]
async fn activation_alone_needs_no_confirmation() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (_, ben, cleo) = three(&app, &acme).await;
    app.set_active(ben, false).await;
    let admin = acme.org_admin().await;
    let list = admin.get(&account(&acme)).await;
    let page = admin
        .update_active(&list, &[("Ben Bauer", true), ("Cleo Cruz", true)])
        .await;
    assert_eq!(
        page.notice(),
        "2 users were updated. Earlier jobs do not come back."
    );
    assert!(app.state(ben).await.0 && app.state(cleo).await.0);

    let page = admin.update_active(&page, &[]).await;
    assert!(
        page.notice().starts_with("Nothing was changed."),
        "{}",
        page.notice()
    );
}

#[actix_web::test]
async fn a_row_that_changed_meanwhile_stops_everything() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (anna, ben, _) = three(&app, &acme).await;
    let admin = acme.org_admin().await;
    let words = "Nothing was changed. Anna Alt was changed by somebody else since you opened this page. \
                 Check the list and try again.";
    let boxes = [("Ben Bauer", false), ("Anna Alt", false)];

    let old = admin.get(&account(&acme)).await;
    app.touch(anna).await;
    let page = admin.update_active(&old, &boxes).await;
    assert_eq!((page.status, page.notice().as_str()), (422, words));

    // It changes while the confirmation page is open.
    let confirmation = admin.update_active(&page, &boxes).await;
    assert_eq!(confirmation.heading(), "Deactivate 2 users?");
    app.touch(anna).await;
    let action = format!("{}/activations", account(&acme));
    let page = admin.submit(&confirmation, &action, &[]).await;
    assert_eq!((page.status, page.notice().as_str()), (422, words));
    assert!(app.state(anna).await.0 && app.state(ben).await.0);
    assert_eq!(app.holdings(ben).await.0, 1);
    assert!(!app.codes().await.contains(&"user.deactivated".to_owned()));
}

#[actix_web::test]
async fn a_row_that_vanished_stops_everything_also_on_a_page_that_is_empty_now() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (anna, _, _) = three(&app, &acme).await;
    let admin = acme.org_admin().await;
    let list = admin.get(&account(&acme)).await;
    app.remove(anna).await;
    let page = admin.update_active(&list, &[("Anna Alt", false)]).await;
    assert_eq!(page.status, 404);
    assert!(
        page.notice().starts_with(
            "Nothing was changed. Somebody you chose is not in this account any more."
        )
    );

    // The second page has one user, who goes.
    let crowd = acme.crowd(acme.account, "Crowd", 48).await;
    let first = admin.get(&account(&acme)).await;
    let second = admin.get(&first.link("Next").unwrap()).await;
    assert_eq!(second.last_names().len(), 1);
    app.remove(*crowd.last().unwrap()).await;
    let page = admin
        .update_active(&second, &[("First 0047 Crowd 0047", false)])
        .await;
    assert!(
        page.notice().starts_with("Nothing was changed."),
        "{:?}",
        page.notice()
    );
    assert_eq!(page.last_names().len(), 50);
}

#[actix_web::test]
async fn ids_of_others_are_not_found_and_nothing_is_done() {
    let app = TestApp::start().await;
    let (acme, other) = (
        app.organization("Acme").await,
        app.organization("Other").await,
    );
    let (anna, ..) = three(&app, &acme).await;
    let branch = acme.account("Branch").await.id;
    let sibling = acme.user(branch, "Sib Ling", "sib@acme.example").await;
    let stranger = other
        .user(other.account, "Stran Ger", "ger@other.example")
        .await;
    let admin = acme.org_admin().await;
    let good = format!("{anna}.{}.0", app.state(anna).await.1);
    let new = format!("{}/activations/new", account(&acme));

    let mut answers = Vec::new();
    for id in [sibling, stranger, NOBODY] {
        let bad = format!("{id}.1.0");
        let asked = admin
            .get(&format!("{new}?change={good}&change={bad}"))
            .await;
        let confirmed = send(&admin, &acme, &[("change", &good), ("change", &bad)]).await;
        let back = format!("{id}.1.1");
        let activated = send(&admin, &acme, &[("change", &bad), ("change", &back)]).await;
        let row = format!("{id}.1.0");
        let id = id.to_string();
        let ticked = send(&admin, &acme, &[("row", &row), ("active", &id)]).await;
        assert_eq!(activated.status, 400, "the same user twice");
        for page in [asked, confirmed, ticked] {
            assert_eq!(page.status, 404);
            answers.push(page.body);
        }
    }
    assert_eq!(
        answers[0..3],
        answers[6..9],
        "another account looks like nobody"
    );
    assert_eq!(
        answers[3..6],
        answers[6..9],
        "another organization looks like nobody"
    );
    for user in [anna, sibling, stranger] {
        assert_eq!(app.state(user).await, (true, 1));
    }
}

#[actix_web::test]
async fn ones_own_row_cannot_be_forged() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (anna, ..) = three(&app, &acme).await;
    let admin = acme.org_admin().await;
    assert!(
        !admin
            .get(&account(&acme))
            .await
            .active_box("Dana Whitfield")
            .2
    );
    let own = format!("{}.{}.0", acme.admin, app.state(acme.admin).await.1);
    let good = format!("{anna}.{}.0", app.state(anna).await.1);
    let page = send(&admin, &acme, &[("change", &good), ("change", &own)]).await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.notice(),
        "Nothing was changed. This is you. Change your details in My Profile."
    );
    assert!(app.state(anna).await.0 && app.state(acme.admin).await.0);
    assert_eq!(app.holdings(anna).await.0, 2);
}

#[actix_web::test]
async fn what_no_page_of_ours_sends_is_malformed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let new = format!("{}/activations/new", account(&acme));
    for bad in [
        "x",
        "1",
        "1.1",
        "1.1.2",
        "1.1.1.1",
        "1.1.",
        ".1.0",
        "1..0",
        "99999999999999999999.1.0",
    ] {
        for field in ["row", "change"] {
            let page = send(&admin, &acme, &[(field, bad)]).await;
            assert_eq!(page.status, 400, "{field}={bad}");
        }
        assert_eq!(
            admin.get(&format!("{new}?change={bad}")).await.status,
            400,
            "{bad}"
        );
    }
    assert_eq!(
        send(&admin, &acme, &[("row", "1.1.1"), ("active", "x")])
            .await
            .status,
        400
    );
    assert_eq!(
        send(&admin, &acme, &[("row", "1.1.1"), ("row", "1.1.0")])
            .await
            .status,
        400
    );

    let rows: Vec<String> = (0..61)
        .map(|number| format!("{}.1.0", NOBODY + number))
        .collect();
    for (count, status) in [(60, 404), (61, 400)] {
        let fields: Vec<_> = rows[..count]
            .iter()
            .map(|row| ("change", row.as_str()))
            .collect();
        assert_eq!(
            send(&admin, &acme, &fields).await.status,
            status,
            "{count} rows"
        );
    }
}

#[actix_web::test]
async fn back_keeps_the_state_of_the_list_and_leads_nowhere_else() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (anna, ..) = three(&app, &acme).await;
    let branch = acme.account("Branch").await.id;
    let admin = acme.org_admin().await;
    let state = format!("{}?q=acme&status=active&sort=last&dir=desc", account(&acme));
    let list = admin.get(&state).await;
    let page = admin.update_active(&list, &[("Anna Alt", false)]).await;
    assert_eq!(page.link("Cancel").unwrap(), state);
    let action = format!("{}/activations", account(&acme));
    let mut fields = page.form(&action);
    let pairs: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    assert_eq!(admin.post(&action, &pairs).await.location(), state);

    let branch = format!("/security/accounts/{branch}");
    fields.retain(|(name, _)| name != "back");
    for evil in [
        "https://evil.example/",
        "//evil.example",
        "/profile",
        "/\\evil.example",
        "javascript:1",
        &branch,
    ] {
        let active = app.state(anna).await;
        let change = format!("{anna}.{}.{}", active.1, u8::from(!active.0));
        let answer = send(&admin, &acme, &[("change", &change), ("back", evil)]).await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.location(), account(&acme), "{evil}");
    }
}
