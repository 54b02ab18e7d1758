//! The secrets of the profile menu: read after one's own password, for five minutes, in one session; and replaced.

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::{organizations, users};

use crate::support::{Client, PASSWORD, Page, TestApp};

const OWN: &str = "/profile/secrets/user";
const ORGANIZATION: &str = "/profile/secrets/organization";
const RESET: &str = "/profile/secrets/user/reset";

async fn enter(client: &Client, path: &str, password: &str) -> Page {
    let page = client.get(path).await;
    let typed = [("present_password", password)];
    client.submit(&page, path, &typed).await
}

/// The secret that a page shows, if it does.
fn secret(page: &Page) -> Option<String> {
    page.find("code").pop()
}

/// The kept digest and the sealed text of a user's secret.
async fn kept(app: &TestApp, user: i64) -> (String, String) {
    app.ask(move |db| {
        users::table
            .find(user)
            .select((users::secret_digest, users::secret_sealed))
            .first(db)
    })
    .await
}

#[actix_web::test]
async fn both_are_read_after_the_password() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let menu = admin.get("/profile").await;
    let link = |name| menu.link(name).unwrap();
    assert_eq!(
        [link("Organization Secret"), link("User Secret")],
        [ORGANIZATION, OWN]
    );
    let asked = admin.get(OWN).await;
    assert_eq!(
        (asked.heading().as_str(), secret(&asked)),
        ("User Secret", None)
    );

    let own = secret(&enter(&admin, OWN, PASSWORD).await).unwrap();
    let (digest, sealed) = kept(&app, acme.admin).await;
    assert_eq!(digest, app.app.keys.digest("user-secret", &own));
    assert!(!sealed.contains(&own), "sealed at rest");
    let page = admin.get(ORGANIZATION).await;
    let of_organization = secret(&page).unwrap();
    let id = acme.id;
    let (digest, sealed): (String, String) = app
        .ask(move |db| {
            organizations::table
                .find(id)
                .select((organizations::secret_digest, organizations::secret_sealed))
                .first(db)
        })
        .await;
    assert_eq!(
        digest,
        app.app.keys.digest("organization-secret", &of_organization)
    );
    assert!(!sealed.contains(&of_organization), "sealed at rest");
    for path in [
        "/profile",
        "/security/settings",
        "/security/accounts/new",
        &format!("{RESET}/new"),
    ] {
        let page = admin.get(path).await;
        assert_eq!(page.status, 200);
        assert!(
            !page.body.contains(&own) && !page.body.contains(&of_organization),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn five_minutes_later_the_password_is_asked_for_again() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    enter(&admin, OWN, PASSWORD).await;
    app.advance(TimeDelta::seconds(299));
    assert!(secret(&admin.get(OWN).await).is_some());
    app.advance(TimeDelta::seconds(1));
    for path in [OWN, ORGANIZATION] {
        let page = admin.get(path).await;
        assert_eq!((page.status, secret(&page)), (200, None), "{path}");
    }
    assert!(secret(&enter(&admin, OWN, PASSWORD).await).is_some());
}

#[actix_web::test]
async fn it_opens_in_one_session_only() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let (here, there) = (acme.org_admin().await, acme.org_admin().await);
    let zoe = app.signed_in("zoe@acme.example").await;
    let shown = secret(&enter(&here, OWN, PASSWORD).await);
    assert!(shown.is_some());
    assert_eq!(secret(&there.get(OWN).await), None);
    assert_eq!(secret(&zoe.get(OWN).await), None);
    let others = secret(&enter(&zoe, OWN, PASSWORD).await);
    assert!(others.is_some() && others != shown, "everybody their own");

    here.post("/logout", &[]).await;
    here.sign_in(&acme.admin_email, PASSWORD).await;
    assert_eq!(secret(&here.get(OWN).await), None, "another session");
}

#[actix_web::test]
async fn only_who_could_replace_it_reads_the_secret_of_the_organization() {
    use tenantry::domain::privilege::Privilege;
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    acme.user_with(branch, "Own Admin", "own@acme.example", (false, true))
        .await;
    let client = app.signed_in("own@acme.example").await;
    let page = enter(&client, OWN, PASSWORD).await;
    assert!(secret(&page).is_some());
    assert_eq!(page.link("Organization Secret"), None);
    let fields = [("present_password", PASSWORD)];
    for page in [
        client.get(ORGANIZATION).await,
        client.post(ORGANIZATION, &fields).await,
    ] {
        assert_eq!((page.status, secret(&page)), (403, None));
    }
    acme.set_role("admin", &[Privilege::ModifySecurity]).await;
    assert!(secret(&client.get(ORGANIZATION).await).is_some());
}

#[actix_web::test]
async fn wrong_passwords_count_and_none_at_all_does_not() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let zoe = app.signed_in("zoe@acme.example").await;
    for _ in 0..9 {
        for path in [OWN, RESET, "/profile/password"] {
            let refused = zoe.post(path, &[("present_password", "")]).await;
            assert_eq!(
                refused.error("present_password"),
                "Enter your present password."
            );
        }
    }
    let wrong = async |path: &str| {
        let refused = zoe
            .post(path, &[("present_password", "Wrong-Horse-7")])
            .await;
        assert_eq!(
            (
                refused.status,
                refused.error("present_password").as_str(),
                secret(&refused)
            ),
            (
                422,
                "This is not your present password. Enter it again.",
                None
            )
        );
    };
    for _ in 0..4 {
        wrong(OWN).await;
    }
    assert!(
        secret(&enter(&zoe, OWN, PASSWORD).await).is_some(),
        "four are forgiven"
    );
    for path in [OWN, RESET, "/profile/password", OWN] {
        wrong(path).await;
    }
    assert_eq!(zoe.get("/profile").await.status, 200, "four again");
    wrong(RESET).await;
    assert_eq!(
        zoe.get(OWN).await.location(),
        "/login?next=%2Fprofile%2Fsecrets%2Fuser"
    );
    let locked = app.anonymous().sign_in("zoe@acme.example", PASSWORD).await;
    assert_eq!(locked.status, 422);
}

#[actix_web::test]
async fn many_guesses_at_once_are_counted_exactly_and_a_right_one_comes_too_late() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let zoe = app.signed_in("zoe@acme.example").await;
    let guess = |password: &'static str| {
        let zoe = zoe.clone();
        actix_web::rt::spawn(async move {
            zoe.post(OWN, &[("present_password", password)])
                .await
                .status
        })
    };
    let mut guesses: Vec<_> = (0..20).map(|_| guess("wrong")).collect();
    guesses.push(guess(PASSWORD));
    for guess in guesses {
        let status = guess.await.unwrap();
        assert!(matches!(status, 303 | 422), "{status}");
    }
    let codes = app.codes().await;
    let count = |code: &str| codes.iter().filter(|it| *it == code).count();
    // A right one that came in time began a new row; then what is left of the twenty is enough to lock, too.
    assert!(count("user.locked") >= 1, "{codes:?}");
    assert_eq!(zoe.get(OWN).await.status, 303, "the session has ended");
}

#[actix_web::test]
async fn a_reset_asks_for_the_password_and_replaces_at_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let before = secret(&enter(&admin, OWN, PASSWORD).await).unwrap();
    let asked = admin
        .get(
            &admin
                .get("/profile")
                .await
                .link("Reset User Secret")
                .unwrap(),
        )
        .await;
    assert_eq!(asked.heading(), "Reset your user secret?");
    let refused = admin.submit(&asked, RESET, &[]).await;
    assert_eq!(
        refused.error("present_password"),
        "Enter your present password."
    );
    assert_eq!(
        kept(&app, acme.admin).await.0,
        app.app.keys.digest("user-secret", &before)
    );

    let page = admin
        .submit(&asked, RESET, &[("present_password", PASSWORD)])
        .await;
    assert!(page.notice().starts_with("Your user secret was reset."));
    let after = secret(&page).unwrap();
    assert_eq!(after.len(), 44);
    assert_ne!(after, before);
    assert_eq!(
        kept(&app, acme.admin).await.0,
        app.app.keys.digest("user-secret", &after)
    );
    let old = app.app.keys.digest("user-secret", &before);
    let found: i64 = app
        .ask(move |db| {
            users::table
                .filter(users::secret_digest.eq(old))
                .count()
                .get_result(db)
        })
        .await;
    assert_eq!(found, 0, "the old one finds nobody");
}
