//! What belongs to others answers exactly like what does not exist, and is never shown, counted or found.

use tenantry::domain::privilege::Privilege as P;
use tenantry::web::routes;

use crate::support::{Client, TestApp};

const NOBODY: (i64, i64, i64) = (9_000_001, 9_000_002, 9_000_003);

/// Fields that every form of the console understands, as far as it has them.
const FIELDS: &[(&str, &str)] = &[
    ("first_name", "Zoë"),
    ("last_name", "Müller"),
    ("email", "zoe@nowhere.example"),
    ("password", "Falsch-Batterie-9"),
    ("name", "Name"),
    ("version", "1"),
];

fn fill(path: &str, (account, user, session): (i64, i64, i64)) -> String {
    path.replace("{account}", &account.to_string())
        .replace("{user}", &user.to_string())
        .replace("{session}", &session.to_string())
}

/// Every route with an id in it, asked for these ids: its path, the status and the body.
async fn ask(client: &Client, ids: (i64, i64, i64), only: &str) -> Vec<(String, u16, String)> {
    let mut answers = Vec::new();
    for route in routes() {
        if !route.path.contains('{')
            || !route.path.contains(only)
            || route.path.starts_with("/static")
        {
            continue;
        }
        let path = fill(route.path, ids);
        let page = if route.method == "GET" {
            client.get(&path).await
        } else {
            let change = format!("{}.1.0", ids.1);
            let mut fields = FIELDS.to_vec();
            if route.path.ends_with("/activations") {
                fields.push(("change", &change));
            }
            client.post(&path, &fields).await
        };
        answers.push((
            format!("{} {}", route.method, route.path),
            page.status,
            page.body,
        ));
    }
    answers
}

fn statuses(answers: &[(String, u16, String)]) -> Vec<(&str, u16)> {
    answers
        .iter()
        .map(|(route, status, _)| (route.as_str(), *status))
        .collect()
}

#[actix_web::test]
async fn every_address_with_ids_of_another_organization_answers_as_if_they_did_not_exist() {
    let app = TestApp::start().await;
    let (acme, other) = (
        app.organization("Acme").await,
        app.organization("Other").await,
    );
    let branch = other.account("Branch").await.id;
    let stranger = other.user(branch, "Stran Ger", "ger@other.example").await;
    app.give(stranger, 1, 1).await;
    app.signed_in("ger@other.example").await;
    let session = app.session_of(stranger).await;
    let admin = acme.org_admin().await;
    let before = app.codes().await;
    let nobody = ask(&admin, NOBODY, "").await;
    assert!(nobody.len() > 15, "{nobody:?}");
    for (route, status, _) in &nobody {
        // The table's form without a change to somebody has nothing to look for.
        let nothing_asked = route == "GET /security/accounts/{account}/activations/new";
        assert_eq!(*status, if nothing_asked { 303 } else { 404 }, "{route}");
    }
    for ids in [
        (branch, stranger, session),
        (other.account, other.admin, session),
    ] {
        let theirs = ask(&admin, ids, "").await;
        assert_eq!(statuses(&theirs), statuses(&nobody));
        assert!(theirs == nobody, "a body differs");
    }
    // One's own account with another's user in it; another's account with one's own user.
    let mixed = ask(&admin, (acme.account, stranger, session), "{user}").await;
    let absent = ask(&admin, (acme.account, NOBODY.1, NOBODY.2), "{user}").await;
    assert_eq!(statuses(&mixed), statuses(&absent));
    assert!(mixed == absent, "a body differs");
    assert_eq!(app.codes().await, before, "nothing was done");
    assert_eq!(
        (app.state(stranger).await, app.holdings(stranger).await),
        ((true, 1), (1, 1, 1))
    );
}

#[actix_web::test]
async fn lists_counts_and_searches_show_nothing_of_another_organization() {
    let app = TestApp::start().await;
    let (acme, other) = (
        app.organization("Acme").await,
        app.organization("Other").await,
    );
    other.account("Secret Branch").await;
    let gone = other.account("Secret Gone").await.id;
    let stranger = other
        .user(other.account, "Stran Ger", "ger@other.example")
        .await;
    let their_admin = other.org_admin().await;
    their_admin
        .post(&format!("/security/accounts/{gone}/deactivation"), &[])
        .await;
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{}", acme.account);
    for query in [
        "",
        "?q=ger",
        "?q=stran",
        "?q=other.example",
        "?accounts=secret",
        "?sort=email&dir=desc",
    ] {
        let page = admin.get(&format!("{home}{query}")).await;
        assert_eq!(page.status, 200);
        for theirs in ["Stran", "Secret", "other.example", "Other"] {
            let shown: Vec<String> = page.find("td, th, .accounts li");
            assert!(
                !shown.iter().any(|text| text.contains(theirs)),
                "{theirs} on {query}"
            );
        }
    }
    let page = admin.get(&format!("{home}?q={stranger}")).await;
    assert!(page.table().is_empty(), "not even by id");
    assert_eq!(admin.get(&home).await.find(".pager .hint"), ["1 of 1"]);
    // The email is taken in the whole installation, and that is all one learns.
    let users = format!("{home}/users");
    let page = admin.get(&format!("{users}/new")).await;
    let typed = [&FIELDS[..4], &[("email", "ger@other.example")]].concat();
    let page = admin.submit(&page, &users, &typed).await;
    assert_eq!(
        page.problems(),
        ["ger@other.example already belongs to a user. Enter a different email."]
    );
}

#[actix_web::test]
async fn positions_of_another_organization_are_not_understood() {
    let app = TestApp::start().await;
    let (acme, other) = (
        app.organization("Acme").await,
        app.organization("Other").await,
    );
    other.crowd(other.account, "Other", 60).await;
    acme.crowd(acme.account, "Acme", 60).await;
    for number in 0..60 {
        other.account(&format!("Branch {number}")).await;
        acme.account(&format!("Branch {number}")).await;
    }
    let theirs = other.org_admin().await;
    let admin = acme.org_admin().await;
    let (home, their_home) = (account(acme.account), account(other.account));
    let list = theirs.get(&their_home).await;
    // Of the two links Next, the panel's comes first.
    let panel = list.link("Next").unwrap().replace(&their_home, &home);
    assert!(panel.contains("accounts_after="), "{panel}");
    assert_eq!(admin.get(&panel).await.status, 400);
    let users = list.last_link("Next").unwrap();
    assert!(users.contains("?after="), "{users}");
    assert_eq!(theirs.get(&users).await.status, 200);
    assert_eq!(
        admin.get(&users.replace(&their_home, &home)).await.status,
        400
    );
}

fn account(id: i64) -> String {
    format!("/security/accounts/{id}")
}

#[actix_web::test]
async fn a_permit_for_ones_own_account_does_not_reach_another() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (mine, theirs) = (
        acme.account("Mine").await.id,
        acme.account("Theirs").await.id,
    );
    let colleague = acme.user(mine, "Col League", "col@acme.example").await;
    let stranger = acme.user(theirs, "Stran Ger", "ger@acme.example").await;
    acme.user_with(mine, "Local Admin", "local@acme.example", (false, true))
        .await;
    // The organization-wide privileges open the section; users stay those of the own account.
    acme.set_role(
        "admin",
        &[
            P::ViewAccounts,
            P::ModifySecurity,
            P::ViewUsersAccount,
            P::EditUsersAccount,
            P::AddUsersAccount,
            P::DeleteUsersAccount,
        ],
    )
    .await;
    acme.set_role("default-user", &[]).await;
    let local = app.signed_in("local@acme.example").await;
    let page = local.get(&account(mine)).await;
    assert_eq!((page.status, page.last_names().len()), (200, 2));
    assert!(page.link("Edit Col League").is_some());

    let start = local.get("/security/accounts").await;
    assert_eq!(
        start.location(),
        account(mine),
        "the tab opens where there is something to see"
    );

    let absent = ask(&local, NOBODY, "/users").await;
    let others = ask(&local, (theirs, stranger, 0), "/users").await;
    assert_eq!(statuses(&others), statuses(&absent));
    assert!(others == absent, "a body differs");
    for (route, status, _) in &absent {
        assert_eq!(*status, 404, "{route}");
    }
    // Accounts may be seen, and so may this one; its users may not.
    let page = local.get(&account(theirs)).await;
    assert_eq!((page.status, page.field("active")), (200, "on".to_owned()));
    assert!(page.table().is_empty());
    assert!(!page.body.contains("Stran"));
    for account_id in [theirs, mine] {
        let change = format!("{stranger}.1.0");
        let path = format!("{}/activations", account(account_id));
        assert_eq!(local.post(&path, &[("change", &change)]).await.status, 404);
        assert_eq!(
            local
                .get(&format!("{path}/new?change={change}"))
                .await
                .status,
            404
        );
    }
    assert_eq!(app.state(stranger).await, (true, 1));
    let change = format!("{colleague}.1.0");
    let path = format!("{}/activations", account(mine));
    assert_eq!(local.post(&path, &[("change", &change)]).await.status, 303);
    assert!(!app.state(colleague).await.0);
}
