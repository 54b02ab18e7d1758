//! Every changing route writes exactly its events, with before and after, and never anything secret.

use diesel::prelude::*;
use tenantry::db::schema::{audit_events, users};
use tenantry::web::routes;

use crate::support::phone::{Phone, enter, recovery_codes};
use crate::support::user_forms::{add, open, save, users as users_of};
use crate::support::{Client, PASSWORD, Smtp, TestApp};

type Event = (String, String, String, String);

/// Follows the trail: what each route wrote since the last look.
struct Trail<'a> {
    app: &'a TestApp,
    seen: usize,
    routes: Vec<&'static str>,
}

impl Trail<'_> {
    /// The route wrote exactly these events: code, name of the target, details.
    async fn wrote(&mut self, route: &'static str, expected: &[(&str, &str, &str)]) {
        let all: Vec<Event> = self.app.events().await;
        let fresh: Vec<_> = all[self.seen..]
            .iter()
            .map(|(code, target, outcome, details)| {
                let refused = code.ends_with("-refused");
                assert_eq!(outcome, if refused { "refused" } else { "done" }, "{code}");
                (code.as_str(), target.as_str(), details.as_str())
            })
            .collect();
        assert_eq!(fresh, expected, "{route}");
        self.seen = all.len();
        self.routes.push(route);
    }
}

#[actix_web::test]
async fn every_changing_route_writes_its_events_and_nothing_secret() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let mut trail = Trail {
        app: &app,
        seen: 0,
        routes: Vec::new(),
    };
    let client = app.anonymous();

    let token = app.app.setup_token();
    let page = client.get(&format!("/setup?token={token}")).await;
    let typed = [
        ("organization", "Acme"),
        ("first_name", "Dana"),
        ("last_name", "Whitfield"),
        ("email", "dana@acme.example"),
        ("password", PASSWORD),
    ];
    let weak = client
        .submit(
            &page,
            "/setup",
            &[&typed[..4], &[("password", "Weak-One")]].concat(),
        )
        .await;
    client.submit(&weak, "/setup", &typed).await;
    trail
        .wrote("/setup", &[("organization.created", "Acme", "{}")])
        .await;

    client
        .sign_in("nobody@acme.example", "Typed-By-Mistake-1")
        .await;
    client.sign_in("Typed-By-Mistake-2", "x").await;
    client
        .sign_in("dana@acme.example", "Typed-By-Mistake-3")
        .await;
    client.sign_in("dana@acme.example", PASSWORD).await;
    let wrong = r#"{"reason":{"after":"password"}}"#;
    trail
        .wrote(
            "/login",
            &[
                ("user.sign-in-refused", "", "{}"),
                ("user.sign-in-refused", "", "{}"),
                ("user.sign-in-refused", "Dana Whitfield", wrong),
                ("user.signed-in", "Dana Whitfield", "{}"),
            ],
        )
        .await;
    let page = client.get("/security/accounts").await;
    let home = client.arrive(page).await;
    let account: i64 = home.find(".facts dd")[0].parse().unwrap();

    let page = client.get("/profile").await;
    client
        .submit(&page, "/profile", &[("email", "no address")])
        .await;
    client.submit(&page, "/profile", &[]).await;
    client
        .submit(
            &page,
            "/profile",
            &[("first_name", "Dän\"a"), ("shortcuts", "off")],
        )
        .await;
    let details = r#"{"firstName":{"before":"Dana","after":"Dän\"a"},"shortcuts":{"before":"true","after":"false"}}"#;
    trail
        .wrote("/profile", &[("user.updated", "Dana Whitfield", details)])
        .await;

    let passwords = |present, new| [("present_password", present), ("password", new)];
    client
        .post(
            "/profile/password",
            &passwords("Typed-By-Mistake-4", "Another-Battery-9"),
        )
        .await;
    client
        .post("/profile/password", &passwords(PASSWORD, "weak"))
        .await;
    client
        .post(
            "/profile/password",
            &passwords(PASSWORD, "Another-Battery-9"),
        )
        .await;
    let me = "Dän\"a Whitfield";
    trail
        .wrote(
            "/profile/password",
            &[
                ("user.password-refused", me, "{}"),
                (
                    "user.password-changed",
                    me,
                    r#"{"sessionsEnded":{"after":"0"}}"#,
                ),
            ],
        )
        .await;

    let revealed = secrets(&client, &mut trail, me).await;

    app.anonymous()
        .sign_in("dana@acme.example", "Another-Battery-9")
        .await;
    trail.wrote("/login", &[("user.signed-in", me, "{}")]).await;
    let page = client.get("/profile").await;
    let other = page.find_attr(".sessions li:last-child form", "action");
    let other = if page.find(".sessions li:last-child .chip").is_empty() {
        other
    } else {
        page.find_attr(".sessions li:first-child form", "action")
    };
    client.post(&other, &[]).await;
    client.post(&other, &[]).await;
    let ended = r#"{"sessions":{"after":"1"}}"#;
    trail
        .wrote(
            "/profile/sessions/{session}/end",
            &[("user.sessions-ended", me, ended)],
        )
        .await;

    let created = client
        .post("/security/accounts", &[("name", "Branch")])
        .await;
    client.post("/security/accounts", &[("name", "")]).await;
    trail
        .wrote("/security/accounts", &[("account.created", "Branch", "{}")])
        .await;
    let branch_path = created.location();
    let branch: i64 = branch_path.rsplit('/').next().unwrap().parse().unwrap();
    let page = client.get(&branch_path).await;
    client.submit(&page, &branch_path, &[]).await;
    let page = client
        .submit(
            &page,
            &branch_path,
            &[("name", "Zweig"), ("description", "New")],
        )
        .await;
    client.submit(&page, &branch_path, &[("name", "")]).await;
    let details =
        r#"{"description":{"before":"","after":"New"},"name":{"before":"Branch","after":"Zweig"}}"#;
    trail
        .wrote(
            "/security/accounts/{account}",
            &[("account.updated", "Zweig", details)],
        )
        .await;

    add(&client, branch, &[("password", "weak")]).await;
    let page = add(&client, branch, &[("account_admin", "on")]).await;
    let added = r#"{"accountAdmin":{"after":"true"},"email":{"after":"zoe@acme.example"},"orgAdmin":{"after":"false"}}"#;
    trail
        .wrote(
            "/security/accounts/{account}/users",
            &[("user.created", "Zoë Müller", added)],
        )
        .await;
    let zoe: i64 = page.active_box("Zoë Müller").0.parse().unwrap();
    app.give(zoe, 2, 3).await;

    let page = open(&client, branch, zoe).await;
    save(&client, branch, zoe, &page, &[("email", "")]).await;
    let changes = [("last_name", "Möller"), ("account_admin", "off")];
    save(&client, branch, zoe, &page, &changes).await;
    save(&client, branch, zoe, &page, &[("last_name", "Conflict")]).await;
    let page = open(&client, branch, zoe).await;
    save(&client, branch, zoe, &page, &[("active", "off")]).await;
    let changed = r#"{"accountAdmin":{"before":"true","after":"false"},"lastName":{"before":"Müller","after":"Möller"}}"#;
    let stopped = r#"{"jobsStopped":{"after":"2"}}"#;
    trail
        .wrote(
            "/security/accounts/{account}/users/{user}",
            &[
                ("user.updated", "Zoë Möller", changed),
                ("user.deactivated", "Zoë Möller", stopped),
            ],
        )
        .await;

    let page = client.get(&branch_path).await;
    let page = client.update_active(&page, &[("Zoë Möller", true)]).await;
    let page = client.update_active(&page, &[("Zoë Möller", false)]).await;
    client.submit(&page, &page.activations(), &[]).await;
    client.submit(&page, &page.activations(), &[]).await;
    trail
        .wrote(
            "/security/accounts/{account}/activations",
            &[
                ("user.activated", "Zoë Möller", "{}"),
                (
                    "user.deactivated",
                    "Zoë Möller",
                    r#"{"jobsStopped":{"after":"0"}}"#,
                ),
            ],
        )
        .await;

    let inactive = r#"{"reason":{"after":"inactive"}}"#;
    app.anonymous()
        .sign_in("zoe@acme.example", "Falsch-Batterie-9")
        .await;
    trail
        .wrote(
            "/login",
            &[("user.sign-in-refused", "Zoë Möller", inactive)],
        )
        .await;

    let user = format!("{}/{zoe}", users_of(branch));
    client.post(&format!("{user}/sessions/end"), &[]).await;
    let none = r#"{"sessions":{"after":"0"}}"#;
    let route = "/security/accounts/{account}/users/{user}/sessions/end";
    trail
        .wrote(route, &[("user.sessions-ended", "Zoë Möller", none)])
        .await;
    app.lock(zoe).await;
    client.post(&format!("{user}/unlock"), &[]).await;
    client.post(&format!("{user}/unlock"), &[]).await;
    let route = "/security/accounts/{account}/users/{user}/unlock";
    trail
        .wrote(route, &[("user.unlocked", "Zoë Möller", "{}")])
        .await;
    client.post(&format!("{user}/deletion"), &[]).await;
    client.post(&format!("{user}/deletion"), &[]).await;
    let gone =
        r#"{"email":{"after":"zoe@acme.example"},"instances":{"after":"3"},"jobs":{"after":"0"}}"#;
    let route = "/security/accounts/{account}/users/{user}/deletion";
    trail
        .wrote(route, &[("user.deleted", "Zoë Möller", gone)])
        .await;

    add(&client, branch, &[]).await;
    trail.seen += 1;
    client
        .post(&format!("{branch_path}/deactivation"), &[])
        .await;
    client
        .post(&format!("{branch_path}/deactivation"), &[])
        .await;
    let counted = r#"{"jobsStopped":{"after":"0"},"users":{"after":"1"}}"#;
    let route = "/security/accounts/{account}/deactivation";
    trail
        .wrote(route, &[("account.deactivated", "Zweig", counted)])
        .await;
    client.post(&format!("{branch_path}/activation"), &[]).await;
    client.post(&format!("{branch_path}/activation"), &[]).await;
    let route = "/security/accounts/{account}/activation";
    trail
        .wrote(route, &[("account.activated", "Zweig", "{}")])
        .await;
    client
        .post(&format!("{branch_path}/deletion"), &[("name", "wrong")])
        .await;
    client
        .post(&format!("{branch_path}/deletion"), &[("name", "Zweig")])
        .await;
    client
        .post(
            &format!("/security/accounts/{account}/deletion"),
            &[("name", "x")],
        )
        .await;
    let lost = r#"{"instances":{"after":"0"},"jobs":{"after":"0"},"users":{"after":"1"}}"#;
    trail
        .wrote(
            "/security/accounts/{account}/deletion",
            &[
                ("user.deleted", "Zoë Müller", "{}"),
                ("account.deleted", "Zweig", lost),
            ],
        )
        .await;

    settings(&client, &mut trail).await;
    let codes = second_factor(&client, &mut trail, account).await;
    let link = recovery(&client, &mut trail, &smtp).await;

    let cookies = client.cookies();
    client.post("/logout", &[]).await;
    trail
        .wrote("/logout", &[("user.signed-out", me, "{}")])
        .await;

    // No route that changes something was left out.
    for route in routes() {
        assert!(
            route.method == "GET" || trail.routes.contains(&route.path),
            "POST {} has no line here",
            route.path
        );
    }
    let [one, two, three] = &revealed;
    nothing_secret(&app, &[&token, &cookies, &link, one, two, three]).await;
    let codes: Vec<_> = codes.iter().map(String::as_str).collect();
    nothing_secret(&app, &codes).await;
}

/// What the secrets of the profile menu write: the wrong password, the reset, every look. Answers the secrets.
async fn secrets(client: &Client, trail: &mut Trail<'_>, me: &str) -> [String; 3] {
    let typed = |password| [("present_password", password)];
    let mut seen = Vec::new();
    for (route, name) in [
        ("/profile/secrets/organization", "Acme"),
        ("/profile/secrets/user", me),
    ] {
        client.post(route, &typed("")).await;
        client.post(route, &typed("Typed-By-Mistake-5")).await;
        client.post(route, &typed("Another-Battery-9")).await;
        trail
            .wrote(route, &[("user.password-refused", me, "{}")])
            .await;
        seen.extend(client.get(route).await.find("code"));
        trail.wrote(route, &[("secret.revealed", name, "{}")]).await;
    }
    let route = "/profile/secrets/user/reset";
    client.post(route, &typed("")).await;
    client.post(route, &typed("Typed-By-Mistake-6")).await;
    client.post(route, &typed("Another-Battery-9")).await;
    seen.extend(client.get("/profile/secrets/user").await.find("code"));
    trail
        .wrote(
            route,
            &[
                ("user.password-refused", me, "{}"),
                ("user.secret-reset", me, "{}"),
                ("secret.revealed", me, "{}"),
            ],
        )
        .await;
    seen.try_into().unwrap()
}

/// What setting up, using and taking away a second factor writes. Answers the keys and codes there were.
async fn second_factor(client: &Client, trail: &mut Trail<'_>, account: i64) -> Vec<String> {
    let app = trail.app;
    let password = ("present_password", "Third-Battery-9");
    let wrong = ("present_password", "Typed-By-Mistake-5");
    let me = "Dän\"a Whitfield";
    let ended = |count| format!(r#"{{"sessionsEnded":{{"after":"{count}"}}}}"#);

    let page = client.get("/profile/two-factor/new").await;
    let mut phone = Phone::typing(&page);
    let action = "/profile/two-factor";
    client.submit(&page, action, &[wrong]).await;
    client.submit(&page, action, &[password]).await;
    let used = phone.code(app);
    let page = client
        .submit(&page, action, &[("code", &used), password])
        .await;
    phone.recovery_codes = recovery_codes(&page);
    let expected = [
        ("user.password-refused", me, "{}"),
        ("user.two-factor-enrolled", me, &ended(0)),
    ];
    trail.wrote(action, &expected).await;

    let other = app.anonymous();
    for right in [phone.next_code(app), phone.recovery_codes[0].clone()] {
        other.sign_in("dana@acme.example", "Third-Battery-9").await;
        enter(&other, "").await;
        enter(&other, &used).await;
        enter(&other, &right).await;
    }
    let app_code = r#"{"secondFactor":{"after":"authenticator app"}}"#;
    let recovery = r#"{"secondFactor":{"after":"recovery code"}}"#;
    let expected = [
        ("user.password-accepted", me, "{}"),
        ("user.code-refused", me, "{}"),
        ("user.signed-in", me, app_code),
        ("user.password-accepted", me, "{}"),
        ("user.signed-out", me, "{}"),
        ("user.code-refused", me, "{}"),
        ("user.signed-in", me, recovery),
    ];
    trail.wrote("/login/code", &expected).await;

    let action = "/profile/two-factor/recovery-codes";
    let page = client.post(action, &[password]).await;
    let mut secrets = [phone.recovery_codes, recovery_codes(&page)].concat();
    trail
        .wrote(action, &[("user.recovery-codes-renewed", me, "{}")])
        .await;
    let action = "/profile/two-factor/removal";
    client.post(action, &[password]).await;
    client.post(action, &[password]).await;
    let expected = [("user.two-factor-removed", me, &*ended(1))];
    trail.wrote(action, &expected).await;

    let action = "/security/settings/two-factor";
    client.post(action, &[("method", "")]).await;
    client.post(action, &[("method", "totp")]).await;
    client.post(action, &[("method", "totp")]).await;
    let demanded = r#"{"method":{"before":"none","after":"totp"}}"#;
    let code = "organization.two-factor-updated";
    trail.wrote(action, &[(code, "Acme Ltd", demanded)]).await;

    let page = add(client, account, &[]).await;
    let zoe = page.active_box("Zoë Müller").0;
    trail.seen += 1;
    other.sign_in("zoe@acme.example", "Falsch-Batterie-9").await;
    let page = other.get("/login/enrolment").await;
    let theirs = Phone::typing(&page);
    let action = "/login/enrolment";
    other.submit(&page, action, &[("code", &used)]).await;
    let code = theirs.code(app);
    let page = other.submit(&page, action, &[("code", &code)]).await;
    secrets.extend(recovery_codes(&page));
    let expected = [
        ("user.signed-in", "Zoë Müller", "{}"),
        ("user.two-factor-enrolled", "Zoë Müller", &*ended(0)),
    ];
    trail.wrote(action, &expected).await;
    let action = format!("{}/{zoe}/two-factor/reset", users_of(account));
    client.post(&action, &[]).await;
    client.post(&action, &[]).await;
    let route = "/security/accounts/{account}/users/{user}/two-factor/reset";
    let expected = [("user.two-factor-reset", "Zoë Müller", &*ended(1))];
    trail.wrote(route, &expected).await;
    secrets.extend([phone.key, theirs.key]);
    secrets
}

/// What Settings, Roles and the page for an expired password write.
async fn settings(client: &Client, trail: &mut Trail<'_>) {
    let base = "/security/settings";
    client.post(base, &[("name", "")]).await;
    client.post(base, &[("name", "Acme Ltd")]).await;
    client.post(base, &[("name", "Acme Ltd")]).await;
    let renamed = r#"{"name":{"before":"Acme","after":"Acme Ltd"}}"#;
    trail
        .wrote(base, &[("organization.updated", "Acme", renamed)])
        .await;

    let page = client.get(base).await;
    let policy = "/security/settings/password-policy";
    client.submit(&page, policy, &[("min_length", "7")]).await;
    client
        .submit(&page, policy, &[("expiration_days", "30")])
        .await;
    let changed = r#"{"expirationDays":{"before":"0","after":"30"}}"#;
    trail
        .wrote(
            policy,
            &[("organization.policy-updated", "Acme Ltd", changed)],
        )
        .await;

    trail.app.advance(chrono::TimeDelta::days(31));
    client
        .sign_in("dana@acme.example", "Another-Battery-9")
        .await;
    client
        .post("/login/password", &[("password", "weak")])
        .await;
    client
        .post("/login/password", &[("password", "Third-Battery-9")])
        .await;
    let ended = r#"{"sessionsEnded":{"after":"0"}}"#;
    let me = "Dän\"a Whitfield";
    trail
        .wrote(
            "/login/password",
            &[
                ("user.signed-in", me, "{}"),
                ("user.password-changed", me, ended),
            ],
        )
        .await;
    let reset = "/security/settings/password-policy/reset";
    client.post(reset, &[]).await;
    client.post(reset, &[]).await;
    let changed = r#"{"expirationDays":{"before":"30","after":"0"}}"#;
    trail
        .wrote(
            reset,
            &[("organization.policy-updated", "Acme Ltd", changed)],
        )
        .await;

    let limits = "/security/settings/sessions";
    let fields = [("idle_minutes", "45"), ("longest_hours", "12")];
    client.post(limits, &fields).await;
    client.post(limits, &fields).await;
    let changed = r#"{"idleMinutes":{"before":"30","after":"45"}}"#;
    trail
        .wrote(
            limits,
            &[("organization.sessions-updated", "Acme Ltd", changed)],
        )
        .await;

    let secret = "/security/settings/secret";
    client.post(secret, &[]).await;
    trail
        .wrote(secret, &[("organization.secret-reset", "Acme Ltd", "{}")])
        .await;

    let page = client.get("/security/roles").await;
    let mut fields = page.form("/security/roles");
    fields.retain(|(_, value)| value != "default-user.scheduleJobs");
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    client.post("/security/roles", &fields).await;
    let taken = r#"{"privileges":{"before":"createElementInstances createFormulaInstances scheduleJobs","after":"createElementInstances createFormulaInstances"}}"#;
    trail
        .wrote(
            "/security/roles",
            &[("role.updated", "Default User", taken)],
        )
        .await;
    client.post("/security/roles/reset", &[]).await;
    client.post("/security/roles/reset", &[]).await;
    let given = r#"{"privileges":{"before":"createElementInstances createFormulaInstances","after":"createElementInstances createFormulaInstances scheduleJobs"}}"#;
    trail
        .wrote(
            "/security/roles/reset",
            &[("role.updated", "Default User", given)],
        )
        .await;
}

/// What Forgot Password writes; answers the token. The one who asks is signed in again afterwards.
async fn recovery(client: &Client, trail: &mut Trail<'_>, smtp: &Smtp) -> String {
    for email in [
        "nobody@acme.example",
        "dana@acme.example",
        "Typed-By-Mistake-5",
    ] {
        client
            .post("/password/forgotten", &[("email", email)])
            .await;
        trail.app.mail().await;
    }
    trail.app.forget("dana@acme.example").await;
    let me = "Dän\"a Whitfield";
    let often = r#"{"reason":{"after":"too often"}}"#;
    trail
        .wrote(
            "/password/forgotten",
            &[
                ("user.recovery-asked", me, "{}"),
                ("user.recovery-refused", me, often),
            ],
        )
        .await;
    let path = smtp.only().path();
    let (_, token) = path.split_once("token=").unwrap();
    for password in ["weak", "Fourth-Battery-9", "Fifth-Battery-9"] {
        let fields = [("token", token), ("password", password)];
        client.post("/password/new", &fields).await;
    }
    let ended = r#"{"sessionsEnded":{"after":"1"}}"#;
    trail
        .wrote("/password/new", &[("user.password-recovered", me, ended)])
        .await;
    client
        .sign_in("dana@acme.example", "Fourth-Battery-9")
        .await;
    trail.wrote("/login", &[("user.signed-in", me, "{}")]).await;
    token.to_owned()
}

/// Looks for typed passwords, hashes, secrets and tokens in every column of every event.
async fn nothing_secret(app: &TestApp, more: &[&str]) {
    let text = whole_trail(app).await;
    let mut secrets: Vec<String> = more.iter().map(|text| (*text).to_owned()).collect();
    secrets.extend(
        [
            PASSWORD,
            "Typed-By-Mistake",
            "Another-Battery",
            "Fourth-Battery",
            "Falsch-Batterie",
            "Weak-One",
            "$argon2",
        ]
        .map(str::to_owned),
    );
    let kept: Vec<(Option<String>, String, String)> = app
        .ask(|db| {
            users::table
                .select((
                    users::password_hash,
                    users::secret_digest,
                    users::secret_sealed,
                ))
                .load(db)
        })
        .await;
    for (hash, digest, sealed) in kept {
        secrets.extend(hash.into_iter().chain([digest, sealed]));
    }
    assert!(text.contains("Dana Whitfield"), "the trail was read");
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} stands in the trail");
    }
}

/// Every text column of every event that may hold something typed.
async fn whole_trail(app: &TestApp) -> String {
    type Texts = (String, String, String, String, String, String);
    let rows: Vec<Texts> = app
        .ask(|db| {
            audit_events::table
                .select((
                    audit_events::actor_name,
                    audit_events::actor_email,
                    audit_events::address,
                    audit_events::request_id,
                    audit_events::target_name,
                    audit_events::details,
                ))
                .load(db)
        })
        .await;
    let texts = rows.into_iter().flat_map(<[String; 6]>::from);
    texts.collect::<Vec<_>>().join("\n")
}

#[actix_web::test]
async fn an_event_tells_who_from_where_and_on_what() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let user = acme.user(branch, "Max Muster", "max@acme.example").await;
    let admin = acme.org_admin().await;
    admin
        .post(&format!("{}/{user}/deletion", users_of(branch)), &[])
        .await;
    type Row = (
        (Option<i64>, Option<i64>, Option<i64>, Option<i64>),
        (String, String, String, String, String, String),
    );
    let row: Row = app
        .ask(|db| {
            audit_events::table
                .filter(audit_events::code.eq("user.deleted"))
                .select((
                    (
                        audit_events::organization_id,
                        audit_events::account_id,
                        audit_events::actor_id,
                        audit_events::target_id,
                    ),
                    (
                        audit_events::actor_name,
                        audit_events::actor_email,
                        audit_events::channel,
                        audit_events::address,
                        audit_events::target_kind,
                        audit_events::request_id,
                    ),
                ))
                .first(db)
        })
        .await;
    assert_eq!(
        row.0,
        (Some(acme.id), Some(branch), Some(acme.admin), Some(user))
    );
    let (name, email, channel, address, kind, request) = row.1;
    assert_eq!(
        [name, email, channel, address, kind],
        [
            "Dana Whitfield",
            "admin@acme.example",
            "console",
            "127.0.0.1",
            "user"
        ]
    );
    assert!(
        request.len() == 24 && request.chars().all(|c| c.is_ascii_hexdigit()),
        "{request}"
    );
}

#[actix_web::test]
async fn nothing_that_only_looks_is_written_down() {
    // Taking something away as a file does more than look.
    let looks = |path: &str| !path.ends_with("/export");
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let before = app.codes().await;
    for route in routes()
        .iter()
        .filter(|route| route.method == "GET" && looks(route.path))
    {
        let path = route
            .path
            .replace("{account}", &acme.account.to_string())
            .replace("{user}", &user.to_string());
        admin.get(&path).await;
    }
    assert_eq!(app.codes().await, before);
    assert_eq!(app.state(user).await, (true, 1));
}
