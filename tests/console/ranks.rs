//! Who may change whom: nobody themselves or somebody above, and nobody gives a role above their own.

use tenantry::domain::privilege::Privilege as P;

use crate::support::user_forms::{add, open, save, users};
use crate::support::{Client, Organization, TestApp};

#[actix_web::test]
async fn org_admins_are_users_of_the_default_account() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let max = acme.user(branch, "Max Muster", "max@acme.example").await;
    let admin = acme.org_admin().await;
    let words = "Only users of the default account can be Org Admin.";
    let page = admin.get(&format!("{}/new", users(branch))).await;
    assert!(page.disabled("org_admin") && page.text().contains(words));
    let page = add(&admin, branch, &[("org_admin", "on")]).await;
    assert_eq!(
        (page.status, page.problems()),
        (422, vec![words.to_owned()])
    );
    let page = open(&admin, branch, max).await;
    assert!(page.disabled("org_admin"));
    let page = save(&admin, branch, max, &page, &[("org_admin", "on")]).await;
    assert_eq!(
        (page.status, page.problems()),
        (422, vec![words.to_owned()])
    );

    let page = add(
        &admin,
        acme.account,
        &[("org_admin", "on"), ("account_admin", "on")],
    )
    .await;
    assert_eq!(page.table()[1][4], "Org Admin Account Admin");
    let zoe = app.anonymous();
    assert_eq!(
        zoe.sign_in("zoe@acme.example", "Falsch-Batterie-9")
            .await
            .status,
        303
    );
    assert_eq!(
        zoe.get(&users(acme.account).replace("/users", ""))
            .await
            .status,
        200
    );
}

#[actix_web::test]
async fn nobody_changes_or_deletes_themselves() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user_with(
        acme.account,
        "Second Chief",
        "chief@acme.example",
        (true, false),
    )
    .await;
    let admin = acme.org_admin().await;
    let own = format!("{}/{}", users(acme.account), acme.admin);
    let words = "This is you. Change your details in My Profile.";
    let page = admin.get(&users(acme.account).replace("/users", "")).await;
    assert!(
        page.link("Edit Dana Whitfield").is_none() && page.link("Delete Dana Whitfield").is_none()
    );
    let page = admin.get(&format!("{own}/edit")).await;
    assert_eq!(page.location(), "/profile");
    let form = [
        ("version", "1"),
        ("first_name", "X"),
        ("last_name", "Y"),
        ("email", "x@acme.example"),
    ];
    for (path, fields) in [("", &form[..]), ("/deletion", &[]), ("/sessions/end", &[])] {
        let page = admin.post(&format!("{own}{path}"), fields).await;
        assert_eq!(page.status, 422, "{path}");
        assert!(page.text().contains(words), "{path}: {}", page.text());
    }
    assert_eq!(admin.get(&format!("{own}/deletion/new")).await.status, 422);
    assert!(
        admin
            .get("/profile")
            .await
            .text()
            .contains("Dana Whitfield")
    );
}

/// A user of the default account who may edit and see users and accounts, but is no org admin.
async fn helper<'a>(app: &'a TestApp, acme: &Organization<'a>) -> Client {
    acme.set_role(
        "admin",
        &[
            P::EditUsersOrg,
            P::AddUsersOrg,
            P::DeleteUsersOrg,
            P::ViewUsersOrg,
            P::ViewAccounts,
        ],
    )
    .await;
    acme.user_with(
        acme.account,
        "Help Desk",
        "help@acme.example",
        (false, true),
    )
    .await;
    app.signed_in("help@acme.example").await
}

#[actix_web::test]
async fn nobody_changes_somebody_above_or_gives_a_role_above() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let chief = acme
        .user_with(
            acme.account,
            "Second Chief",
            "chief@acme.example",
            (true, false),
        )
        .await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    acme.set_role("org", &[]).await;
    let help = helper(&app, &acme).await;
    let account = format!("/security/accounts/{}", acme.account);
    let list = help.get(&account).await;
    assert_eq!(list.status, 200);
    assert!(list.link("Edit Second Chief").is_none() && list.link("Delete Second Chief").is_none());
    assert!(!list.active_box("Second Chief").2 && list.active_box("Max Muster").2);

    let above = format!("{account}/users/{chief}");
    let form = [
        ("version", "1"),
        ("first_name", "X"),
        ("last_name", "Y"),
        ("email", "x@acme.example"),
    ];
    for path in [format!("{above}/edit"), format!("{above}/deletion/new")] {
        assert_eq!(help.get(&path).await.status, 403, "{path}");
    }
    for path in [
        above.clone(),
        format!("{above}/deletion"),
        format!("{above}/sessions/end"),
    ] {
        assert_eq!(help.post(&path, &form).await.status, 403, "{path}");
    }
    let off = format!("{chief}.1.0");
    assert_eq!(
        help.post(&format!("{account}/activations"), &[("change", &off)])
            .await
            .status,
        403
    );
    assert_eq!(app.state(chief).await, (true, 1));

    let page = open(&help, acme.account, max).await;
    assert!(page.disabled("org_admin") && !page.disabled("account_admin"));
    assert_eq!(
        save(&help, acme.account, max, &page, &[("org_admin", "on")])
            .await
            .status,
        403
    );
    assert_eq!(
        add(&help, acme.account, &[("org_admin", "on")])
            .await
            .status,
        403
    );
    assert_eq!(app.state(max).await.1, 1);
    let page = save(&help, acme.account, max, &page, &[("account_admin", "on")]).await;
    assert_eq!(
        page.notice(),
        "Max Muster was saved.",
        "what one holds oneself may be given"
    );
    // A permission changed a moment ago counts now.
    acme.set_role("admin", &[P::ViewUsersOrg, P::ViewAccounts])
        .await;
    assert_eq!(
        help.get(&format!("{account}/users/{max}/edit"))
            .await
            .status,
        403
    );
}

#[actix_web::test]
async fn the_milder_way_is_offered_only_where_it_is_open() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let near = acme
        .user(acme.account, "Near By", "near@acme.example")
        .await;
    let far = acme.user(branch, "Far Away", "far@acme.example").await;
    acme.set_role("org", &[]).await;
    acme.set_role("default-user", &[]).await;
    let help = helper(&app, &acme).await;
    let held = [P::DeleteUsersOrg, P::ViewUsersOrg, P::ViewAccounts];
    acme.set_role("admin", &[&held[..], &[P::EditUsersAccount]].concat())
        .await;
    for (account, user, open) in [(acme.account, near, true), (branch, far, false)] {
        let page = help
            .get(&format!("{}/{user}/deletion/new", users(account)))
            .await;
        assert_eq!(page.status, 200);
        assert_eq!(page.link("Deactivate instead").is_some(), open, "{user}");
    }
}
