//! Two servers on one database are one product: what one of them did holds on the other with the next request.

use chrono::TimeDelta;

use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn signed_in_on_one_used_on_the_other_deactivated_on_the_first_refused_on_the_second() {
    let first = TestApp::start().await;
    let second = first.again(&[]).await;
    let acme = first.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let admin = acme.org_admin().await;

    let zoe = first.signed_in("zoe@acme.example").await.at(&second);
    assert_eq!(zoe.get("/profile").await.status, 200);
    let list = admin
        .get(&format!("/security/accounts/{}", acme.account))
        .await;
    let asked = admin.update_active(&list, &[("Zoë Müller", false)]).await;
    assert_eq!(
        admin.submit(&asked, &asked.activations(), &[]).await.status,
        200
    );
    assert_eq!(zoe.get("/profile").await.status, 303);
    let again = zoe.sign_in("zoe@acme.example", PASSWORD).await;
    assert_eq!(again.status, 422);
}

#[actix_web::test]
async fn a_setting_of_one_acts_on_sessions_of_the_other() {
    let first = TestApp::start().await;
    let second = first.again(&[]).await;
    let acme = first.organization("Acme").await;
    let admin = acme.org_admin().await;
    let elsewhere = admin.at(&second);

    let settings = admin.get("/security/settings").await;
    let done = admin
        .submit(
            &settings,
            "/security/settings/sessions",
            &[("idle_minutes", "5")],
        )
        .await;
    assert_eq!(done.status, 200, "{}", done.text());
    second.advance(TimeDelta::minutes(6));
    assert_eq!(admin.get("/security/settings").await.status, 200);
    let gone = elsewhere.get("/security/settings").await;
    assert_eq!(gone.status, 303, "idle for longer, by the second's clock");
}

#[actix_web::test]
async fn wrong_passwords_on_both_lock_once() {
    let first = TestApp::start().await;
    let second = first.again(&[]).await;
    let acme = first.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    for app in [&first, &second, &first, &second, &first] {
        let answer = app.anonymous().sign_in("zoe@acme.example", "wrong").await;
        assert_eq!(answer.status, 422);
    }
    for app in [&first, &second] {
        let answer = app.anonymous().sign_in("zoe@acme.example", PASSWORD).await;
        assert_eq!(answer.status, 422, "locked on both");
    }
    let codes = first.codes().await;
    let locks = codes.iter().filter(|code| *code == "user.locked");
    assert_eq!(locks.count(), 1);
}
