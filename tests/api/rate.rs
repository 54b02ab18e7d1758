//! Too many calls of one user are told to wait; others are not.

use crate::caller::Caller;
use crate::support::TestApp;

#[actix_web::test]
async fn each_user_has_a_burst_of_its_own() {
    let app = TestApp::start_with(&["--api-rate", "1", "--api-burst", "3"]).await;
    let acme = app.organization("Acme").await;
    let user = acme.crowd(acme.account, "Plain", 1).await[0];
    let (admin, plain) = (
        Caller::of(&app, acme.admin).await,
        Caller::of(&app, user).await,
    );
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(admin.get("/organizations/me").await);
    }
    assert!(statuses[..3].iter().all(|answer| answer.status == 200));
    let refused = statuses.last().unwrap();
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&wait), "{wait}");
    assert_eq!(
        refused.json["requestId"],
        refused.header("elements-request-id")
    );
    assert_eq!(plain.get("/organizations/me").await.status, 200);
    let page = acme.org_admin().await.get("/profile").await;
    assert_eq!(page.status, 200, "the console is not counted");
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    assert_eq!(admin.get("/organizations/me").await.status, 200);
}
