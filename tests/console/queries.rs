//! A page costs a handful of queries, however much it shows.

use crate::support::{Client, Organization, TestApp};

const MOST: u64 = 8;

/// Every page of the console for an account and one of its users.
fn pages(account: i64, user: i64) -> Vec<String> {
    let home = format!("/security/accounts/{account}");
    let version = 1;
    vec![
        "/login".to_owned(),
        "/password/forgotten".to_owned(),
        "/docs/api".to_owned(),
        "/password/new?token=none".to_owned(),
        "/profile".to_owned(),
        "/profile/secrets/organization".to_owned(),
        "/profile/secrets/user".to_owned(),
        "/profile/secrets/user/reset/new".to_owned(),
        "/security".to_owned(),
        "/security/accounts".to_owned(),
        "/security/accounts/new".to_owned(),
        home.clone(),
        format!("{home}?q=crowd&status=active&role=none&sort=last&dir=desc"),
        format!("{home}?accounts=branch"),
        format!("{home}/users/new"),
        format!("{home}/users/{user}/edit"),
        format!("{home}/users/{user}/deletion/new"),
        format!("{home}/activations/new?change={user}.{version}.0"),
        format!("{home}/deactivation/new"),
        format!("{home}/deletion/new"),
        "/activity".to_owned(),
        "/activity?from=2020-01-01&to=2099-12-31&event=user.created&q=a&person=dana".to_owned(),
        format!("/activity?person={user}&account={account}"),
        format!("/activity?person={user}&account={account}&q=crowd"),
        "/nowhere".to_owned(),
        "/static/nothing".to_owned(),
    ]
}

async fn count(app: &TestApp, client: &Client, path: &str) -> (u16, u64) {
    let before = app.app.queries();
    let page = client.get(path).await;
    (page.status, app.app.queries() - before)
}

async fn counts(app: &TestApp, admin: &Client, account: i64, user: i64) -> Vec<(String, u64)> {
    let mut counted = Vec::new();
    for path in pages(account, user) {
        let (status, queries) = count(app, admin, &path).await;
        assert!(status < 500, "{path}");
        assert!(queries <= MOST, "{path} takes {queries} queries");
        let name = path
            .replace(&account.to_string(), "A")
            .replace(&user.to_string(), "U");
        counted.push((name, queries));
    }
    counted
}

async fn one_of<'a>(acme: &Organization<'a>, name: &str) -> (i64, i64) {
    let account = acme.account(name).await.id;
    (account, acme.crowd(account, name, 1).await[0])
}

#[actix_web::test]
async fn every_page_takes_at_most_eight_queries_also_when_it_is_full() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (account, user) = one_of(&acme, "Crowd1").await;
    let admin = acme.org_admin().await;
    let few = counts(&app, &admin, account, user).await;
    assert!(
        few.iter().any(|(_, queries)| *queries > 4),
        "something is counted: {few:?}"
    );

    acme.crowd(account, "Crowd2", 120).await;
    app.give(user, 50, 50).await;
    for number in 0..120 {
        acme.account(&format!("Branch {number}")).await;
    }
    for _ in 0..20 {
        acme.org_admin().await;
    }
    let many = counts(&app, &admin, account, user).await;
    assert_eq!(many, few, "as many for one row as for fifty");
}

#[actix_web::test]
async fn a_search_in_a_large_account_beside_one_of_accounts_takes_no_more() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (account, _) = one_of(&acme, "Branch").await;
    acme.crowd(account, "Crowd", 500).await;
    acme.crowd(account, "Further", 700).await;
    let admin = acme.org_admin().await;
    for q in ["crowd", "first", "crowd 10", "1099@crowd", "11", "zzz"] {
        for rest in ["", "sort=last", "dir=desc", "status=active&sort=last"] {
            let path = format!("/security/accounts/{account}?accounts=branch&q={q}&{rest}");
            let path = path.replace(' ', "%20");
            let (status, queries) = count(&app, &admin, &path).await;
            assert_eq!(status, 200, "{path}");
            assert!(queries <= MOST, "{path} takes {queries} queries");
        }
    }
}

#[actix_web::test]
async fn many_changes_are_confirmed_with_as_many_queries_as_one() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 50).await;
    let admin = acme.org_admin().await;
    let path = |ids: &[i64]| {
        let changes: Vec<_> = ids.iter().map(|id| format!("change={id}.1.0")).collect();
        format!(
            "/security/accounts/{}/activations/new?{}",
            acme.account,
            changes.join("&")
        )
    };
    let one = count(&app, &admin, &path(&crowd[..1])).await;
    assert_eq!(one.0, 200);
    assert_eq!(count(&app, &admin, &path(&crowd)).await, one);
}

#[actix_web::test]
async fn files_take_no_query_and_strangers_only_few() {
    let app = TestApp::start().await;
    app.organization("Acme").await;
    let client = app.anonymous();
    let page = client.get("/login").await;
    let style = page.find_attr("link[rel=stylesheet]", "href");
    assert_eq!(count(&app, &client, &style).await, (200, 0));
    assert_eq!(count(&app, &client, "/security/accounts/1").await, (303, 0));
    assert_eq!(count(&app, &client, "/login").await, (200, 1));
    assert_eq!(count(&app, &client, "/docs/api").await, (200, 0));
}
