//! A call costs a handful of queries, however much it answers.

use crate::caller::Caller;
use crate::support::TestApp;

const MOST: u64 = 8;

#[actix_web::test]
async fn every_read_takes_at_most_eight_queries_also_when_it_is_full() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    let user = acme.crowd(one, "First", 1).await[0];
    let admin = Caller::of(&app, acme.admin).await;
    let paths = [
        "/accounts".to_owned(),
        format!("/accounts/{one}"),
        format!("/accounts/{one}/roles"),
        format!("/accounts/{one}/users"),
        "/users".to_owned(),
        format!("/users/{user}"),
        format!("/users/{user}/roles"),
        "/organizations/me".to_owned(),
        "/organizations/roles".to_owned(),
        "/audit-logs".to_owned(),
        "/audit-logs/authentication".to_owned(),
        "/instances".to_owned(),
        "/formulas/instances".to_owned(),
        "/jobs".to_owned(),
        "/jobs/executions".to_owned(),
        format!("/users/{}/instances", acme.admin),
        format!("/users/{}/jobs", acme.admin),
        format!("/accounts/{}/instances", acme.account),
    ];
    app.give(acme.admin, 1, 2).await;
    let counts = async || {
        let mut counts = Vec::new();
        for path in &paths {
            let before = app.app.queries();
            assert_eq!(admin.get(path).await.status, 200, "{path}");
            let taken = app.app.queries() - before;
            assert!(taken <= MOST, "{path} takes {taken} queries");
            counts.push((path.clone(), taken));
        }
        counts
    };
    let few = counts().await;
    assert!(
        few.iter().all(|(_, taken)| *taken >= 2),
        "something is counted: {few:?}"
    );
    acme.crowd(one, "Crowd", 300).await;
    app.give(acme.admin, 60, 60).await;
    for number in 0..60 {
        acme.account(&format!("Account {number}")).await;
    }
    assert_eq!(counts().await, few);
}
