//! The installation's key is replaced: the same secrets under another key, whole or not at all.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::{organizations, sessions, users};
use tenantry::domain::keys::Keys;

use crate::support::phone::{Phone, enter};
use crate::support::{Client, Database, PASSWORD, TestApp};

const OWN: &str = "/profile/secrets/user";
const ORGANIZATION: &str = "/profile/secrets/organization";

/// A database with a key file in a folder of its own, gone when dropped.
struct Installation {
    database: Arc<Database>,
    folder: PathBuf,
}

impl Installation {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tenantry_{name}_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = Arc::new(Database::empty(name));
        Self { database, folder }
    }

    fn key(&self) -> PathBuf {
        self.folder.join("secret.key")
    }

    async fn start(&self) -> TestApp {
        let key = self.key();
        let settings = ["--secret-key-file", key.to_str().unwrap()];
        TestApp::start_on(Arc::clone(&self.database), &settings).await
    }

    fn rotate(&self) -> Child {
        let settings = [(
            "TENANTRY_SECRET_KEY_FILE",
            self.key().to_str().unwrap().to_owned(),
        )];
        rotate(&self.database.url, settings, "")
    }

    /// The file beside the key's whose name goes on with this word.
    fn beside(&self, word: &str) -> Vec<PathBuf> {
        let begins = format!("secret.key.{word}-");
        let files = std::fs::read_dir(&self.folder).unwrap();
        let files = files.map(|file| file.unwrap());
        files
            .filter(|file| file.file_name().to_str().unwrap().starts_with(&begins))
            .map(|file| file.path())
            .collect()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn rotate(url: &str, settings: [(&str, String); 1], typed: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tenantry"))
        .args(["--database-url", url, "--argon2-memory", "64", "rotate-key"])
        .envs(settings)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that is refused early does not read it.
    let _ = writeln!(child.stdin.take().unwrap(), "{typed}");
    child
}

/// What a command said, and whether it did what it was asked for.
fn end(child: Child) -> (bool, String) {
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

fn master(file: &Path) -> Keys {
    let mut key = [0; 32];
    let text = std::fs::read_to_string(file).unwrap();
    hex::decode_to_slice(text.trim(), &mut key).unwrap();
    Keys::derive(&key)
}

/// Both secrets of an admin, read in the browser.
async fn secrets(client: &Client) -> [String; 2] {
    let typed = [("present_password", PASSWORD)];
    assert_eq!(client.post(OWN, &typed).await.status, 303);
    let read = async |path| client.get(path).await.find("code").remove(0);
    [read(OWN).await, read(ORGANIZATION).await]
}

async fn digests(app: &TestApp) -> Vec<(String, String)> {
    app.ask(|db| {
        users::table
            .order(users::id)
            .select((users::secret_digest, users::secret_sealed))
            .load(db)
    })
    .await
}

#[actix_web::test]
async fn the_same_secrets_are_read_under_another_key() {
    let installation = Installation::new("rotation");
    let former = installation.start().await;
    let acme = former.organization("Acme").await;
    former.organization("Birch").await;
    // More than are written at once.
    acme.crowd(acme.account, "Crowd", 1_100).await;
    let admin = acme.org_admin().await;
    let before = secrets(&admin).await;
    let old = master(&installation.key());
    let kept = digests(&former).await;

    let (done, said) = end(installation.rotate());
    assert!(done, "{said}");
    assert!(
        said.starts_with("The key was replaced: 1,104 secrets are sealed with the new one. All sessions are ended."),
        "{said}"
    );
    let new = master(&installation.key());
    assert_ne!(new.check(), old.check());
    assert_eq!(master(&installation.beside("old")[0]).check(), old.check());
    assert!(installation.beside("new").is_empty());
    let mode = std::fs::metadata(installation.key())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let app = installation.start().await;
    let after = digests(&app).await;
    assert!(
        kept.iter()
            .zip(&after)
            .all(|(old, new)| old.0 != new.0 && old.1 != new.1)
    );
    let client = app.signed_in(&acme.admin_email).await;
    assert_eq!(secrets(&client).await, before);
    assert_eq!(after[0].0, new.digest("user-secret", &before[0]));
    let kept: String = app
        .ask(|db| {
            organizations::table
                .select(organizations::secret_digest)
                .order(organizations::id)
                .first(db)
        })
        .await;
    assert_eq!(kept, new.digest("organization-secret", &before[1]));
    let codes = app.codes().await;
    let told = codes
        .iter()
        .filter(|code| *code == "organization.key-replaced");
    assert_eq!(told.count(), 2, "each organization learns of it");
}

#[actix_web::test]
async fn a_server_that_still_runs_with_the_former_key_writes_nothing() {
    let installation = Installation::new("rotation_live");
    let former = installation.start().await;
    let acme = former.organization("Acme").await;
    let admin = acme.org_admin().await;
    assert!(end(installation.rotate()).0);
    assert_eq!(
        admin.get("/profile").await.status,
        303,
        "sessions are ended"
    );
    let codes = former.codes().await;
    let refused = former
        .anonymous()
        .sign_in(&acme.admin_email, PASSWORD)
        .await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
    assert_eq!(former.codes().await, codes, "nothing was written");
    let open: i64 = former
        .ask(|db| sessions::table.count().get_result(db))
        .await;
    assert_eq!(open, 0);
    let app = installation.start().await;
    app.signed_in(&acme.admin_email).await;
}

#[actix_web::test]
async fn killed_at_any_moment_it_has_happened_or_not() {
    let installation = Installation::new("rotation_killed");
    let app = installation.start().await;
    let acme = app.organization("Acme").await;
    acme.crowd(acme.account, "Crowd", 3_000).await;
    let before = secrets(&acme.org_admin().await).await;
    let mut killed = 0;
    for delay in [0, 10, 20, 30, 45, 60, 80, 100, 140, 200, 300] {
        let mut child = installation.rotate();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        killed += i32::from(!child.wait().unwrap().success());
        let again = installation.start().await;
        let client = again.signed_in(&acme.admin_email).await;
        assert_eq!(secrets(&client).await, before, "after {delay} ms");
    }
    assert!(killed > 3, "{killed} were killed");
    assert!(end(installation.rotate()).0);
    let again = installation.start().await;
    let client = again.signed_in(&acme.admin_email).await;
    assert_eq!(secrets(&client).await, before);
}

#[actix_web::test]
async fn a_start_finishes_what_was_cut_short_between_the_database_and_the_file() {
    let installation = Installation::new("rotation_cut");
    let app = installation.start().await;
    let acme = app.organization("Acme").await;
    let before = secrets(&acme.org_admin().await).await;
    assert!(end(installation.rotate()).0);
    // As a kill after the commit leaves it: the new key is a draft, the former one in its place.
    let check = master(&installation.key()).check();
    let draft = installation
        .folder
        .join(format!("secret.key.new-{}", &check[..16]));
    std::fs::rename(installation.key(), &draft).unwrap();
    std::fs::copy(&installation.beside("old")[0], installation.key()).unwrap();

    let again = installation.start().await;
    let client = again.signed_in(&acme.admin_email).await;
    assert_eq!(secrets(&client).await, before);
    assert!(!draft.exists());
    assert_eq!(master(&installation.key()).check(), check);
}

#[actix_web::test]
async fn of_two_at_once_one_is_refused_and_the_key_is_whole() {
    let installation = Installation::new("rotation_twice");
    let app = installation.start().await;
    let acme = app.organization("Acme").await;
    acme.crowd(acme.account, "Crowd", 500).await;
    let before = secrets(&acme.org_admin().await).await;
    let children: Vec<_> = (0..4).map(|_| installation.rotate()).collect();
    let ends: Vec<_> = children.into_iter().map(end).collect();
    assert!(ends.iter().any(|(done, _)| *done), "{ends:?}");
    let again = installation.start().await;
    let client = again.signed_in(&acme.admin_email).await;
    assert_eq!(secrets(&client).await, before, "{ends:?}");
}

#[actix_web::test]
async fn with_the_key_in_the_environment_the_new_one_comes_from_standard_input() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let before = secrets(&acme.org_admin().await).await;
    let url = app.database_url();
    let key = |pair: &str| [("TENANTRY_SECRET_KEY", pair.repeat(32))];
    for (key, typed, sentence) in [
        (
            key("07"),
            "not a key",
            "The first line of standard input must be the new key: 64 hex digits.",
        ),
        (
            key("09"),
            &*"08".repeat(32),
            "is not the key that this database was made with.",
        ),
    ] {
        let (done, said) = end(rotate(url, key, typed));
        assert!(!done && said.contains(sentence), "{said}");
    }
    let new = "08".repeat(32);
    let (done, said) = end(rotate(url, key("07"), &new));
    assert!(done && !said.contains(&new), "{said}");
    let again = app.again(&["--secret-key", &new]).await;
    let client = again.signed_in(&acme.admin_email).await;
    assert_eq!(secrets(&client).await, before);
}

#[actix_web::test]
async fn what_does_not_open_stops_it_before_anything_is_changed() {
    let installation = Installation::new("rotation_torn");
    let app = installation.start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 2).await;
    let torn = crowd[1];
    app.change(move |tx| {
        diesel::update(users::table.find(torn))
            .set(users::secret_sealed.eq("torn"))
            .execute(tx.db())?;
        Ok(())
    })
    .await;
    let admin = acme.org_admin().await;
    let kept = digests(&app).await;
    let (done, said) = end(installation.rotate());
    let sentence = format!(
        "secret_sealed of users {torn} does not open with the present key. Nothing was changed."
    );
    assert!(!done && said.contains(&sentence), "{said}");
    assert_eq!(digests(&app).await, kept);
    assert_eq!(admin.get("/profile").await.status, 200, "sessions go on");
}

#[actix_web::test]
async fn authenticator_apps_and_recovery_codes_go_on_under_another_key() {
    let installation = Installation::new("rotation_of_factors");
    let former = installation.start().await;
    let acme = former.organization("Acme").await;
    let admin = acme.org_admin().await;
    let phone = Phone::of(&former, &admin).await;
    let (done, said) = end(installation.rotate());
    assert!(done, "{said}");

    let app = installation.start().await;
    app.advance(TimeDelta::minutes(5));
    for code in [phone.code(&app), phone.recovery_codes[3].clone()] {
        let client = app.anonymous();
        client.sign_in(&acme.admin_email, PASSWORD).await;
        assert_eq!(client.get("/profile").await.status, 303);
        enter(&client, &code).await;
        assert_eq!(client.get("/profile").await.status, 200, "{code}");
    }
}
