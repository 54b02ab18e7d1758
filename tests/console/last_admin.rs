//! An organization always keeps an active org admin, whoever tries what, also at the same moment.

use diesel::prelude::*;
use futures_util::future::join;
use tenantry::db::schema::{accounts, users};
use tenantry::domain::privilege::ALL;

use crate::support::{Client, Organization, TestApp};

const WORDS: &str =
    "Dana Whitfield is the last active Org Admin. Make somebody else an Org Admin first.";

fn account(acme: &Organization<'_>) -> String {
    format!("/security/accounts/{}", acme.account)
}

/// The ids of the organization's active org admins.
async fn chiefs(app: &TestApp, organization: i64) -> Vec<i64> {
    app.ask(move |db| {
        users::table
            .inner_join(accounts::table)
            .filter(accounts::organization_id.eq(organization))
            .filter(users::active)
            .filter(users::org_admin)
            .select(users::id)
            .load(db)
    })
    .await
}

/// Somebody who may do everything but is no org admin.
async fn deputy<'a>(app: &'a TestApp, acme: &Organization<'a>) -> Client {
    acme.set_role("admin", &ALL).await;
    acme.user_with(
        acme.account,
        "Deputy One",
        "deputy@acme.example",
        (false, true),
    )
    .await;
    app.signed_in("deputy@acme.example").await
}

#[actix_web::test]
async fn the_last_one_is_not_deactivated_demoted_or_deleted() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let deputy = deputy(&app, &acme).await;
    let home = account(&acme);
    let edit = format!("{home}/users/{}", acme.admin);
    let page = deputy.get(&format!("{edit}/edit")).await;
    for changes in [
        [("org_admin", "off"), ("active", "on")],
        [("org_admin", "on"), ("active", "off")],
        [("org_admin", "off"), ("active", "off")],
    ] {
        let refused = deputy
            .submit(
                &page,
                &edit,
                &[&changes[..], &[("last_name", "Other")]].concat(),
            )
            .await;
        assert_eq!(
            (refused.status, refused.problems()),
            (422, vec![WORDS.to_owned()]),
            "{changes:?}"
        );
        assert_eq!(refused.field("last_name"), "Other");
    }
    let page = deputy.post(&format!("{edit}/deletion"), &[]).await;
    assert_eq!((page.status, page.notice().as_str()), (422, WORDS));
    assert_eq!(chiefs(&app, acme.id).await, [acme.admin]);
    assert_eq!(
        app.state(acme.admin).await,
        (true, 1),
        "nothing of it is kept"
    );
    assert!(
        !app.codes()
            .await
            .iter()
            .any(|code| code == "user.updated" || code == "user.deleted")
    );
}

#[actix_web::test]
async fn nor_are_all_of_them_in_one_update() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let second = acme
        .user_with(
            acme.account,
            "Second Chief",
            "two@acme.example",
            (true, false),
        )
        .await;
    let plain = acme
        .user(acme.account, "Plain User", "plain@acme.example")
        .await;
    app.give(plain, 2, 0).await;
    let deputy = deputy(&app, &acme).await;
    let all = [
        ("Plain User", false),
        ("Second Chief", false),
        ("Dana Whitfield", false),
    ];
    let list = deputy.get(&account(&acme)).await;
    let page = deputy.update_active(&list, &all).await;
    assert_eq!(page.heading(), "Deactivate 3 users?");
    let page = deputy.submit(&page, &page.activations(), &[]).await;
    assert_eq!(page.status, 422);
    assert!(
        page.notice().starts_with("Nothing was changed. "),
        "{}",
        page.notice()
    );
    assert!(
        page.notice()
            .ends_with("is the last active Org Admin. Make somebody else an Org Admin first.")
    );
    assert_eq!(chiefs(&app, acme.id).await, [acme.admin, second]);
    assert_eq!(
        (app.state(plain).await.0, app.holdings(plain).await.0),
        (true, 2)
    );

    // One may go, and then the other may not. An inactive one does not count.
    let page = deputy
        .update_active(&page, &[("Second Chief", false)])
        .await;
    deputy.submit(&page, &page.activations(), &[]).await;
    assert_eq!(chiefs(&app, acme.id).await, [acme.admin]);
    let list = deputy.get(&account(&acme)).await;
    let page = deputy
        .update_active(&list, &[("Dana Whitfield", false)])
        .await;
    let page = deputy.submit(&page, &page.activations(), &[]).await;
    assert_eq!(page.notice(), format!("Nothing was changed. {WORDS}"));
    // In the same Update somebody else may take over.
    let list = deputy.get(&account(&acme)).await;
    let swap = [("Dana Whitfield", false), ("Second Chief", true)];
    let page = deputy.update_active(&list, &swap).await;
    deputy.submit(&page, &page.activations(), &[]).await;
    assert_eq!(chiefs(&app, acme.id).await, [second]);
}

/// One of two org admins does something to the other: demotes, deactivates or deletes.
async fn strike(client: &Client, home: &str, (victim, name): (i64, &str), deed: usize) {
    match deed {
        0 | 1 => {
            let (first, last) = name.split_once(' ').unwrap();
            let email = format!("{victim}@race.example");
            let kept = if deed == 0 { "active" } else { "org_admin" };
            let fields = [
                ("version", "1"),
                ("first_name", first),
                ("last_name", last),
                ("email", &email),
                (kept, "on"),
            ];
            client
                .post(&format!("{home}/users/{victim}"), &fields)
                .await;
        }
        2 => {
            let change = format!("{victim}.1.0");
            client
                .post(&format!("{home}/activations"), &[("change", &change)])
                .await;
        }
        _ => {
            client
                .post(&format!("{home}/users/{victim}/deletion"), &[])
                .await;
        }
    }
}

#[actix_web::test]
async fn two_who_strike_each_other_at_the_same_moment_leave_exactly_one() {
    let app = TestApp::start().await;
    for round in 0..24 {
        let acme = app.organization(&format!("Race{round}")).await;
        let email = format!("two@race{round}.example");
        let second = acme
            .user_with(acme.account, "Second Chief", &email, (true, false))
            .await;
        let (one, two) = (acme.org_admin().await, app.signed_in(&email).await);
        let home = account(&acme);
        // Every pair of deeds has its turn.
        let deeds = (round % 4, round / 4 % 4);
        join(
            strike(&one, &home, (second, "Second Chief"), deeds.0),
            strike(&two, &home, (acme.admin, "Dana Whitfield"), deeds.1),
        )
        .await;
        let left = chiefs(&app, acme.id).await;
        assert_eq!(left.len(), 1, "round {round}: {left:?}");
    }
}
