//! A link for a new password works once, for half an hour, and not after anything that makes it somebody else's.

use chrono::TimeDelta;

use crate::support::{Client, Organization, PASSWORD, Smtp, TestApp};

const NEW: &str = "Another-Battery-9";

/// Zoë, in an account that is not the default one, with a link.
struct Stage<'a> {
    app: &'a TestApp,
    smtp: &'a Smtp,
    admin: Client,
    account: i64,
    zoe: i64,
    email: String,
    path: String,
}

impl<'a> Stage<'a> {
    async fn set(app: &'a TestApp, smtp: &'a Smtp, acme: &Organization<'_>, number: usize) -> Self {
        let account = acme.account(&format!("Branch {number}")).await.id;
        let email = format!("zoe{number}@acme.example");
        let zoe = acme.user(account, "Zoë Müller", &email).await;
        app.forget(&email).await;
        Self {
            app,
            smtp,
            admin: acme.org_admin().await,
            account,
            zoe,
            path: smtp.only().path(),
            email,
        }
    }

    async fn works(&self) -> bool {
        let client = self.app.anonymous();
        let page = client.get(&self.path).await;
        let (_, token) = self.path.split_once("token=").unwrap();
        if page.status == 404 {
            assert_eq!(page.heading(), "This link no longer works");
            let fields = [("token", token), ("password", NEW)];
            let page = client.post("/password/new", &fields).await;
            assert_eq!(page.status, 404, "neither does its form");
            return false;
        }
        let answer = client
            .post("/password/new", &[("token", token), ("password", "")])
            .await;
        assert_eq!(answer.status, 422);
        true
    }

    fn user(&self) -> String {
        format!("/security/accounts/{}/users/{}", self.account, self.zoe)
    }

    async fn set_active(&self, active: bool) {
        let page = format!("/security/accounts/{}", self.account);
        let page = self.admin.get(&page).await;
        let page = self
            .admin
            .update_active(&page, &[("Zoë Müller", active)])
            .await;
        if !active {
            let path = format!("/security/accounts/{}/activations", self.account);
            self.admin.submit(&page, &path, &[]).await;
        }
        assert_eq!(self.app.state(self.zoe).await.0, active);
    }

    async fn edit(&self, changes: &[(&str, &str)]) {
        let form = self.admin.get(&format!("{}/edit", self.user())).await;
        let page = self.admin.submit(&form, &self.user(), changes).await;
        assert!(page.notice().ends_with("was saved."), "{}", page.text());
    }

    async fn fail(&self, times: usize) {
        for _ in 0..times {
            let client = self.app.anonymous();
            assert_eq!(client.sign_in(&self.email, "wrong").await.status, 422);
        }
    }
}

async fn start() -> (Smtp, TestApp) {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    (smtp, app)
}

#[actix_web::test]
async fn other_changes_leave_it_good() {
    let (smtp, app) = start().await;
    let acme = app.organization("Acme").await;
    let stage = Stage::set(&app, &smtp, &acme, 0).await;
    stage.edit(&[("first_name", "Zora")]).await;
    stage.fail(4).await;
    let other = app.signed_in(&stage.email).await;
    other.post("/logout", &[]).await;
    assert!(stage.works().await);
    app.advance(TimeDelta::seconds(30 * 60 - 5));
    assert!(stage.works().await);
    app.advance(TimeDelta::seconds(5));
    assert!(!stage.works().await, "it has run out");
}

#[actix_web::test]
async fn a_newer_one_voids_it() {
    let (smtp, app) = start().await;
    let acme = app.organization("Acme").await;
    let stage = Stage::set(&app, &smtp, &acme, 0).await;
    app.advance(TimeDelta::minutes(2));
    app.forget(&stage.email).await;
    assert!(!stage.works().await);
    let path = stage.smtp.only().path();
    assert!(Stage { path, ..stage }.works().await);
}

#[actix_web::test]
async fn a_change_of_email_or_password_voids_it() {
    let (smtp, app) = start().await;
    let acme = app.organization("Acme").await;

    let stage = Stage::set(&app, &smtp, &acme, 0).await;
    stage.edit(&[("email", "other@acme.example")]).await;
    assert!(!stage.works().await, "email, by an administrator");
    stage.edit(&[("email", &stage.email)]).await;
    assert!(!stage.works().await, "and it does not come back");

    let stage = Stage::set(&app, &smtp, &acme, 1).await;
    let zoe = app.signed_in(&stage.email).await;
    let form = zoe.get("/profile").await;
    let fields = [
        ("email", "third@acme.example"),
        ("email_password", PASSWORD),
    ];
    zoe.submit(&form, "/profile", &fields).await;
    assert!(!stage.works().await, "email, by herself");

    let stage = Stage::set(&app, &smtp, &acme, 2).await;
    let zoe = app.signed_in(&stage.email).await;
    let fields = [("present_password", PASSWORD), ("password", NEW)];
    assert_eq!(zoe.post("/profile/password", &fields).await.status, 303);
    assert!(!stage.works().await, "password");
}

#[actix_web::test]
async fn a_change_of_state_voids_it() {
    let (smtp, app) = start().await;
    let acme = app.organization("Acme").await;

    let stage = Stage::set(&app, &smtp, &acme, 0).await;
    stage.set_active(false).await;
    assert!(!stage.works().await, "deactivated");
    stage.set_active(true).await;
    assert!(!stage.works().await, "and activated again");

    let stage = Stage::set(&app, &smtp, &acme, 1).await;
    for active in ["off", "on"] {
        let form = stage.admin.get(&format!("{}/edit", stage.user())).await;
        stage
            .admin
            .submit(&form, &stage.user(), &[("active", active)])
            .await;
    }
    assert_eq!(app.state(stage.zoe).await, (true, 5));
    assert!(!stage.works().await, "the same by Edit");

    let stage = Stage::set(&app, &smtp, &acme, 2).await;
    stage.fail(5).await;
    assert!(!stage.works().await, "locked");
    let unlock = format!("{}/unlock", stage.user());
    assert_eq!(stage.admin.post(&unlock, &[]).await.status, 303);
    assert!(!stage.works().await, "and unlocked");

    let stage = Stage::set(&app, &smtp, &acme, 3).await;
    let account = format!("/security/accounts/{}", stage.account);
    for deed in ["deactivation", "activation"] {
        let path = format!("{account}/{deed}");
        assert_eq!(stage.admin.post(&path, &[]).await.status, 303);
        assert!(!stage.works().await, "{deed} of the account");
    }

    let stage = Stage::set(&app, &smtp, &acme, 4).await;
    let path = format!("{}/deletion", stage.user());
    assert_eq!(stage.admin.post(&path, &[]).await.status, 303);
    assert!(!stage.works().await, "deleted");
}

#[actix_web::test]
async fn whoever_may_not_sign_in_cannot_use_it() {
    use diesel::prelude::*;
    use tenantry::db::schema::{accounts, organizations};
    let (smtp, app) = start().await;
    let acme = app.organization("Acme").await;
    let stage = Stage::set(&app, &smtp, &acme, 0).await;
    let (account, organization) = (stage.account, acme.id);
    // Behind the back of the verbs that void: it is asked again when the link is used.
    app.set_active(stage.zoe, false).await;
    assert!(!stage.works().await, "user");
    app.set_active(stage.zoe, true).await;
    assert!(stage.works().await);
    for (account_active, organization_active) in [(false, true), (true, false), (true, true)] {
        app.change(move |tx| {
            diesel::update(accounts::table.find(account))
                .set(accounts::active.eq(account_active))
                .execute(tx.db())?;
            diesel::update(organizations::table.find(organization))
                .set(organizations::active.eq(organization_active))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
        let expected = account_active && organization_active;
        assert_eq!(stage.works().await, expected, "account or organization");
    }
    app.lock(stage.zoe).await;
    assert!(!stage.works().await, "locked");
}

#[actix_web::test]
async fn of_many_at_once_one_sets_the_password() {
    let (smtp, app) = start().await;
    let acme = app.organization("Acme").await;
    let stage = Stage::set(&app, &smtp, &acme, 0).await;
    let (_, token) = stage.path.split_once("token=").unwrap();
    let posts: Vec<_> = (0..10)
        .map(|number| {
            let (client, token) = (app.anonymous(), token.to_owned());
            actix_web::rt::spawn(async move {
                let password = format!("Battery-Number-{number}");
                let fields = [("token", token.as_str()), ("password", &password)];
                client.post("/password/new", &fields).await.status
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for post in posts {
        statuses.push(post.await.unwrap());
    }
    statuses.sort_unstable();
    let expected: Vec<u16> = std::iter::once(303).chain([404; 9]).collect();
    assert_eq!(statuses, expected);
    let codes = app.codes().await;
    let set = codes
        .iter()
        .filter(|code| *code == "user.password-recovered");
    assert_eq!(set.count(), 1);
    assert!(!stage.works().await);
}

#[actix_web::test]
async fn what_is_no_token_is_a_link_that_does_not_work() {
    let (_smtp, app) = start().await;
    app.organization("Acme").await;
    let client = app.anonymous();
    for token in ["", "x", &"0".repeat(64), "%00", "%FF", &"a".repeat(5000)] {
        let page = client.get(&format!("/password/new?token={token}")).await;
        assert!(
            [400, 404].contains(&page.status),
            "{token}: {}",
            page.status
        );
    }
    let page = client.get("/password/new").await;
    assert_eq!(
        page.link("Ask for a New Link").unwrap(),
        "/password/forgotten"
    );
}
