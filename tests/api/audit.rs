//! Every changing route writes exactly its events, through the API, and never anything secret.

use diesel::prelude::*;
use serde_json::json;
use tenantry::api::routes;
use tenantry::db::schema::{audit_events as events, users};

use crate::caller::{Caller, secrets};
use crate::support::{PASSWORD, TestApp};

type Event = (String, String, String, String);

/// Follows the trail: what each route wrote since the last look.
struct Trail<'a> {
    app: &'a TestApp,
    seen: usize,
    routes: Vec<(&'static str, &'static str)>,
}

impl Trail<'_> {
    /// The route wrote exactly these events: code, name of the target, details.
    async fn wrote(
        &mut self,
        method: &'static str,
        path: &'static str,
        expected: &[(&str, &str, &str)],
    ) {
        let all: Vec<Event> = self.app.events().await;
        let fresh: Vec<_> = all[self.seen..]
            .iter()
            .map(|(code, target, outcome, details)| {
                let refused = code.ends_with("-refused");
                assert_eq!(outcome, if refused { "refused" } else { "done" }, "{code}");
                (code.as_str(), target.as_str(), details.as_str())
            })
            .collect();
        assert_eq!(fresh, expected, "{method} {path}");
        self.seen = all.len();
        self.routes.push((method, path));
    }
}

#[actix_web::test]
async fn every_changing_route_writes_its_events_and_nothing_secret() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = Caller::of(&app, acme.admin).await;
    let mut trail = Trail {
        app: &app,
        seen: app.events().await.len(),
        routes: Vec::new(),
    };
    let one = accounts(&acme, &admin, &mut trail).await;
    let told = users_of(one, &admin, &mut trail).await;
    roles(one, &admin, &mut trail).await;
    removals(one, &admin, &mut trail).await;
    work(&app, &admin, &mut trail).await;
    let mut admin = organization(&acme, &admin, &mut trail).await;
    authentication(&acme, &mut admin, &mut trail).await;

    for route in routes() {
        let row = (route.method.to_string(), route.path);
        let has_line = trail
            .routes
            .iter()
            .any(|(method, path)| *method == row.0 && *path == row.1);
        assert!(
            route.method == "GET" || has_line,
            "{} {} has no line here",
            row.0,
            row.1
        );
    }
    nothing_secret(&app, &told).await;
}

async fn accounts(
    acme: &crate::support::Organization<'_>,
    admin: &Caller,
    trail: &mut Trail<'_>,
) -> i64 {
    admin.post("/accounts", &json!({})).await;
    let made = admin.post("/accounts", &json!({"externalId": "One"})).await;
    let one = made.json["id"].as_i64().unwrap();
    trail
        .wrote("POST", "/accounts", &[("account.created", "One", "{}")])
        .await;
    let base = format!("/organizations/{}/accounts", acme.id);
    let two = admin.post(&base, &json!({"externalId": "Two"})).await.json["id"]
        .as_i64()
        .unwrap();
    let row = ("account.created", "Two", "{}");
    trail
        .wrote("POST", "/organizations/{organization}/accounts", &[row])
        .await;
    let path = format!("/accounts/{one}");
    admin.patch(&path, &json!({})).await;
    admin
        .patch(&path, &json!({"name": "Uno", "externalId": "one"}))
        .await;
    let details =
        r#"{"externalId":{"before":"One","after":"one"},"name":{"before":"One","after":"Uno"}}"#;
    trail
        .wrote(
            "PATCH",
            "/accounts/{account}",
            &[("account.updated", "Uno", details)],
        )
        .await;
    admin.put(&path, &json!({"active": false})).await;
    admin.put(&path, &json!({"active": true})).await;
    admin.put(&path, &json!({"active": true})).await;
    let counted = r#"{"jobsStopped":{"after":"0"},"users":{"after":"0"}}"#;
    let rows = [
        ("account.deactivated", "Uno", counted),
        ("account.activated", "Uno", "{}"),
    ];
    trail.wrote("PUT", "/accounts/{account}", &rows).await;
    let nothing = json!({});
    admin.put(&format!("{path}/roles/admin"), &nothing).await;
    admin.put(&format!("{path}/roles/admin"), &nothing).await;
    let given = r#"{"accountAdmin":{"before":"false","after":"true"}}"#;
    trail
        .wrote(
            "PUT",
            "/accounts/{account}/roles/{role}",
            &[("account.updated", "Uno", given)],
        )
        .await;
    admin.delete(&format!("{path}/roles/admin")).await;
    admin.delete(&format!("{path}/roles/admin")).await;
    let taken = r#"{"accountAdmin":{"before":"true","after":"false"}}"#;
    trail
        .wrote(
            "DELETE",
            "/accounts/{account}/roles/{role}",
            &[("account.updated", "Uno", taken)],
        )
        .await;
    admin.delete(&format!("/accounts/{two}")).await;
    let lost = r#"{"instances":{"after":"0"},"jobs":{"after":"0"},"users":{"after":"0"}}"#;
    trail
        .wrote(
            "DELETE",
            "/accounts/{account}",
            &[("account.deleted", "Two", lost)],
        )
        .await;
    one
}

async fn users_of(one: i64, admin: &Caller, trail: &mut Trail<'_>) -> Vec<String> {
    let users = format!("/accounts/{one}/users");
    let max = json!({"firstName": "Max", "lastName": "Muster", "email": "max@acme.example", "password": PASSWORD, "city": "Bern"});
    admin
        .post(&users, &json!({"password": "Typed-By-Mistake-1"}))
        .await;
    let made = admin.post(&users, &max).await;
    let added = r#"{"accountAdmin":{"after":"false"},"city":{"before":"","after":"Bern"},"email":{"after":"max@acme.example"},"orgAdmin":{"after":"false"}}"#;
    trail
        .wrote(
            "POST",
            "/accounts/{account}/users",
            &[("user.created", "Max Muster", added)],
        )
        .await;
    let mut told = vec![made.json["secret"].as_str().unwrap().to_owned()];
    let id = &made.json["id"];
    let inner = format!("{users}/{id}");
    admin.patch(&inner, &json!({})).await;
    admin
        .patch(
            &inner,
            &json!({"lastName": "Meier", "city": null, "phone": "1"}),
        )
        .await;
    let details = r#"{"city":{"before":"Bern","after":""},"lastName":{"before":"Muster","after":"Meier"},"phone":{"before":"","after":"1"}}"#;
    trail
        .wrote(
            "PATCH",
            "/accounts/{account}/users/{user}",
            &[("user.updated", "Max Meier", details)],
        )
        .await;
    let whole = json!({"firstName": "Max", "lastName": "Meier", "email": "max@acme.example", "roles": [{"key": "admin"}]});
    admin.put(&inner, &whole).await;
    let details =
        r#"{"accountAdmin":{"before":"false","after":"true"},"phone":{"before":"1","after":""}}"#;
    trail
        .wrote(
            "PUT",
            "/accounts/{account}/users/{user}",
            &[("user.updated", "Max Meier", details)],
        )
        .await;
    let path = format!("/users/{id}");
    admin
        .put(
            &path,
            &json!({"firstName": "Max", "lastName": "Muster", "email": "max@acme.example"}),
        )
        .await;
    let details = r#"{"lastName":{"before":"Meier","after":"Muster"}}"#;
    trail
        .wrote(
            "PUT",
            "/users/{user}",
            &[("user.updated", "Max Muster", details)],
        )
        .await;
    admin.patch(&path, &json!({"password": "weak"})).await;
    admin
        .patch(&path, &json!({"password": "Another-Battery-9"}))
        .await;
    let ended = r#"{"sessionsEnded":{"after":"0"}}"#;
    trail
        .wrote(
            "PATCH",
            "/users/{user}",
            &[("user.password-set", "Max Muster", ended)],
        )
        .await;
    let user: i64 = id.as_i64().unwrap();
    trail.app.give(user, 2, 1).await;
    let organization = format!("/organizations{path}?permanent=true");
    admin.patch(&organization, &json!({"active": false})).await;
    admin.patch(&organization, &json!({"active": true})).await;
    let removed = r#"{"instancesRemoved":{"after":"1"},"jobsStopped":{"after":"2"}}"#;
    let rows = [
        ("user.deactivated", "Max Muster", removed),
        ("user.activated", "Max Muster", "{}"),
    ];
    trail
        .wrote("PATCH", "/organizations/users/{user}", &rows)
        .await;
    let fresh = admin.post(&format!("{path}/secret"), &json!({})).await;
    told.push(fresh.json["secret"].as_str().unwrap().to_owned());
    trail
        .wrote(
            "POST",
            "/users/{user}/secret",
            &[("user.secret-reset", "Max Muster", "{}")],
        )
        .await;
    trail.app.lock(user).await;
    admin.post(&format!("{path}/unlock"), &json!({})).await;
    admin.post(&format!("{path}/unlock"), &json!({})).await;
    trail
        .wrote(
            "POST",
            "/users/{user}/unlock",
            &[("user.unlocked", "Max Muster", "{}")],
        )
        .await;
    trail
        .app
        .change(move |tx| {
            diesel::update(users::table.find(user))
                .set(users::totp_since.eq(tx.now()))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
    for _ in 0..2 {
        let reset = format!("{path}/two-factor/reset");
        admin.post(&reset, &json!({})).await;
    }
    let ended = r#"{"sessionsEnded":{"after":"0"}}"#;
    trail
        .wrote(
            "POST",
            "/users/{user}/two-factor/reset",
            &[("user.two-factor-reset", "Max Muster", ended)],
        )
        .await;
    let ask = async |password: &str| {
        let request = admin
            .request("GET", &path)
            .header("elements-user-password", password);
        admin.send(request).await.status
    };
    assert_eq!(ask("Typed-By-Mistake-2").await, 401);
    assert_eq!(ask("Another-Battery-9").await, 403, "somebody else set it");
    trail.app.set_expired(user, false).await;
    assert_eq!(ask("Another-Battery-9").await, 200);
    let expired = r#"{"reason":{"after":"password"}}"#;
    let rows = [
        ("user.password-refused", "Max Muster", "{}"),
        ("user.password-accepted", "Max Muster", expired),
        ("secret.revealed", "Max Muster", "{}"),
    ];
    trail.wrote("GET", "/users/{user}", &rows).await;
    told
}

async fn roles(one: i64, admin: &Caller, trail: &mut Trail<'_>) {
    let path = format!("/accounts/{one}/users/max@acme.example");
    let id = admin.get(&path).await.json["id"].clone();
    let role = format!("/users/{id}/roles/admin");
    admin.delete(&role).await;
    admin.delete(&role).await;
    let taken = r#"{"accountAdmin":{"before":"true","after":"false"}}"#;
    trail
        .wrote(
            "DELETE",
            "/users/{user}/roles/{role}",
            &[("user.updated", "Max Muster", taken)],
        )
        .await;
    admin.put(&role, &json!({})).await;
    admin.put(&role, &json!({})).await;
    let given = r#"{"accountAdmin":{"before":"false","after":"true"}}"#;
    trail
        .wrote(
            "PUT",
            "/users/{user}/roles/{role}",
            &[("user.updated", "Max Muster", given)],
        )
        .await;
}

async fn removals(one: i64, admin: &Caller, trail: &mut Trail<'_>) {
    let gone = |email: &str| {
        format!(
            r#"{{"email":{{"after":"{email}"}},"instances":{{"after":"0"}},"jobs":{{"after":"0"}}}}"#
        )
    };
    let inner = format!("/accounts/{one}/users/max@acme.example");
    admin.delete(&inner).await;
    admin.delete(&inner).await;
    let details = gone("max@acme.example");
    trail
        .wrote(
            "DELETE",
            "/accounts/{account}/users/{user}",
            &[("user.deleted", "Max Muster", &details)],
        )
        .await;
    let eva = json!({"firstName": "Eva", "lastName": "Muster", "email": "eva@acme.example"});
    let added = r#"{"accountAdmin":{"after":"false"},"email":{"after":"eva@acme.example"},"orgAdmin":{"after":"false"}}"#;
    let details = gone("eva@acme.example");
    let deleted = [("user.deleted", "Eva Muster", details.as_str())];
    admin.post("/organizations/users", &eva).await;
    trail
        .wrote(
            "POST",
            "/organizations/users",
            &[("user.created", "Eva Muster", added)],
        )
        .await;
    admin.delete("/users/eva@acme.example").await;
    trail.wrote("DELETE", "/users/{user}", &deleted).await;
    admin.post("/organizations/users", &eva).await;
    trail.seen += 1;
    admin.delete("/organizations/users/eva@acme.example").await;
    trail
        .wrote("DELETE", "/organizations/users/{user}", &deleted)
        .await;
}

async fn organization(
    acme: &crate::support::Organization<'_>,
    admin: &Caller,
    trail: &mut Trail<'_>,
) -> Caller {
    admin.put("/organizations/me", &json!({"name": ""})).await;
    admin
        .put("/organizations/me", &json!({"name": "Acme Ltd"}))
        .await;
    admin
        .put("/organizations/me", &json!({"name": "Acme Ltd"}))
        .await;
    let details = r#"{"name":{"before":"Acme","after":"Acme Ltd"}}"#;
    trail
        .wrote(
            "PUT",
            "/organizations/me",
            &[("organization.updated", "Acme", details)],
        )
        .await;
    admin.get("/organizations/me").await;
    let row = ("secret.revealed", "Acme Ltd", "{}");
    trail.wrote("GET", "/organizations/me", &[row]).await;
    let policy = "/organizations/password-policies";
    let mut body = admin.get(policy).await.json;
    body["expirationDays"] = json!(30);
    admin.put(policy, &body).await;
    let details = r#"{"expirationDays":{"before":"0","after":"30"}}"#;
    trail
        .wrote(
            "PUT",
            policy,
            &[("organization.policy-updated", "Acme Ltd", details)],
        )
        .await;
    admin.delete(policy).await;
    admin.delete(policy).await;
    let details = r#"{"expirationDays":{"before":"30","after":"0"}}"#;
    trail
        .wrote(
            "DELETE",
            policy,
            &[("organization.policy-updated", "Acme Ltd", details)],
        )
        .await;
    let path = "/organizations/roles";
    admin
        .put(path, &json!([{"key": "org", "privileges": []}]))
        .await;
    let all = "createElementInstances createFormulaInstances scheduleJobs";
    let taken = format!(r#"{{"privileges":{{"before":"{all}","after":""}}}}"#);
    let given = format!(r#"{{"privileges":{{"before":"","after":"{all}"}}}}"#);
    trail
        .wrote(
            "PUT",
            path,
            &[("role.updated", "Organization User", &taken)],
        )
        .await;
    admin.put(&format!("{path}/reset"), &json!({})).await;
    trail
        .wrote(
            "PUT",
            "/organizations/roles/reset",
            &[("role.updated", "Organization User", &given)],
        )
        .await;
    let id = admin.get(path).await.json[2]["id"].clone();
    admin
        .put(&format!("{path}/{id}"), &json!({"privileges": []}))
        .await;
    trail
        .wrote(
            "PUT",
            "/organizations/roles/{id}",
            &[("role.updated", "Organization User", &taken)],
        )
        .await;
    admin.post("/organizations/me/secret", &json!({})).await;
    let row = ("organization.secret-reset", "Acme Ltd", "{}");
    trail
        .wrote("POST", "/organizations/me/secret", &[row])
        .await;
    Caller::of(trail.app, acme.admin).await
}

async fn authentication(
    acme: &crate::support::Organization<'_>,
    admin: &mut Caller,
    trail: &mut Trail<'_>,
) {
    let me = "Dana Whitfield";
    let nobody = Caller::with(trail.app, "");
    for password in ["Typed-By-Mistake-3", PASSWORD] {
        let body = json!({"username": acme.admin_email, "password": password});
        nobody.post("/authentication", &body).await;
    }
    let wrong = r#"{"reason":{"after":"password"}}"#;
    let rows = [
        ("user.sign-in-refused", me, wrong),
        ("user.signed-in", me, "{}"),
    ];
    trail.wrote("POST", "/authentication", &rows).await;
    admin.get("/authentication/secrets").await;
    trail
        .wrote(
            "GET",
            "/authentication/secrets",
            &[("secret.revealed", me, "{}")],
        )
        .await;
    for old in ["Typed-By-Mistake-4", PASSWORD] {
        let body = json!({"oldPassword": old, "password": "Another-Battery-9"});
        admin.post("/authentication/passwords", &body).await;
    }
    let ended = r#"{"sessionsEnded":{"after":"1"}}"#;
    let rows = [
        ("user.password-refused", me, "{}"),
        ("user.password-changed", me, ended),
    ];
    trail
        .wrote("POST", "/authentication/passwords", &rows)
        .await;
}

async fn work(app: &TestApp, admin: &Caller, trail: &mut Trail<'_>) {
    let nothing = json!({});
    let made = admin.post("/instances", &crate::instances::polling()).await;
    let polling = "0 0/15 * 1/1 * ? *";
    let told =
        format!(r#"{{"schedule":{{"after":"{polling}"}},"source":{{"after":"contacthub"}}}}"#);
    let rows = [("instance.created", "Contacts", told.as_str())];
    trail.wrote("POST", "/instances", &rows).await;
    let path = format!("/instances/{}", made.json["id"]);
    let enabled = format!("{path}/enabled");
    admin.delete(&enabled).await;
    let rows = [("instance.disabled", "Contacts", "{}")];
    trail
        .wrote("DELETE", "/instances/{instance}/enabled", &rows)
        .await;
    admin.put(&enabled, &nothing).await;
    let rows = [("instance.enabled", "Contacts", "{}")];
    trail
        .wrote("PUT", "/instances/{instance}/enabled", &rows)
        .await;
    admin.patch(&path, &nothing).await;
    admin
        .patch(&path, &json!({"name": "People", "tags": ["x"]}))
        .await;
    let told = r#"{"name":{"before":"Contacts","after":"People"},"tags":{"before":"[\"crm\",\"sales\"]","after":"[\"x\"]"}}"#;
    let rows = [("instance.updated", "People", told)];
    trail.wrote("PATCH", "/instances/{instance}", &rows).await;
    admin.delete(&path).await;
    let rows = [("instance.deleted", "People", "{}")];
    trail.wrote("DELETE", "/instances/{instance}", &rows).await;

    let made = admin
        .post("/formulas/instances", &crate::instances::hourly())
        .await;
    let name = "Order to invoice";
    let told = r#"{"schedule":{"after":"0 0 * * * ?"},"source":{"after":"1204"}}"#;
    let rows = [("instance.created", name, told)];
    trail.wrote("POST", "/formulas/instances", &rows).await;
    let path = format!("/formulas/instances/{}", made.json["id"]);
    let active = format!("{path}/active");
    admin.delete(&active).await;
    let rows = [("instance.disabled", name, "{}")];
    trail
        .wrote("DELETE", "/formulas/instances/{instance}/active", &rows)
        .await;
    admin.put(&active, &nothing).await;
    let rows = [("instance.enabled", name, "{}")];
    trail
        .wrote("PUT", "/formulas/instances/{instance}/active", &rows)
        .await;
    admin.delete(&path).await;
    let rows = [("instance.deleted", name, "{}")];
    trail
        .wrote("DELETE", "/formulas/instances/{instance}", &rows)
        .await;

    let made = admin.post("/jobs", &crate::jobs::every_quarter()).await;
    let name = "Exchange rates";
    let told = format!(r#"{{"schedule":{{"after":"{polling}"}}}}"#);
    let rows = [("job.created", name, told.as_str())];
    trail.wrote("POST", "/jobs", &rows).await;
    let path = format!("/jobs/{}", made.json["id"].as_str().unwrap());
    for (deed, code) in [("disable", "job.disabled"), ("enable", "job.enabled")] {
        admin.put(&format!("{path}/{deed}"), &nothing).await;
        let route = ["/jobs/{job}/disable", "/jobs/{job}/enable"][usize::from(deed == "enable")];
        trail.wrote("PUT", route, &[(code, name, "{}")]).await;
    }
    let cron = json!({"trigger": {"cron": "0 0 * * * ?"}});
    admin.patch(&format!("{path}/reschedule"), &cron).await;
    let told = format!(r#"{{"schedule":{{"before":"{polling}","after":"0 0 * * * ?"}}}}"#);
    let rows = [("job.rescheduled", name, told.as_str())];
    trail.wrote("PATCH", "/jobs/{job}/reschedule", &rows).await;
    // What machines do is told by the executions.
    app.advance(chrono::TimeDelta::hours(1));
    let held = crate::leases::lease(admin, "w", 10, 60).await.json[0].clone();
    trail.wrote("POST", "/jobs/lease", &[]).await;
    let told = crate::leases::report(admin, &held, "succeeded").await;
    assert_eq!(told.status, 200, "{told:?}");
    trail.wrote("POST", "/jobs/{job}/executions", &[]).await;
    admin.delete(&path).await;
    let rows = [("job.deleted", name, "{}")];
    trail.wrote("DELETE", "/jobs/{job}", &rows).await;
}

/// Looks for typed passwords, hashes and secrets in every column of every event.
async fn nothing_secret(app: &TestApp, told: &[String]) {
    type Row = (String, String, String, String, String, String);
    let rows: Vec<Row> = app
        .ask(|db| {
            events::table
                .select((
                    events::actor_name,
                    events::actor_email,
                    events::target_name,
                    events::details,
                    events::address,
                    events::code,
                ))
                .load(db)
        })
        .await;
    let hashes: Vec<Option<String>> = app
        .ask(|db| users::table.select(users::password_hash).load(db))
        .await;
    let admin: i64 = app
        .ask(|db| users::table.select(users::id).order(users::id).first(db))
        .await;
    let (user, organization) = secrets(app, admin).await;
    let text = format!("{rows:?}");
    let mut secret: Vec<String> = hashes.into_iter().flatten().collect();
    secret.extend(told.iter().cloned());
    secret.extend([user, organization]);
    secret.extend(["hidden-in-the-register", "never-kept"].map(str::to_owned));
    secret.extend(["Typed-By-Mistake", PASSWORD, "Another-Battery-9"].map(str::to_owned));
    for secret in secret {
        assert!(!text.contains(&secret), "{secret} is in the audit trail");
    }
}
