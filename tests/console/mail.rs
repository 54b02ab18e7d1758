//! The outbox and its sender: mail arrives though the mail server is away, slow or out of sorts, and never twice.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tracing::subscriber::DefaultGuard;

use crate::support::{Client, Database, Mood, PASSWORD, Smtp, TestApp, mail_settings, texts};

/// What this thread writes to the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn keep() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_max_level(tracing::Level::DEBUG)
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn with_the_server_away_it_is_tried_less_and_less_often() {
    let (log, _guard) = Log::keep();
    let address = Smtp::absent();
    let app = TestApp::start_with(&texts(&mail_settings(address))).await;
    let acme = app.organization("Acme").await;
    app.forget(&acme.admin_email).await;
    let mut tried = vec![0];
    for second in 1..=600 {
        let before = log.text().matches("will be tried again").count();
        app.advance(TimeDelta::seconds(1));
        app.mail().await;
        if log.text().matches("will be tried again").count() > before {
            tried.push(second);
        }
    }
    assert_eq!(tried, [0, 15, 45, 105, 225, 465]);
    assert_eq!(app.waiting().await, 1);

    let smtp = Smtp::start_at(address);
    app.advance(TimeDelta::minutes(6));
    app.mail().await;
    let page = app.anonymous().get(&smtp.only().path()).await;
    assert_eq!(page.heading(), "Choose a new password");
    assert_eq!(app.waiting().await, 0);
    let log = log.text();
    assert!(
        !log.contains(&acme.admin_email) && !log.contains("token"),
        "{log}"
    );
    let asked = app.codes().await;
    let asked = asked.iter().filter(|code| *code == "user.recovery-asked");
    assert_eq!(asked.count(), 1, "once, however often it was tried");
}

#[actix_web::test]
async fn a_mail_is_given_up_with_its_link() {
    let (log, _guard) = Log::keep();
    let address = Smtp::absent();
    let app = TestApp::start_with(&texts(&mail_settings(address))).await;
    let acme = app.organization("Acme").await;
    app.forget(&acme.admin_email).await;
    app.advance(TimeDelta::minutes(30));
    let smtp = Smtp::start_at(address);
    app.mail().await;
    assert_eq!(smtp.received().len(), 0);
    assert_eq!(app.waiting().await, 0);
    assert!(
        log.text()
            .contains("a mail was given up: its link has run out")
    );
}

#[actix_web::test]
async fn a_mail_whose_link_is_void_is_never_sent() {
    let address = Smtp::absent();
    let app = TestApp::start_with(&texts(&mail_settings(address))).await;
    let acme = app.organization("Acme").await;
    app.forget(&acme.admin_email).await;
    let admin = acme.org_admin().await;
    let fields = [
        ("present_password", PASSWORD),
        ("password", "Another-Battery-9"),
    ];
    assert_eq!(admin.post("/profile/password", &fields).await.status, 303);
    let smtp = Smtp::start_at(address);
    app.advance(TimeDelta::minutes(1));
    app.mail().await;
    assert_eq!((smtp.received().len(), app.waiting().await), (0, 0));
}

#[actix_web::test]
async fn what_is_refused_for_now_is_tried_again_and_what_is_refused_is_not() {
    for (code, kept) in [(450, 1), (421, 1), (530, 1), (550, 0), (501, 0)] {
        let (log, _guard) = Log::keep();
        let smtp = Smtp::start();
        let app = TestApp::start_with_mail(&smtp).await;
        let acme = app.organization("Acme").await;
        smtp.set(Mood::Refuses(code));
        app.forget(&acme.admin_email).await;
        assert_eq!(app.waiting().await, kept, "{code}");
        smtp.set(Mood::Takes);
        app.advance(TimeDelta::minutes(1));
        app.mail().await;
        assert_eq!(
            smtp.received().len(),
            usize::try_from(kept).unwrap(),
            "{code}"
        );
        assert_eq!(app.waiting().await, 0, "{code}");
        let log = log.text();
        assert!(
            log.contains(&format!("the mail server answered {code}")),
            "{log}"
        );
        assert!(
            !log.contains("acme.example") && !log.contains("token"),
            "{log}"
        );
    }
}

#[actix_web::test]
async fn where_encryption_is_wanted_nothing_goes_in_the_clear() {
    let smtp = Smtp::start();
    let mut settings = smtp.settings();
    settings[1].push_str("?tls=required");
    let app = TestApp::start_with(&texts(&settings)).await;
    let acme = app.organization("Acme").await;
    app.forget(&acme.admin_email).await;
    assert_eq!((smtp.begun(), app.waiting().await), (0, 1));
}

#[actix_web::test]
async fn two_servers_on_one_database_send_it_once() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let other = app.again(&texts(&smtp.settings())).await;
    let acme = app.organization("Acme").await;
    let mut users = vec![acme.admin_email.clone()];
    for number in 0..7 {
        let email = format!("user{number}@acme.example");
        acme.user(acme.account, "Some Body", &email).await;
        users.push(email);
    }
    for email in &users {
        let client = app.anonymous();
        client
            .post("/password/forgotten", &[("email", email)])
            .await;
    }
    smtp.set(Mood::Dawdles(200));
    futures_util::future::join(app.mail(), other.mail()).await;
    let mut arrived: Vec<_> = smtp.received().into_iter().map(|mail| mail.to).collect();
    arrived.sort();
    users.sort();
    assert_eq!(arrived, users);
}

#[actix_web::test]
async fn what_a_killed_sender_had_begun_another_one_sends() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    let client = app.anonymous();
    let fields = [("email", acme.admin_email.as_str())];
    client.post("/password/forgotten", &fields).await;
    smtp.set(Mood::Dawdles(60_000));
    let cut = tokio::time::timeout(Duration::from_millis(300), app.mail());
    assert!(cut.await.is_err(), "cut off while the mail server thinks");
    assert_eq!((smtp.begun(), app.waiting().await), (1, 1));

    smtp.set(Mood::Takes);
    app.mail().await;
    assert_eq!(
        smtp.received().len(),
        0,
        "the killed one may be at work still"
    );
    app.advance(TimeDelta::minutes(2));
    app.mail().await;
    let page = client.get(&smtp.only().path()).await;
    assert_eq!(page.heading(), "Choose a new password");
}

#[actix_web::test]
async fn without_a_mail_server_it_is_written_to_the_log_and_the_pages_say_so() {
    let (log, _guard) = Log::keep();
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    app.forget(&acme.admin_email).await;
    let text = log.text();
    let link = text
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .unwrap();
    let path = link.strip_prefix(&app.address).unwrap();
    let client = app.anonymous();
    assert_eq!(client.get(path).await.heading(), "Choose a new password");

    let smtp = Smtp::start();
    let with_mail = app.again(&texts(&smtp.settings())).await;
    let new_user = format!("/security/accounts/{}/users/new", acme.account);
    for (server, off) in [(&app, true), (&with_mail, false)] {
        let says = async |client: &Client, path: &str, words: &str| {
            let text = client.get(path).await.text();
            assert_eq!(text.contains(words), off, "{path}: {text}");
        };
        says(&server.anonymous(), "/password/forgotten", "Mail is off").await;
        let admin = server.signed_in(&acme.admin_email).await;
        says(&admin, "/security/settings", "Mail is off.").await;
        says(&admin, &new_user, "Give them the password.").await;
    }
}

#[actix_web::test]
async fn an_address_beyond_ascii_is_sent_to_in_the_form_that_servers_know() {
    let smtp = Smtp::start();
    let app = TestApp::start_with_mail(&smtp).await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Zoë Müller", "zoe@Müller.example")
        .await;
    app.forget("zoe@müller.example").await;
    assert_eq!(smtp.only().to, "zoe@xn--mller-kva.example");
}

/// The built program, with mail.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(database: &Database, smtp: &Smtp) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tenantry"))
            .args(["--database-url", &database.url])
            .args(["--secret-key", &"07".repeat(32)])
            .args(["--argon2-memory", "64", "--argon2-passes", "1"])
            .args(["--log-level", "debug", "--listen", "127.0.0.1:0", "serve"])
            .args(smtp.settings())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut { stdout }, &mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address }
    }

    /// SIGTERM; answers what was logged, once it has ended well.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.unwrap().success());
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        std::io::Read::read_to_string(&mut stderr, &mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for what another thread does.
async fn until(mut it: impl FnMut() -> bool) {
    let started = Instant::now();
    while !it() {
        assert!(started.elapsed() < Duration::from_secs(20), "it never came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn sigterm_lets_a_mail_that_is_on_its_way_arrive() {
    let smtp = Smtp::start();
    // Made and filled by a server in this process, served by the program.
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let server = Server::start(app.database(), &smtp);
    smtp.set(Mood::Dawdles(1500));
    let client = Client::new(&server.address);
    let fields = [("email", acme.admin_email.as_str())];
    assert_eq!(
        client.post("/password/forgotten", &fields).await.status,
        303
    );
    until(|| smtp.begun() == 1).await;
    assert_eq!(smtp.received().len(), 0);
    let page = client.get("/password/new?token=looked-for").await;
    assert_eq!(page.status, 404);

    let log = server.stop();
    let link = smtp.only().link();
    assert_eq!(app.waiting().await, 0);
    let (_, token) = link.split_once("token=").unwrap();
    for secret in [token, "looked-for", &acme.admin_email] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    assert!(log.contains("route=\"/password/new\""), "{log}");
}
