//! The command line, through the built program: set-up, further organizations, recovery, migration, the key file.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output, Stdio};

use diesel::prelude::*;
use tenantry::db::schema::audit_events;

use crate::support::phone::{Phone, enter};
use crate::support::{Database, PASSWORD, TestApp};

const NEW: &str = "Another-Battery-9";

/// A folder of its own, gone when dropped, also when a test fails.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tenantry_{name}_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a command on a database, with the key of the test servers; `typed` is its standard input.
fn tenantry(url: &str, arguments: &[&str], typed: &str) -> Output {
    run(
        url,
        &[("TENANTRY_SECRET_KEY", &"07".repeat(32))],
        arguments,
        typed,
    )
}

fn run(url: &str, settings: &[(&str, &str)], arguments: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tenantry"))
        .args(arguments)
        .env("DATABASE_URL", url)
        .env("TENANTRY_ARGON2_MEMORY", "64")
        .env(
            "TENANTRY_DATA_DIR",
            std::env::temp_dir().join("tenantry_never_made"),
        )
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that is refused early does not read it.
    let _ = writeln!(stdin, "{typed}");
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one sentence of a refused command.
fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    text.trim().strip_prefix("tenantry: ").unwrap().to_owned()
}

fn person<'a>(command: &[&'a str], name: &'a str, email: &'a str) -> Vec<&'a str> {
    let who = [
        "--organization",
        name,
        "--first-name",
        "Zoë",
        "--last-name",
        "Müller",
        "--email",
        email,
    ];
    [command, &who, &["--password-stdin"]].concat()
}

#[actix_web::test]
async fn setup_answers_in_json_and_only_once() {
    let database = Database::empty("setup");
    let weak = tenantry(&database.url, &person(&["setup"], " ", "nothing"), "weak");
    assert_eq!(
        refused(&weak),
        "--organization: Enter the name of your organization. --email: Enter an email address, like \
         name@company.example. --password: The password needs at least 8 characters, 1 uppercase letter, \
         1 number and 1 symbol."
    );
    let common = tenantry(
        &database.url,
        &person(&["setup"], "Acme", "zoe@acme.example"),
        "P@ssw0rd",
    );
    assert_eq!(
        refused(&common),
        "--password: The password needs no place among the 10,000 most common."
    );
    let arguments = [
        &person(&["setup"], "Acme", "zoe@acme.example")[..],
        &["--json"],
    ]
    .concat();
    let answer = said(&tenantry(&database.url, &arguments, PASSWORD));
    let json: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let keys: Vec<_> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "accountId",
            "organizationId",
            "organizationSecret",
            "userId",
            "userSecret"
        ]
    );
    assert_eq!(json["organizationSecret"].as_str().unwrap().len(), 32);
    assert_eq!(json["userSecret"].as_str().unwrap().len(), 44);
    let again = tenantry(
        &database.url,
        &person(&["setup"], "Acme", "max@acme.example"),
        PASSWORD,
    );
    assert_eq!(
        refused(&again),
        "An organization exists already. Use `tenantry organization create` for a further one."
    );

    // A server starts on the database as it is.
    let app = TestApp::start_on(database, &[]).await;
    let client = app.signed_in("zoe@acme.example").await;
    let page = client
        .get(&format!("/security/accounts/{}", json["accountId"]))
        .await;
    assert_eq!(page.table()[0][7], json["userId"].to_string());
    assert_eq!(client.get("/setup").await.status, 404);
}

#[actix_web::test]
async fn further_organizations_are_made_beside_a_running_server() {
    let app = TestApp::start().await;
    app.organization("Acme").await;
    let create = ["organization", "create"];
    let taken = tenantry(
        app.database_url(),
        &person(&create, "Beta", "ADMIN@acme.example"),
        PASSWORD,
    );
    assert_eq!(
        refused(&taken),
        "--email: ADMIN@acme.example already belongs to a user. Enter a different email."
    );
    let made = said(&tenantry(
        app.database_url(),
        &person(&create, "Beta", "zoe@beta.example"),
        PASSWORD,
    ));
    assert!(made.starts_with("Beta is ready, with id "), "{made}");
    assert!(
        made.trim()
            .ends_with(". zoe@beta.example is its Org Admin."),
        "{made}"
    );
    let page = app
        .signed_in("zoe@beta.example")
        .await
        .get("/security/accounts")
        .await;
    assert_eq!(page.status, 303);
    assert_eq!(
        app.codes().await[0..2],
        ["organization.created", "organization.created"]
    );
}

#[actix_web::test]
async fn an_organization_is_switched_off_and_on_beside_a_running_server() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let beta = app.organization("Beta").await;
    let user = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    app.give(user, 2, 3).await;
    let (client, other) = (acme.org_admin().await, beta.org_admin().await);
    let id = client.get("/security/settings").await.find(".facts dd")[0].clone();
    let organization =
        |verb: &str, id: &str| tenantry(app.database_url(), &["organization", verb, id], "");
    assert_eq!(
        refused(&organization("deactivate", "999")),
        "No organization has the id 999. `tenantry organization list` shows them."
    );

    let off = said(&organization("deactivate", &id));
    assert_eq!(off.trim(), "Acme is inactive.");
    said(&organization("deactivate", &id));
    let listed = said(&tenantry(app.database_url(), &["organization", "list"], ""));
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], format!("{id}\tinactive\tAcme"));
    assert!(lines[1].ends_with("\tactive\tBeta"), "{listed}");
    assert_eq!(client.get("/profile").await.status, 303);
    assert_eq!(
        client
            .sign_in(acme.admin_email.as_str(), PASSWORD)
            .await
            .status,
        422
    );
    assert_eq!(
        other.get("/profile").await.status,
        200,
        "nobody else is touched"
    );
    assert_eq!(
        app.holdings(user).await,
        (2, 3, 0),
        "jobs and instances are kept"
    );

    let on = said(&organization("activate", &id));
    assert_eq!(on.trim(), "Acme is active.");
    assert_eq!(
        client.get("/profile").await.status,
        303,
        "no session comes back"
    );
    app.signed_in(acme.admin_email.as_str()).await;
    let codes = app.codes().await;
    let switched: Vec<_> = codes
        .iter()
        .filter(|code| code.contains("activated"))
        .collect();
    assert_eq!(
        switched,
        ["organization.deactivated", "organization.activated"]
    );
}

#[actix_web::test]
async fn an_org_admin_is_given_a_new_password() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Plain User", "plain@acme.example")
        .await;
    let off = acme
        .user_with(acme.account, "Off Line", "off@acme.example", (true, false))
        .await;
    app.set_active(off, false).await;
    let session = acme.org_admin().await;
    let recover = |email: &str, typed: &str| {
        tenantry(
            app.database_url(),
            &["recover-admin", "--email", email],
            typed,
        )
    };
    for (email, typed, sentence) in [
        (
            "nobody@acme.example",
            NEW,
            "nobody@acme.example belongs to no user.",
        ),
        ("nonsense", NEW, "nonsense is not an email address."),
        (
            "plain@acme.example",
            NEW,
            "plain@acme.example is not an Org Admin. An Org Admin can help this user.",
        ),
        (
            "off@acme.example",
            NEW,
            "off@acme.example is deactivated. Another Org Admin can activate this user.",
        ),
        (
            "admin@acme.example",
            "Whitfield-Correct-9",
            "The password needs no part of the name or email.",
        ),
        (
            "admin@acme.example",
            "P@ssw0rd",
            "The password needs no place among the 10,000 most common.",
        ),
        ("admin@acme.example", "", "Enter a password."),
    ] {
        assert_eq!(refused(&recover(email, typed)), sentence);
    }
    assert_eq!(session.get("/profile").await.status, 200);

    let done = said(&recover(" Admin@ACME.example", NEW));
    assert!(
        done.contains("has a new password. All former sessions are ended."),
        "{done}"
    );
    assert_eq!(session.get("/profile").await.status, 303);
    assert_eq!(
        session.sign_in("admin@acme.example", PASSWORD).await.status,
        422
    );
    assert_eq!(session.sign_in("admin@acme.example", NEW).await.status, 303);
    let (channel, address, name, details): (String, String, String, String) = app
        .ask(|db| {
            audit_events::table
                .filter(audit_events::code.eq("user.admin-recovered"))
                .select((
                    audit_events::channel,
                    audit_events::address,
                    audit_events::target_name,
                    audit_events::details,
                ))
                .first(db)
        })
        .await;
    assert_eq!(
        (channel.as_str(), address.as_str()),
        ("command line", "local")
    );
    assert_eq!(
        (name.as_str(), details.as_str()),
        (
            "Dana Whitfield",
            r#"{"secondFactorRemoved":{"after":"false"},"sessionsEnded":{"after":"1"}}"#
        )
    );
}

#[actix_web::test]
async fn an_org_admin_without_a_phone_is_let_in_again() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let phone = Phone::of(&app, &acme.org_admin().await).await;
    for _ in 0..3 {
        enter(&acme.org_admin().await, &phone.wrong_code(&app)).await;
    }
    let arguments = ["recover-admin", "--email", "admin@acme.example"];
    let done = said(&tenantry(app.database_url(), &arguments, NEW));
    assert!(
        done.contains("The second factor was removed; set up a new one in My Profile."),
        "{done}"
    );
    let client = app.anonymous();
    assert_eq!(client.sign_in("admin@acme.example", NEW).await.status, 303);
    assert_eq!(client.get("/profile").await.status, 200);
    let events = app.events().await;
    let recovered = events.iter().find(|it| it.0 == "user.admin-recovered");
    let details = &recovered.unwrap().3;
    assert!(
        details.contains(r#""secondFactorRemoved":{"after":"true"}"#),
        "{details}"
    );
}

#[actix_web::test]
async fn migrate_brings_the_schema_up_to_date_once() {
    let database = Database::empty("migrate");
    let first = said(&tenantry(&database.url, &["migrate"], ""));
    assert_ne!(first.trim(), "No migrations ran.");
    assert_eq!(
        said(&tenantry(&database.url, &["migrate"], "")).trim(),
        "No migrations ran."
    );
}

#[test]
fn a_bad_setting_is_named_with_both_names_and_the_way_out() {
    for (flag, value, sentence) in [
        (
            "--listen",
            "localhost:8080",
            "TENANTRY_LISTEN (--listen) cannot be “localhost:8080”: it must be an IP address and a port, like \
             127.0.0.1:8080.",
        ),
        (
            "--public-url",
            "console.example.com",
            "TENANTRY_PUBLIC_URL (--public-url) cannot be “console.example.com”: it must be like \
             https://console.example.com.",
        ),
        (
            "--log-format",
            "xml",
            "TENANTRY_LOG_FORMAT (--log-format) cannot be “xml”: it must be text or json.",
        ),
        (
            "--log-level",
            "loud",
            "TENANTRY_LOG_LEVEL (--log-level) cannot be “loud”: it must be error, warn, info, debug or trace, and may \
             go on like info,actix_web=debug.",
        ),
    ] {
        let output = tenantry("sqlite:/nowhere/at-all.db", &["migrate", flag, value], "");
        assert_eq!(refused(&output), sentence);
    }
}

#[test]
fn a_new_sqlite_database_is_its_owners_only() {
    let Folder(folder) = &Folder::new("private");
    let url = format!("sqlite:{}/tenantry.db", folder.display());
    said(&tenantry(&url, &["migrate"], ""));
    for file in std::fs::read_dir(folder).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_key_file_is_made_for_its_owner_only_and_belongs_to_the_database() {
    let Folder(folder) = &Folder::new("key");
    let (one, two) = (folder.join("one.key"), folder.join("two.key"));
    let database = Database::empty("key");
    let with = |file: &std::path::Path| {
        let settings = [("TENANTRY_SECRET_KEY_FILE", file.to_str().unwrap())];
        run(
            &database.url,
            &settings,
            &person(&["setup"], "Acme", "zoe@acme.example"),
            PASSWORD,
        )
    };
    said(&with(&one));
    let mode = std::fs::metadata(&one).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(&one).unwrap().trim().len(), 64);
    assert_eq!(
        std::fs::read_dir(folder).unwrap().count(),
        1,
        "no draft is left"
    );

    assert_eq!(
        refused(&with(&two)),
        format!(
            "TENANTRY_SECRET_KEY_FILE {} is not there, and this database was made with a key. \
             Put the key back that belongs to it.",
            two.display()
        )
    );
    assert!(!two.exists(), "no key is made for a database that has one");
    std::fs::write(&two, "08".repeat(32)).unwrap();
    assert_eq!(
        refused(&with(&two)),
        "TENANTRY_SECRET_KEY or TENANTRY_SECRET_KEY_FILE is not the key that this database was made with. \
         Put the key back that belongs to it."
    );
    assert!(refused(&with(&one)).starts_with("An organization exists already."));
    std::fs::write(&two, "not a key").unwrap();
    assert!(refused(&with(&two)).ends_with("two.key must hold 64 hex digits."));
}
