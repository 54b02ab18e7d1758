//! The console shows at once what the API changed, and the other way round; both write the same events, but for the
//! channel. Every deed is done by the API in one world and in the console in another, which are alike to the last id.

use diesel::prelude::*;
use serde_json::{Value, json};
use tenantry::db::Tx;
use tenantry::db::schema::{audit_events as events, users};

use crate::caller::{Caller, secrets};
use crate::support::{Client, Organization, PASSWORD, TestApp};

/// How the console does a deed.
enum Form {
    /// The page with the form, where the form is sent, and what is filled in.
    Filled(
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
    ),
    /// The Active box of Max in the table, then Update, and the confirmation if one is asked for.
    Active(bool),
    /// Roles without anything granted to this one.
    Ungranted(&'static str),
}

/// Where the console shows it.
enum Shown {
    /// The value of a field of a page.
    Field(&'static str, &'static str, &'static str),
    /// The text of something on a page.
    Text(&'static str, &'static str, &'static str),
    /// A page that is there no more.
    Gone(&'static str),
}
use Form::{Active, Filled, Ungranted};
use Shown::{Field, Gone, Text};

/// Something that both sides can do.
struct Deed {
    name: &'static str,
    /// Method, path and body.
    call: (&'static str, &'static str, Value),
    form: Form,
    /// Path, pointer into the answer and the value there.
    answer: (&'static str, &'static str, Value),
    page: Shown,
}

const BRANCH: &str = "/security/accounts/{branch}";
const MAX: &str = "/security/accounts/{branch}/users/{max}";
const EDIT_MAX: &str = "/security/accounts/{branch}/users/{max}/edit";
const EDIT_KIM: &str = "/security/accounts/{home}/users/{kim}/edit";

/// Two accounts and their people, one deed after the other.
#[expect(clippy::too_many_lines, reason = "a table, a row for each deed")]
fn deeds() -> Vec<Deed> {
    let nothing = Value::Null;
    let deed = |name, call, form, answer, page| Deed {
        name,
        call,
        form,
        answer,
        page,
    };
    vec![
        deed(
            "add an account",
            (
                "POST",
                "/accounts",
                json!({"externalId": "Added", "description": ""}),
            ),
            Filled(
                "/security/accounts/new",
                "/security/accounts",
                &[("name", "Added")],
            ),
            ("/accounts?where=name%3D'Added'", "/0/name", json!("Added")),
            Text(BRANCH, ".list > .accounts", "Added"),
        ),
        deed(
            "change an account",
            (
                "PATCH",
                "/accounts/{branch}",
                json!({"name": "Office", "description": "By the lake"}),
            ),
            Filled(
                BRANCH,
                BRANCH,
                &[("name", "Office"), ("description", "By the lake")],
            ),
            ("/accounts/{branch}", "/description", json!("By the lake")),
            Field(BRANCH, "name", "Office"),
        ),
        deed(
            "deactivate an account",
            ("PATCH", "/accounts/{branch}", json!({"active": false})),
            Filled(
                "/security/accounts/{branch}/deactivation/new",
                "/security/accounts/{branch}/deactivation",
                &[],
            ),
            ("/accounts/{branch}", "/active", json!(false)),
            Field(BRANCH, "active", ""),
        ),
        deed(
            "activate an account",
            ("PATCH", "/accounts/{branch}", json!({"active": true})),
            Filled(BRANCH, "/security/accounts/{branch}/activation", &[]),
            ("/accounts/{branch}", "/active", json!(true)),
            Field(BRANCH, "active", "on"),
        ),
        deed(
            "add a user",
            (
                "POST",
                "/accounts/{branch}/users",
                json!({"firstName": "Zoë", "lastName": "Müller", "email": "zoe@acme.example",
                    "password": "Falsch-Batterie-9", "roles": [{"key": "admin"}]}),
            ),
            Filled(
                "/security/accounts/{branch}/users/new",
                "/security/accounts/{branch}/users",
                &[
                    ("first_name", "Zoë"),
                    ("last_name", "Müller"),
                    ("email", "zoe@acme.example"),
                    ("password", "Falsch-Batterie-9"),
                    ("account_admin", "on"),
                ],
            ),
            ("/users/zoe@acme.example", "/fullName", json!("Zoë Müller")),
            Text(BRANCH, ".users tbody", "zoe@acme.example"),
        ),
        deed(
            "change a user",
            (
                "PATCH",
                "/users/{max}",
                json!({"firstName": "Maximilian", "lastName": "Meier", "email": "meier@acme.example"}),
            ),
            Filled(
                EDIT_MAX,
                MAX,
                &[
                    ("first_name", "Maximilian"),
                    ("last_name", "Meier"),
                    ("email", "meier@acme.example"),
                ],
            ),
            ("/users/{max}", "/email", json!("meier@acme.example")),
            Field(EDIT_MAX, "last_name", "Meier"),
        ),
        deed(
            "give a role to a user",
            ("PUT", "/users/{max}/roles/admin", nothing.clone()),
            Filled(EDIT_MAX, MAX, &[("account_admin", "on")]),
            ("/users/{max}/roles", "/0/key", json!("admin")),
            Field(EDIT_MAX, "account_admin", "on"),
        ),
        deed(
            "take a role from a user",
            ("DELETE", "/users/{max}/roles/admin", nothing.clone()),
            Filled(EDIT_MAX, MAX, &[("account_admin", "off")]),
            ("/users/{max}/roles", "/0/key", json!("default-user")),
            Field(EDIT_MAX, "account_admin", ""),
        ),
        deed(
            "give both administrator roles",
            (
                "PATCH",
                "/users/{kim}",
                json!({"roles": [{"key": "admin"}, {"key": "org-admin"}]}),
            ),
            Filled(
                EDIT_KIM,
                "/security/accounts/{home}/users/{kim}",
                &[("org_admin", "on"), ("account_admin", "on")],
            ),
            ("/users/{kim}/roles", "/0/key", json!("org-admin")),
            Field(EDIT_KIM, "org_admin", "on"),
        ),
        deed(
            "deactivate a user",
            ("PATCH", "/users/{max}", json!({"active": false})),
            Active(false),
            ("/users/{max}", "/active", json!(false)),
            Field(EDIT_MAX, "active", ""),
        ),
        deed(
            "activate a user",
            ("PATCH", "/users/{max}", json!({"active": true})),
            Active(true),
            ("/users/{max}", "/active", json!(true)),
            Field(EDIT_MAX, "active", "on"),
        ),
        deed(
            "unlock a user",
            ("POST", "/users/{max}/unlock", nothing.clone()),
            Filled(
                "/security/accounts/{branch}/users/{max}/unlock/new",
                "/security/accounts/{branch}/users/{max}/unlock",
                &[],
            ),
            ("/users/{max}", "/accountLocked", json!(false)),
            Text(EDIT_MAX, ".lines", "Not locked"),
        ),
        deed(
            "reset a second factor",
            ("POST", "/users/{max}/two-factor/reset", nothing.clone()),
            Filled(
                "/security/accounts/{branch}/users/{max}/two-factor/reset/new",
                "/security/accounts/{branch}/users/{max}/two-factor/reset",
                &[],
            ),
            (
                "/audit-logs?pageSize=1",
                "/0/action",
                json!("user.two-factor-reset"),
            ),
            Text(EDIT_MAX, ".lines", "Second factorNone"),
        ),
        deed(
            "delete a user",
            ("DELETE", "/users/{max}", nothing.clone()),
            Filled(
                "/security/accounts/{branch}/users/{max}/deletion/new",
                "/security/accounts/{branch}/users/{max}/deletion",
                &[],
            ),
            ("/users/{max}", "/message", json!("This was not found.")),
            Gone(EDIT_MAX),
        ),
        deed(
            "delete an account",
            ("DELETE", "/accounts/{branch}", nothing.clone()),
            Filled(
                "/security/accounts/{branch}/deletion/new",
                "/security/accounts/{branch}/deletion",
                &[("name", "Office")],
            ),
            ("/accounts/{branch}", "/active", json!(false)),
            Field(BRANCH, "active", ""),
        ),
        deed(
            "rename the organization",
            ("PUT", "/organizations/me", json!({"name": "Acme Ltd"})),
            Filled(
                "/security/settings",
                "/security/settings",
                &[("name", "Acme Ltd")],
            ),
            ("/organizations/me", "/name", json!("Acme Ltd")),
            Field("/security/settings", "name", "Acme Ltd"),
        ),
        deed(
            "change the password policy",
            (
                "PUT",
                "/organizations/password-policies",
                json!({"minLength": 12, "minUppercase": 1, "minLowercase": 1, "minNumbers": 1, "minSymbols": 2,
                    "symbolCharacterSet": "!#$%", "previousPasswordCount": 3, "expirationDays": 90}),
            ),
            Filled(
                "/security/settings",
                "/security/settings/password-policy",
                &[
                    ("min_length", "12"),
                    ("min_symbols", "2"),
                    ("symbol_character_set", "!#$%"),
                    ("expiration_days", "90"),
                ],
            ),
            ("/organizations/password-policies", "/minLength", json!(12)),
            Field("/security/settings", "expiration_days", "90"),
        ),
        deed(
            "reset the password policy",
            (
                "DELETE",
                "/organizations/password-policies",
                nothing.clone(),
            ),
            Filled(
                "/security/settings",
                "/security/settings/password-policy/reset",
                &[],
            ),
            ("/organizations/password-policies", "/minLength", json!(8)),
            Field("/security/settings", "expiration_days", "0"),
        ),
        deed(
            "take privileges from a role",
            (
                "PUT",
                "/organizations/roles",
                json!([{"key": "default-user", "privileges": []}]),
            ),
            Ungranted("default-user"),
            ("/organizations/roles", "/3/privileges", json!([])),
            Field(
                "/security/roles",
                "grant'][value='default-user.scheduleJobs",
                "",
            ),
        ),
        deed(
            "reset the privileges of roles",
            ("PUT", "/organizations/roles/reset", nothing.clone()),
            Filled("/security/roles/reset/new", "/security/roles/reset", &[]),
            (
                "/organizations/roles",
                "/3/privileges/0/key",
                json!("createElementInstances"),
            ),
            Field(
                "/security/roles",
                "grant'][value='default-user.scheduleJobs",
                "on",
            ),
        ),
    ]
}

/// Who did what, where, to what: everything of an event but when, by which request and through what.
type Event = (
    (Option<i64>, Option<i64>, Option<i64>),
    (String, String, String, String),
    (String, Option<i64>, String, String, String),
);

/// An organization with an org admin who has a browser and a script, two accounts, and somebody in each.
struct World<'a> {
    app: &'a TestApp,
    acme: Organization<'a>,
    branch: i64,
    max: i64,
    kim: i64,
    browser: Client,
    script: Caller,
}

impl<'a> World<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let acme = app.organization("Acme").await;
        let branch = acme.account("Branch").await.id;
        let max = acme.user(branch, "Max Muster", "max@acme.example").await;
        let kim = acme
            .user(acme.account, "Kim Long", "kim@acme.example")
            .await;
        Self {
            browser: acme.org_admin().await,
            script: Caller::of(app, acme.admin).await,
            app,
            acme,
            branch,
            max,
            kim,
        }
    }

    /// A path with the ids of this world.
    fn path(&self, path: &str) -> String {
        path.replace("{branch}", &self.branch.to_string())
            .replace("{home}", &self.acme.account.to_string())
            .replace("{max}", &self.max.to_string())
            .replace("{kim}", &self.kim.to_string())
    }

    /// Gives Max what a deed takes away.
    async fn prepare(&self, deed: &Deed) {
        let max = self.max;
        match deed.name {
            "deactivate an account" | "deactivate a user" | "delete a user" => {
                self.app.give(max, 2, 1).await;
            }
            "unlock a user" => self.app.lock(max).await,
            "reset a second factor" => {
                let enrol = move |tx: &mut Tx<'_>| {
                    diesel::update(users::table.find(max))
                        .set(users::totp_since.eq(tx.now()))
                        .execute(tx.db())
                };
                self.app.change(move |tx| Ok(enrol(tx)?)).await;
            }
            _ => {}
        }
    }

    async fn call(&self, deed: &Deed) {
        let (method, path, body) = &deed.call;
        let path = self.path(path);
        let answer = match body {
            Value::Null => self.script.send(self.script.request(method, &path)).await,
            body => self.script.call(method, &path, body).await,
        };
        assert_eq!(answer.status, 200, "{}: {answer:?}", deed.name);
    }

    async fn fill(&self, deed: &Deed) {
        let browser = &self.browser;
        let done = match deed.form {
            Filled(page, action, fields) => {
                let page = browser.get(&self.path(page)).await;
                browser.submit(&page, &self.path(action), fields).await
            }
            Active(active) => {
                let page = browser.get(&self.path(BRANCH)).await;
                let name = "Maximilian Meier";
                let next = browser.update_active(&page, &[(name, active)]).await;
                if active {
                    next
                } else {
                    browser.submit(&next, &next.activations(), &[]).await
                }
            }
            Ungranted(role) => {
                let page = browser.get("/security/roles").await;
                let mut fields = page.form("/security/roles");
                fields.retain(|(_, value)| !value.starts_with(&format!("{role}.")));
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let answer = browser.post("/security/roles", &fields).await;
                browser.arrive(answer).await
            }
        };
        assert_eq!(done.status, 200, "{}: {}", deed.name, done.text());
    }

    /// Whether the API shows the deed done, and whether the console does.
    async fn shown(&self, deed: &Deed) -> (bool, bool) {
        let (path, pointer, value) = &deed.answer;
        let answer = self.script.get(&self.path(path)).await;
        let told = answer.json.pointer(pointer) == Some(value);
        let (Field(path, ..) | Text(path, ..) | Gone(path)) = deed.page;
        let page = self.browser.get(&self.path(path)).await;
        let seen = match deed.page {
            Gone(_) => page.status == 404,
            Field(_, name, value) => page.field(name) == value,
            Text(_, css, text) => page.find(css).iter().any(|it| it.contains(text)),
        };
        (told, seen)
    }

    /// Every event so far, each with its channel.
    async fn events(&self) -> Vec<(Event, String)> {
        self.app
            .ask(|db| {
                let place = (
                    events::organization_id,
                    events::account_id,
                    events::actor_id,
                );
                let actor = (
                    events::actor_name,
                    events::actor_email,
                    events::address,
                    events::code,
                );
                let target = (
                    events::target_kind,
                    events::target_id,
                    events::target_name,
                    events::details,
                    events::outcome,
                );
                events::table
                    .order(events::id)
                    .select(((place, actor, target), events::channel))
                    .load(db)
            })
            .await
    }
}

#[actix_web::test]
async fn either_side_shows_what_the_other_did_and_both_write_the_same_events() {
    let (one, two) = (TestApp::start().await, TestApp::start().await);
    let worlds = [
        (World::of(&one).await, "API"),
        (World::of(&two).await, "console"),
    ];
    for deed in deeds() {
        let mut told = Vec::new();
        for (world, channel) in &worlds {
            let what = format!("{} by the {channel}", deed.name);
            world.prepare(&deed).await;
            assert_eq!(world.shown(&deed).await, (false, false), "before: {what}");
            let before = world.events().await.len();
            if *channel == "API" {
                world.call(&deed).await;
            } else {
                world.fill(&deed).await;
            }
            let written = world.events().await.split_off(before);
            assert!(!written.is_empty(), "{what}");
            assert_eq!(world.shown(&deed).await, (true, true), "{what}");
            let (written, channels): (Vec<_>, Vec<_>) = written.into_iter().unzip();
            assert!(channels.iter().all(|it| it == channel), "{what}");
            told.push(written);
        }
        assert_eq!(told[0], told[1], "{}", deed.name);
    }
}

/// Whether a pair of secrets opens the API.
async fn opens(app: &TestApp, (user, organization): &(String, String)) -> bool {
    let pair = format!("User {user}, Organization {organization}");
    let answer = Caller::with(app, &pair).get("/organizations/me").await;
    answer.status == 200
}

/// The one secret on a page of the console.
async fn revealed(browser: &Client, path: &str) -> String {
    let page = browser.post(path, &[("present_password", PASSWORD)]).await;
    browser.arrive(page).await.find("code").join("")
}

/// Whose secret, the call that replaces it, the page that asks before it does, and where that is sent.
const SECRETS: [(&str, &str, &str, &str); 2] = [
    (
        "user",
        "/users/admin@acme.example/secret",
        "/profile/secrets/user/reset/new",
        "/profile/secrets/user/reset",
    ),
    (
        "organization",
        "/organizations/me/secret",
        "/security/settings/secret/new",
        "/security/settings/secret",
    ),
];

#[actix_web::test]
async fn a_secret_that_either_side_replaced_is_void_and_shown_anew() {
    for (whose, call, page, action) in SECRETS {
        let mut told = Vec::new();
        for channel in ["API", "console"] {
            let app = TestApp::start().await;
            let world = World::of(&app).await;
            let former = secrets(&app, world.acme.admin).await;
            if channel == "API" {
                let answer = world.script.post(call, &json!({})).await;
                assert_eq!(answer.status, 200, "{answer:?}");
            } else {
                let page = world.browser.get(page).await;
                let typed = [("present_password", PASSWORD)];
                let done = world.browser.submit(&page, action, &typed).await;
                assert_eq!(done.status, 200, "{}", done.text());
            }
            let pair = secrets(&app, world.acme.admin).await;
            assert!(!opens(&app, &former).await, "{whose}, {channel}");
            assert!(opens(&app, &pair).await, "{whose}, {channel}");
            let path = format!("/profile/secrets/{whose}");
            let secret = revealed(&world.browser, &path).await;
            let fresh = if whose == "user" { pair.0 } else { pair.1 };
            assert_eq!(secret, fresh, "{whose}, {channel}");

            let mut written = world.events().await;
            written.retain(|(event, _)| event.1.3.ends_with("secret-reset"));
            let (event, through) = written.pop().unwrap();
            assert!(written.is_empty(), "once");
            assert_eq!(through, channel);
            told.push(event);
        }
        assert_eq!(told[0], told[1], "{whose}");
    }
}
