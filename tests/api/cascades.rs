//! What becomes of jobs, pollers and formula jobs, held by a worker at that moment, when their owner or their instance
//! goes: on every path the same.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::{Value, json};
use tenantry::db::schema::executions;

use crate::caller::Caller;
use crate::instances::{hourly, polling};
use crate::jobs::every_quarter;
use crate::leases::{lease, report};
use crate::support::user_forms::{open, save, users};
use crate::support::{Client, PASSWORD, TestApp};

/// A user with a job, a poller and a formula job, each run once and held by a worker for the second time.
struct Scene<'a> {
    app: &'a TestApp,
    admin: Client,
    worker: Caller,
    caller: Caller,
    account: i64,
    owner: i64,
    held: Vec<Value>,
    element: i64,
    formula: i64,
}

impl<'a> Scene<'a> {
    async fn set(app: &'a TestApp) -> Self {
        let acme = app.organization("Acme").await;
        let account = acme.account("Branch").await.id;
        let owner = acme.user(account, "Ada Field", "ada@acme.example").await;
        let caller = Caller::of(app, owner).await;
        let element = caller.post("/instances", &polling()).await;
        let formula = caller.post("/formulas/instances", &hourly()).await;
        caller.post("/jobs", &every_quarter()).await;
        app.advance(TimeDelta::hours(1));
        let worker = Caller::of(app, acme.admin).await;
        for job in lease(&worker, "w", 10, 60).await.json.as_array().unwrap() {
            assert_eq!(report(&worker, job, "succeeded").await.status, 200);
        }
        app.advance(TimeDelta::hours(1));
        let held = lease(&worker, "w", 10, 60).await.json;
        assert_eq!(held.as_array().unwrap().len(), 3);
        Self {
            app,
            admin: acme.org_admin().await,
            worker,
            caller,
            account,
            owner,
            held: held.as_array().unwrap().clone(),
            element: element.json["id"].as_i64().unwrap(),
            formula: formula.json["id"].as_i64().unwrap(),
        }
    }

    fn home(&self) -> String {
        format!("/security/accounts/{}", self.account)
    }

    /// Jobs of these kinds are withdrawn, the others go on.
    async fn withdrawn(&self, kinds: &[&str]) {
        for job in &self.held {
            let gone = kinds.contains(&job["kind"].as_str().unwrap());
            let told = report(&self.worker, job, "succeeded").await;
            assert_eq!(told.status, if gone { 410 } else { 200 }, "{job} {told:?}");
            let again = report(&self.worker, job, "succeeded").await;
            assert_eq!(again.status, if gone { 410 } else { 409 }, "{job}");
            if gone {
                assert!(told.message().contains("removed"), "{told:?}");
            }
        }
        self.app.advance(TimeDelta::hours(2));
        let mut leased = lease(&self.worker, "w", 10, 60).await.each("kind");
        leased.retain(|kind| kinds.contains(&kind.as_str().unwrap()));
        assert!(leased.is_empty(), "never leased again: {leased:?}");
    }

    async fn all_withdrawn(&self, instances: i64) {
        self.withdrawn(&["api", "formula", "polling"]).await;
        let (jobs, kept, _) = self.app.holdings(self.owner).await;
        assert_eq!((jobs, kept), (0, instances));
        let owner = self.owner;
        let left: Vec<String> = self
            .app
            .ask(move |db| {
                executions::table
                    .filter(executions::user_id.eq(owner))
                    .select(executions::outcome)
                    .load(db)
            })
            .await;
        assert_eq!(left, ["withdrawn"; 3], "what was reported is forgotten");
    }
}

#[actix_web::test]
async fn deactivation_on_the_page_edit() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let page = open(&scene.admin, scene.account, scene.owner).await;
    let off = [("active", "off")];
    let page = save(&scene.admin, scene.account, scene.owner, &page, &off).await;
    assert_eq!(
        page.notice(),
        "Ada Field was deactivated. 3 jobs were stopped."
    );
    scene.all_withdrawn(2).await;
}

#[actix_web::test]
async fn deactivation_by_the_active_boxes_and_what_comes_back() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let page = scene.admin.get(&scene.home()).await;
    let page = scene
        .admin
        .update_active(&page, &[("Ada Field", false)])
        .await;
    let action = format!("{}/activations", scene.home());
    let page = scene.admin.submit(&page, &action, &[]).await;
    assert!(
        page.notice().contains("3 jobs were stopped"),
        "{}",
        page.notice()
    );
    scene.all_withdrawn(2).await;

    // Two hours later the session from before has ended.
    let admin = app.signed_in("admin@acme.example").await;
    let page = admin.get(&scene.home()).await;
    let page = admin.update_active(&page, &[("Ada Field", true)]).await;
    assert!(page.notice().contains("activated"), "{}", page.notice());
    let caller = &scene.caller;
    assert_eq!(caller.get("/jobs").await.json, json!([]), "not by itself");
    let enabled = format!("/instances/{}/enabled", scene.element);
    assert_eq!(caller.put(&enabled, &json!({})).await.status, 200);
    let active = format!("/formulas/instances/{}/active", scene.formula);
    assert_eq!(caller.put(&active, &json!({})).await.status, 200);
    let kinds = caller.get("/jobs").await.each("kind");
    assert_eq!(kinds, ["polling", "formula"], "but when its owner says so");
}

#[actix_web::test]
async fn deletion_of_the_user() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let path = format!("{}/{}/deletion", users(scene.account), scene.owner);
    let page = scene.admin.get(&format!("{path}/new")).await;
    scene.admin.submit(&page, &path, &[]).await;
    scene.all_withdrawn(0).await;
}

#[actix_web::test]
async fn deactivation_of_the_account() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let path = format!("{}/deactivation", scene.home());
    assert_eq!(scene.admin.post(&path, &[]).await.status, 303);
    scene.all_withdrawn(2).await;
}

#[actix_web::test]
async fn deletion_of_the_account() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let path = format!("{}/deletion", scene.home());
    assert_eq!(
        scene.admin.post(&path, &[("name", "Branch")]).await.status,
        303
    );
    scene.all_withdrawn(0).await;
}

#[actix_web::test]
async fn what_the_owner_stops() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let caller = &scene.caller;
    let element = format!("/instances/{}", scene.element);
    let formula = format!("/formulas/instances/{}", scene.formula);
    assert_eq!(
        caller.delete(&format!("{element}/enabled")).await.status,
        200
    );
    assert_eq!(
        caller.delete(&format!("{formula}/active")).await.status,
        200
    );
    scene.withdrawn(&["polling", "formula"]).await;

    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let caller = &scene.caller;
    let element = format!("/instances/{}", scene.element);
    let formula = format!("/formulas/instances/{}", scene.formula);
    assert_eq!(caller.delete(&element).await.status, 200);
    assert_eq!(caller.delete(&formula).await.status, 200);
    for job in caller.get("/jobs").await.each("id") {
        let path = format!("/jobs/{}", job.as_str().unwrap());
        assert_eq!(caller.delete(&path).await.status, 200);
    }
    scene.all_withdrawn(0).await;
}

/// Whoever comes first, no job is left of somebody who is not active.
#[actix_web::test]
async fn a_job_made_at_the_moment_of_a_deactivation_does_not_outlive_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    for round in 0..8 {
        let email = format!("ada{round}@acme.example");
        let account = acme.account(&format!("Branch {round}")).await.id;
        let owner = acme.user(account, "Ada Field", &email).await;
        let caller = Caller::of(&app, owner).await;
        let jobs = async {
            for _ in 0..6 {
                caller.post("/jobs", &every_quarter()).await;
                caller.post("/instances", &polling()).await;
            }
        };
        let stop = async {
            if round % 2 == 0 {
                let path = format!("/security/accounts/{account}/deactivation");
                assert_eq!(admin.post(&path, &[]).await.status, 303);
            } else {
                let page = open(&admin, account, owner).await;
                save(&admin, account, owner, &page, &[("active", "off")]).await;
            }
        };
        futures_util::future::join(jobs, stop).await;
        let refused = caller.post("/jobs", &every_quarter()).await;
        assert_eq!(refused.status, 401);
        assert_eq!(app.holdings(owner).await.0, 0, "round {round}");
    }
}

/// Deletion never fails by what its users do at that moment, and leaves nothing of it.
#[actix_web::test]
async fn an_account_is_deleted_while_its_users_work_and_sign_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    for round in 0..6 {
        let account = acme.account(&format!("Branch {round}")).await.id;
        acme.crowd(account, &format!("Crowd{round}"), 40).await;
        let email = format!("ada{round}@acme.example");
        let owner = acme.user(account, "Ada Field", &email).await;
        let caller = Caller::of(&app, owner).await;
        let browser = app.anonymous();
        let work = async {
            for _ in 0..6 {
                caller.post("/jobs", &every_quarter()).await;
                caller.post("/instances", &polling()).await;
            }
        };
        let visits = async {
            for _ in 0..4 {
                let page = browser.sign_in(&email, PASSWORD).await;
                assert!(page.status < 500, "{}", page.text());
            }
        };
        let delete = async {
            let gone = admin.delete(&format!("/accounts/{account}")).await;
            assert_eq!(gone.status, 200, "{}", gone.text);
        };
        futures_util::future::join3(work, visits, delete).await;
        assert_eq!(app.holdings(owner).await, (0, 0, 0), "round {round}");
        assert_eq!(caller.post("/jobs", &every_quarter()).await.status, 401);
    }
}

#[actix_web::test]
async fn a_user_is_stopped_and_deleted_while_it_works_and_signs_in() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    for round in 0..6 {
        let email = format!("ada{round}@acme.example");
        let owner = acme.user(acme.account, "Ada Field", &email).await;
        let caller = Caller::of(&app, owner).await;
        let browser = app.anonymous();
        let work = async {
            for _ in 0..4 {
                caller.post("/jobs", &every_quarter()).await;
            }
        };
        let visits = async {
            for _ in 0..4 {
                let page = browser.sign_in(&email, PASSWORD).await;
                assert!(page.status < 500, "{}", page.text());
            }
        };
        let stop = async {
            let path = format!("/users/{owner}");
            for active in [false, true, false] {
                let done = admin.patch(&path, &json!({"active": active})).await;
                assert_eq!(done.status, 200, "{}", done.text);
            }
            assert_eq!(admin.delete(&path).await.status, 200);
        };
        futures_util::future::join3(work, visits, stop).await;
        assert_eq!(app.holdings(owner).await, (0, 0, 0), "round {round}");
    }
}

#[actix_web::test]
async fn every_way_through_the_api() {
    for (method, path, body, kept) in [
        ("PATCH", "/users/U", json!({"active": false}), 2),
        (
            "PATCH",
            "/users/U?permanent=true",
            json!({"active": false}),
            0,
        ),
        ("DELETE", "/users/U", json!({}), 0),
        ("PATCH", "/accounts/A", json!({"active": false}), 2),
        (
            "PATCH",
            "/accounts/A?permanent=true",
            json!({"active": false}),
            0,
        ),
        ("DELETE", "/accounts/A", json!({}), 0),
    ] {
        let app = TestApp::start().await;
        let scene = Scene::set(&app).await;
        let path = path
            .replace('U', &scene.owner.to_string())
            .replace('A', &scene.account.to_string());
        let answer = scene.worker.call(method, &path, &body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
        scene.all_withdrawn(kept).await;
    }
}
