//! Security > Roles: the table, what can never change, and that it counts at once.

use crate::support::{Client, Page, TestApp};

const ROLES: &str = "/security/roles";

/// Sends the table as it stands, without some boxes and with others.
async fn save(client: &Client, page: &Page, without: &[&str], with: &[&str]) -> Page {
    let mut fields = page.form(ROLES);
    fields.retain(|(_, value)| !without.contains(&value.as_str()));
    let mut fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.extend(with.iter().map(|grant| ("grant", *grant)));
    let answer = client.post(ROLES, &fields).await;
    client.arrive(answer).await
}

#[actix_web::test]
async fn a_privilege_that_is_given_and_taken_counts_on_the_next_request() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user_with(acme.account, "Own Admin", "own@acme.example", (false, true))
        .await;
    let (admin, own) = (
        acme.org_admin().await,
        app.signed_in("own@acme.example").await,
    );
    let path = format!("/security/accounts/{}", acme.account);
    assert_eq!(own.get(&path).await.status, 403);

    let page = admin.get(ROLES).await;
    let page = save(
        &admin,
        &page,
        &[],
        &["admin.viewUsersOrg", "admin.viewAccounts"],
    )
    .await;
    assert_eq!(page.notice(), "The roles were updated.");
    let seen = own.get(&path).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.link("Roles"), None, "no link to what is closed");
    assert_eq!(seen.link("Settings"), None);
    assert_eq!(own.get(ROLES).await.status, 403);

    save(&admin, &page, &["admin.viewUsersOrg"], &[]).await;
    assert_eq!(own.get(&path).await.status, 403);
}

#[actix_web::test]
async fn nobody_can_take_away_the_way_back() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let page = admin.get(ROLES).await;
    // Every box cleared: what may never change is kept.
    let seen = page.field("seen");
    let answer = admin.post(ROLES, &[("seen", &seen)]).await;
    assert_eq!(answer.status, 303);
    let page = admin.get(ROLES).await;
    assert_eq!(page.status, 200, "may still configure roles");
    assert_eq!(admin.get("/security/settings").await.status, 200);
    assert_eq!(admin.get("/security/accounts").await.status, 403);
    // And nobody else is ever given it.
    let forged = save(&admin, &page, &[], &["admin.configureRoles"]).await;
    assert_eq!(forged.status, 403);

    let asked = admin.get("/security/roles/reset/new").await;
    let page = admin.submit(&asked, "/security/roles/reset", &[]).await;
    assert!(
        page.notice().contains("default privileges"),
        "{}",
        page.notice()
    );
    assert_eq!(admin.get("/security/accounts").await.status, 303);
}

#[actix_web::test]
async fn the_later_of_two_is_told() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let old = admin.get(ROLES).await;
    save(&admin, &old, &["org.scheduleJobs"], &[]).await;
    let refused = save(&admin, &old, &[], &["org.viewAccounts"]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.notice().starts_with("Nothing was changed."));
    let kept = refused.form(ROLES);
    assert!(
        kept.iter().any(|(_, value)| value == "org.viewAccounts"),
        "the choice is kept"
    );
    let saved = save(&admin, &refused, &[], &[]).await;
    assert_eq!(saved.notice(), "The roles were updated.");
}

#[actix_web::test]
async fn what_is_no_table_of_ours_is_refused() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let seen = admin.get(ROLES).await.field("seen");
    for (seen, grant) in [
        ("", "admin.viewAccounts"),
        ("1.2.3", "admin.viewAccounts"),
        ("-1.0.0.0", "admin.viewAccounts"),
        (&seen, "admin"),
        (&seen, "root.viewAccounts"),
        (&seen, "admin.everything"),
    ] {
        let answer = admin.post(ROLES, &[("seen", seen), ("grant", grant)]).await;
        assert_eq!(answer.status, 400, "{seen} {grant}");
    }
}

#[actix_web::test]
async fn organizations_have_their_own_roles() {
    let app = TestApp::start().await;
    let (acme, birch) = (
        app.organization("Acme").await,
        app.organization("Birch").await,
    );
    let (one, other) = (acme.org_admin().await, birch.org_admin().await);
    let page = one.get(ROLES).await;
    save(&one, &page, &["org.scheduleJobs"], &[]).await;
    let before = other.get(ROLES).await.form(ROLES);
    assert!(before.iter().any(|(_, value)| value == "org.scheduleJobs"));
}

#[actix_web::test]
async fn nobody_adds_a_user_who_may_do_more_by_the_base_role() {
    use tenantry::domain::privilege::Privilege::{
        AddUsersOrg, ModifySecurity, ViewAccounts, ViewUsersOrg,
    };
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    acme.user(acme.account, "Low Lee", "low@acme.example").await;
    acme.set_role("org", &[AddUsersOrg, ViewAccounts, ViewUsersOrg])
        .await;
    acme.set_role("default-user", &[ModifySecurity]).await;
    let low = app.signed_in("low@acme.example").await;
    let typed = [
        ("first_name", "Pup"),
        ("last_name", "Pet"),
        ("email", "puppet@acme.example"),
        ("password", "Another-Battery-9"),
    ];
    let users = format!("/security/accounts/{branch}/users");
    assert_eq!(low.post(&users, &typed).await.status, 403);
    acme.set_role("default-user", &[ViewAccounts]).await;
    assert_eq!(low.post(&users, &typed).await.status, 303);
}
