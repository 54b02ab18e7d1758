//! Leases: who gets which job, for how long, and what is made of reports.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::{Value, json};
use tenantry::db::schema::{executions, jobs};

use crate::caller::{Answer, Caller};
use crate::instances::{hourly, polling};
use crate::jobs::every_quarter;
use crate::support::TestApp;

/// Asks for jobs.
pub async fn lease(worker: &Caller, name: &str, max: i64, seconds: i64) -> Answer {
    let ask = json!({"workerId": name, "max": max, "seconds": seconds});
    worker.post("/jobs/lease", &ask).await
}

/// Reports on a job as it was leased.
pub async fn report(worker: &Caller, held: &Value, outcome: &str) -> Answer {
    let path = format!("/jobs/{}/executions", held["id"].as_str().unwrap());
    let told = json!({
        "executionId": held["executionId"],
        "outcome": outcome,
        "message": "312 rows\u{7}\n",
    });
    worker.post(&path, &told).await
}

#[actix_web::test]
async fn a_worker_is_given_what_it_needs_and_reports() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let worker = Caller::of(&app, acme.admin).await;
    let branch = acme.account("Branch").await.id;
    let owner = acme.user(branch, "Ada Field", "ada@acme.example").await;
    let caller = Caller::of(&app, owner).await;
    caller.post("/jobs", &every_quarter()).await;
    let element = caller.post("/instances", &polling()).await.json;
    let formula = caller.post("/formulas/instances", &hourly()).await.json;
    assert_eq!(
        lease(&worker, "w1", 10, 60).await.json,
        json!([]),
        "not due"
    );

    app.advance(TimeDelta::hours(1));
    let now = app.app.clock.now().and_utc().timestamp_millis();
    let answer = lease(&worker, "w1", 10, 60).await;
    let mut held: Vec<Value> = answer.json.as_array().unwrap().clone();
    held.sort_by_key(|job| job["kind"].as_str().unwrap().to_owned());
    let [api, run, poll] = &held[..] else {
        panic!("{answer:?}")
    };
    for job in &held {
        assert_eq!(
            (&job["userId"], &job["accountId"]),
            (&json!(owner), &json!(branch))
        );
        assert!(job["fireTime"].as_i64().unwrap() <= now);
        let until = job["leasedUntil"].as_i64().unwrap();
        assert!((now + 60_000..now + 70_000).contains(&until));
    }
    let sent = json!({
        "method": "POST",
        "uri": "/hubs/finance/rates",
        "headers": {"Authorization": "Bearer hidden-in-the-register", "X-Try": "3"},
        "query": {"all": "true", "base": "EUR"},
        "body": {"pairs": ["USD", "CHF"]},
    });
    assert_eq!(api["request"], sent);
    let asked = json!({
        "id": element["id"], "name": "Contacts", "token": element["token"],
        "element": {"key": "contacthub"},
    });
    assert_eq!(poll["instance"], asked);
    let ran = json!({"id": formula["id"], "name": "Order to invoice", "formula": {"id": 1204}});
    assert_eq!(run["instance"], ran);
    assert_eq!(lease(&worker, "w2", 10, 60).await.json, json!([]), "held");

    let told = report(&worker, api, "failed").await;
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(
        (&told.json["outcome"], &told.json["message"]),
        (&json!("failed"), &json!("312 rows\n"))
    );
    assert_eq!(
        report(&worker, api, "failed").await.status,
        409,
        "only once"
    );
    report(&worker, poll, "succeeded").await;

    let history = format!("/jobs/{}/history", api["id"].as_str().unwrap());
    assert_eq!(caller.get(&history).await.json, json!([told.json]));
    let all = caller.get("/jobs/executions").await;
    assert_eq!(all.json.as_array().unwrap().len(), 3);
    let mut outcomes = all.each("outcome");
    outcomes.sort_by_key(Value::to_string);
    assert_eq!(outcomes, ["failed", "running", "succeeded"]);
    assert_eq!(worker.get(&history).await.status, 404, "not its own");
    assert_eq!(worker.get("/jobs/executions").await.json, json!([]));
    let machine = ["lease", "execution"];
    let codes = app.codes().await;
    assert!(
        !codes
            .iter()
            .any(|code| machine.iter().any(|it| code.contains(it))),
        "{codes:?}"
    );
}

#[actix_web::test]
async fn what_came_due_several_times_is_one_firing() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let worker = Caller::of(&app, acme.admin).await;
    let made = worker.post("/jobs", &every_quarter()).await;
    let job = format!("/jobs/{}", made.json["id"].as_str().unwrap());
    let next = async || {
        worker.get(&job).await.json["trigger"]["nextFireTime"]
            .as_i64()
            .unwrap()
    };
    let first = next().await;
    app.advance(TimeDelta::hours(5));
    let held = lease(&worker, "w1", 10, 60).await.json[0].clone();
    assert_eq!(
        held["fireTime"].as_i64(),
        Some(first),
        "the first that was missed"
    );
    let now = app.app.clock.now().and_utc().timestamp_millis();
    assert!(next().await > now, "the next is to come");
    report(&worker, &held, "succeeded").await;
    assert_eq!(lease(&worker, "w1", 10, 60).await.json, json!([]));
    // What came due while it ran is one more.
    app.advance(TimeDelta::minutes(15));
    let held = lease(&worker, "w1", 10, 3600).await.json[0].clone();
    app.advance(TimeDelta::minutes(50));
    assert_eq!(
        lease(&worker, "w1", 10, 60).await.json,
        json!([]),
        "never at the same time"
    );
    report(&worker, &held, "succeeded").await;
    assert_eq!(
        lease(&worker, "w1", 10, 60)
            .await
            .json
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(lease(&worker, "w1", 10, 60).await.json, json!([]));
}

#[actix_web::test]
async fn a_lease_that_runs_out_is_given_to_another_worker() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let worker = Caller::of(&app, acme.admin).await;
    app.give(acme.admin, 1, 0).await;
    let first = lease(&worker, "w1", 1, 30).await.json[0].clone();
    app.advance(TimeDelta::seconds(29));
    assert_eq!(lease(&worker, "w2", 1, 30).await.json, json!([]));
    app.advance(TimeDelta::seconds(1));
    let second = lease(&worker, "w2", 1, 30).await.json[0].clone();
    assert_eq!(first["id"], second["id"]);
    assert_ne!(first["executionId"], second["executionId"]);
    assert_eq!(first["fireTime"], second["fireTime"], "the same firing");
    let late = report(&worker, &first, "succeeded").await;
    assert_eq!(late.status, 409);
    assert!(late.message().contains("another worker"), "{late:?}");
    // Late, but nobody else has got it.
    app.advance(TimeDelta::seconds(60));
    assert_eq!(report(&worker, &second, "succeeded").await.status, 200);
    let outcomes = worker.get("/jobs/executions").await.each("outcome");
    assert_eq!(outcomes, ["succeeded", "expired"], "the newest first");
}

#[actix_web::test]
async fn only_jobs_that_may_run_are_leased_longest_waiting_first() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let worker = Caller::of(&app, acme.admin).await;
    let owner = acme
        .user(acme.account, "Ada Field", "ada@acme.example")
        .await;
    app.give(owner, 4, 0).await;
    app.give(birch.admin, 1, 0).await;
    app.change(|tx| {
        for (name, seconds) in [("Job 0", 10), ("Job 1", 30), ("Job 2", 20)] {
            let since = tx.now() - TimeDelta::seconds(seconds);
            diesel::update(jobs::table.filter(jobs::name.eq(name)))
                .set(jobs::next_fire_at.eq(since))
                .execute(tx.db())?;
        }
        diesel::update(jobs::table.filter(jobs::name.eq("Job 3")))
            .set(jobs::enabled.eq(false))
            .execute(tx.db())?;
        Ok(())
    })
    .await;
    let held = lease(&worker, "w1", 2, 60).await;
    assert_eq!(held.each("name"), ["Job 1", "Job 2"]);
    // Should a job outlive a deactivation some day, it still does not run.
    app.set_active(owner, false).await;
    assert_eq!(lease(&worker, "w1", 10, 60).await.json, json!([]));
    app.set_active(owner, true).await;
    assert_eq!(lease(&worker, "w1", 10, 60).await.each("name"), ["Job 0"]);
    let theirs = Caller::of(&app, birch.admin).await;
    assert_eq!(
        report(&theirs, &held.json[0], "succeeded").await.status,
        404
    );
    assert_eq!(
        lease(&theirs, "w1", 10, 60)
            .await
            .json
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[actix_web::test]
async fn asking_and_reporting_have_limits() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let worker = Caller::of(&app, acme.admin).await;
    for (key, ask) in [
        ("workerId", json!({})),
        ("workerId", json!({"workerId": "x".repeat(101)})),
        ("max", json!({"workerId": "w", "max": 0})),
        ("max", json!({"workerId": "w", "max": 101})),
        ("max", json!({"workerId": "w", "max": "many"})),
        ("seconds", json!({"workerId": "w", "seconds": 0})),
        ("seconds", json!({"workerId": "w", "seconds": 3601})),
        ("seconds", json!({"workerId": "w", "seconds": i64::MAX})),
    ] {
        let refused = worker.post("/jobs/lease", &ask).await;
        assert_eq!(refused.status, 400, "{ask}");
        assert!(refused.message().starts_with(key), "{}", refused.message());
    }
    app.give(acme.admin, 1, 0).await;
    let held = lease(&worker, "w", 100, 3600).await.json[0].clone();
    let path = format!("/jobs/{}/executions", held["id"].as_str().unwrap());
    let id = &held["executionId"];
    for (status, told) in [
        (400, json!({"executionId": id})),
        (400, json!({"executionId": id, "outcome": "running"})),
        (400, json!({"executionId": 5, "outcome": "failed"})),
        (404, json!({"outcome": "failed"})),
        (404, json!({"executionId": "x", "outcome": "failed"})),
        (404, json!({"executionId": "999999", "outcome": "failed"})),
    ] {
        assert_eq!(worker.post(&path, &told).await.status, status, "{told}");
    }
    let elsewhere = json!({"executionId": id, "outcome": "failed"});
    assert_eq!(
        worker
            .post("/jobs/999999/executions", &elsewhere)
            .await
            .status,
        404
    );
    let long = json!({"executionId": id, "outcome": "failed", "message": "ü".repeat(3000)});
    let told = worker.post(&path, &long).await;
    assert_eq!(told.json["message"].as_str().unwrap().chars().count(), 2000);
}

/// Many workers, each on a connection of its own, take and report until nothing is due.
#[actix_web::test]
async fn two_workers_never_hold_the_same_job() {
    const JOBS: usize = 120;
    const WORKERS: usize = 16;
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let owner = acme
        .user(acme.account, "Ada Field", "ada@acme.example")
        .await;
    app.give(owner, JOBS, 0).await;
    let worker = Caller::of(&app, acme.admin).await;
    let work = (0..WORKERS).map(|number| {
        let worker = Caller::with(&app, &worker.authorization);
        async move {
            let mut seen = Vec::new();
            loop {
                let held = lease(&worker, &format!("w{number}"), 7, 600).await;
                assert_eq!(held.status, 200, "{held:?}");
                let held = held.json.as_array().unwrap().clone();
                if held.is_empty() {
                    return seen;
                }
                for job in held {
                    seen.push(job["id"].as_str().unwrap().to_owned());
                    let told = report(&worker, &job, "succeeded").await;
                    assert_eq!(told.status, 200, "{told:?}");
                }
            }
        }
    });
    let seen: Vec<Vec<String>> = futures_util::future::join_all(work).await;
    let busy = seen.iter().filter(|jobs| !jobs.is_empty()).count();
    assert!(busy > 1, "they did work at the same time");
    let all: Vec<String> = seen.concat();
    let different: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), different.len()), (JOBS, JOBS), "each job once");
    let rows: i64 = app.ask(|db| executions::table.count().get_result(db)).await;
    assert_eq!(rows, i64::try_from(JOBS).unwrap());
}

#[actix_web::test]
async fn executions_are_kept_for_thirty_days() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let worker = Caller::of(&app, acme.admin).await;
    app.give(acme.admin, 3, 0).await;
    let held = lease(&worker, "w", 10, 60).await.json;
    for job in held.as_array().unwrap() {
        report(&worker, job, "succeeded").await;
    }
    app.advance(TimeDelta::days(29));
    lease(&worker, "w", 1, 60).await;
    let trim = async || tenantry::upkeep::trim_executions(&app.app).await.unwrap();
    assert_eq!(trim().await, 0);
    app.advance(TimeDelta::days(2));
    assert_eq!(trim().await, 3);
    assert_eq!(
        worker.get("/jobs/executions").await.each("outcome"),
        ["running"]
    );
}
