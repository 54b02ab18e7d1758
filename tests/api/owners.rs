//! What is one's own: others neither see nor change it, administrators see it within reach, and changing it needs the
//! privilege of its kind.

use serde_json::{Value, json};
use tenantry::domain::privilege::Privilege;

use crate::caller::Caller;
use crate::instances::{hourly, polling};
use crate::jobs::every_quarter;
use crate::support::TestApp;

/// Every call about something of one's own; E, F and J stand for an element instance, a formula instance and a job.
const ABOUT: [(&str, &str, Privilege); 15] = [
    ("GET", "/instances/E", Privilege::CreateElementInstances),
    ("PATCH", "/instances/E", Privilege::CreateElementInstances),
    (
        "PUT",
        "/instances/E/enabled",
        Privilege::CreateElementInstances,
    ),
    (
        "DELETE",
        "/instances/E/enabled",
        Privilege::CreateElementInstances,
    ),
    ("DELETE", "/instances/E", Privilege::CreateElementInstances),
    (
        "GET",
        "/formulas/instances/F",
        Privilege::CreateFormulaInstances,
    ),
    (
        "PUT",
        "/formulas/instances/F/active",
        Privilege::CreateFormulaInstances,
    ),
    (
        "DELETE",
        "/formulas/instances/F/active",
        Privilege::CreateFormulaInstances,
    ),
    (
        "DELETE",
        "/formulas/instances/F",
        Privilege::CreateFormulaInstances,
    ),
    ("GET", "/jobs/J", Privilege::ScheduleJobs),
    ("GET", "/jobs/J/history", Privilege::ScheduleJobs),
    ("PUT", "/jobs/J/enable", Privilege::ScheduleJobs),
    ("PUT", "/jobs/J/disable", Privilege::ScheduleJobs),
    ("PATCH", "/jobs/J/reschedule", Privilege::ScheduleJobs),
    ("DELETE", "/jobs/J", Privilege::ScheduleJobs),
];

/// A user's things, as paths name them.
struct Things([String; 3]);

impl Things {
    async fn make(caller: &Caller) -> Self {
        let element = caller.post("/instances", &polling()).await.json["id"].to_string();
        let formula = caller.post("/formulas/instances", &hourly()).await.json["id"].to_string();
        let job = caller.post("/jobs", &every_quarter()).await.json["id"].clone();
        Self([element, formula, job.as_str().unwrap().to_owned()])
    }

    fn path(&self, path: &str) -> String {
        let [element, formula, job] = &self.0;
        path.replace('E', element)
            .replace('F', formula)
            .replace('J', job)
    }
}

fn body() -> Value {
    json!({"name": "Taken", "trigger": {"cron": "0 0 5 * * ?"}})
}

#[actix_web::test]
async fn nobody_else_sees_or_changes_it() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let account = acme.account("Branch").await.id;
    let people = acme.crowd(account, "Person", 2).await;
    let owner = Caller::of(&app, people[0]).await;
    let things = Things::make(&owner).await;
    let seen = async || {
        let mut seen = Vec::new();
        for list in ["/instances", "/formulas/instances", "/jobs"] {
            seen.push(owner.get(list).await.text);
        }
        seen
    };
    let before = seen().await;
    for other in [people[1], acme.admin, birch.admin] {
        let other = Caller::of(&app, other).await;
        for (method, path, _) in ABOUT {
            let path = things.path(path);
            let there = other.call(method, &path, &body()).await;
            assert_eq!(there.status, 404, "{method} {path}");
            let nowhere = Things(["999999", "999998", "999997"].map(str::to_owned));
            let none = other.call(method, &nowhere.path(&path), &body()).await;
            assert_eq!(there.message(), none.message(), "{method} {path}");
        }
    }
    assert_eq!(seen().await, before);
}

#[actix_web::test]
async fn administrators_see_it_without_the_token() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (one, two) = (acme.account("One").await.id, acme.account("Two").await.id);
    let people = [one, one, two];
    let mut ids = Vec::new();
    for (number, account) in people.into_iter().enumerate() {
        let email = format!("person{number}@acme.example");
        ids.push(acme.user(account, "Some Person", &email).await);
    }
    for id in &ids {
        Things::make(&Caller::of(&app, *id).await).await;
    }
    let own_admin = acme
        .user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    let admin = Caller::of(&app, own_admin).await;
    let list = admin.get("/users/person0@acme.example/instances").await;
    let today = app.app.clock.now().date().to_string();
    let expected = json!([
        {
            "id": list.json[0]["id"], "name": "Contacts", "userId": ids[0], "element": {"key": "contacthub"},
            "disabled": false, "tags": ["crm", "sales"], "createdDate": today,
        },
        {
            "id": list.json[1]["id"], "name": "Order to invoice", "userId": ids[0], "formula": {"id": 1204},
            "disabled": false, "tags": [], "createdDate": today,
        },
    ]);
    assert_eq!(list.json, expected);
    let of_account = admin.get(&format!("/accounts/{one}/instances")).await;
    assert_eq!(of_account.each("userId"), [ids[0], ids[0], ids[1], ids[1]]);
    let jobs = admin.get(&format!("/users/{}/jobs", ids[1])).await;
    assert_eq!(jobs.each("kind"), ["polling", "formula", "api"]);
    assert!(!jobs.text.contains("hidden-in-the-register"));
    for path in [
        format!("/users/{}/instances", ids[2]),
        format!("/users/{}/jobs", ids[2]),
        format!("/accounts/{two}/instances"),
    ] {
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
    let org_admin = Caller::of(&app, acme.admin).await;
    let theirs = org_admin.get(&format!("/accounts/{two}/instances")).await;
    assert_eq!(theirs.each("userId"), [ids[2], ids[2]]);
}

#[actix_web::test]
async fn changing_it_needs_the_privilege_of_its_kind() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme.crowd(acme.account, "Person", 1).await[0];
    let caller = Caller::of(&app, user).await;
    let things = Things::make(&caller).await;
    let all = [
        Privilege::CreateElementInstances,
        Privilege::CreateFormulaInstances,
        Privilege::ScheduleJobs,
    ];
    for missing in all {
        let rest: Vec<_> = all.into_iter().filter(|it| *it != missing).collect();
        acme.set_role("org", &rest).await;
        for (method, path, needed) in ABOUT {
            if method == "DELETE" && needed != missing {
                continue;
            }
            let expected = if needed == missing && method != "GET" {
                403
            } else {
                200
            };
            let answer = caller.call(method, &things.path(path), &body()).await;
            assert_eq!(
                answer.status, expected,
                "{method} {path} without {missing:?}"
            );
        }
        for (path, new, needed) in [
            ("/instances", polling(), Privilege::CreateElementInstances),
            (
                "/formulas/instances",
                hourly(),
                Privilege::CreateFormulaInstances,
            ),
            ("/jobs", every_quarter(), Privilege::ScheduleJobs),
        ] {
            let expected = if needed == missing { 403 } else { 200 };
            assert_eq!(caller.post(path, &new).await.status, expected, "{path}");
        }
    }
}

#[actix_web::test]
async fn a_worker_is_an_org_admin_who_may_schedule_jobs() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme.crowd(acme.account, "Person", 1).await[0];
    let (admin, plain) = (
        Caller::of(&app, acme.admin).await,
        Caller::of(&app, user).await,
    );
    let ask = json!({"workerId": "w"});
    let status = async |caller: &Caller| caller.post("/jobs/lease", &ask).await.status;
    assert_eq!((status(&admin).await, status(&plain).await), (200, 403));
    // Whatever a role holds, it does not make its holder an org admin.
    let nearly: Vec<_> = tenantry::domain::privilege::ALL
        .into_iter()
        .filter(|it| *it != Privilege::ConfigureRoles)
        .collect();
    acme.set_role("org", &nearly).await;
    assert_eq!(status(&plain).await, 403);
    for role in ["org", "org-admin", "admin"] {
        let rest: Vec<_> = tenantry::domain::privilege::ALL
            .into_iter()
            .filter(|it| *it != Privilege::ScheduleJobs)
            .collect();
        acme.set_role(role, &rest).await;
    }
    assert_eq!(status(&admin).await, 403);
}

/// Switched on many times at once, an instance has one job, and nobody is answered a fault.
#[actix_web::test]
async fn an_instance_never_has_two_jobs() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let caller = Caller::of(&app, acme.admin).await;
    let made = caller.post("/instances", &polling()).await;
    let enabled = format!("/instances/{}/enabled", made.json["id"]);
    for _ in 0..4 {
        assert_eq!(caller.delete(&enabled).await.status, 200);
        let calls = (0..8).map(|_| {
            let caller = Caller::with(&app, &caller.authorization);
            let enabled = enabled.clone();
            async move { caller.put(&enabled, &json!({})).await.status }
        });
        let statuses = futures_util::future::join_all(calls).await;
        assert_eq!(statuses, [200; 8]);
        assert_eq!(caller.get("/jobs").await.each("kind"), ["polling"]);
    }
}
