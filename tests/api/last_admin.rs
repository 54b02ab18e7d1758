//! The last active org admin stays, also when two calls race.

use futures_util::future::join;
use serde_json::json;

use crate::caller::Caller;
use crate::support::TestApp;

#[actix_web::test]
async fn two_org_admins_cannot_remove_each_other_at_once() {
    let app = TestApp::start().await;
    for round in 0..12 {
        let acme = app.organization(&format!("Acme{round}")).await;
        let email = format!("second{round}@acme.example");
        let second = acme
            .user_with(acme.account, "Second Admin", &email, (true, true))
            .await;
        let (one, two) = (
            Caller::of(&app, acme.admin).await,
            Caller::of(&app, second).await,
        );
        let (here, there) = (format!("/users/{second}"), format!("/users/{}", acme.admin));
        let (a, b) = match round % 4 {
            0 => join(one.delete(&here), two.delete(&there)).await,
            1 => {
                let off = json!({"active": false});
                join(one.patch(&here, &off), two.patch(&there, &off)).await
            }
            2 => {
                let roles = json!({"roles": []});
                join(one.patch(&here, &roles), two.patch(&there, &roles)).await
            }
            _ => {
                let (here, there) = (
                    format!("{here}/roles/org-admin"),
                    format!("{there}/roles/org-admin"),
                );
                join(one.delete(&here), two.delete(&there)).await
            }
        };
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{} {}", a.text, b.text);
        // Whoever is too late is nobody any more, may no more, or would be the last.
        assert!(
            [401, 403, 409].contains(&statuses[1]),
            "{} {}",
            a.text,
            b.text
        );
        let left = if a.status == 200 { one } else { two };
        assert_eq!(left.get("/accounts").await.status, 200, "one is left");
    }
}
