//! A killed server loses nothing that it answered, and starts again by itself.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Client, Database, PASSWORD};

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(database: &Database) -> Self {
        let mut child = command(database)
            .args(["--listen", "127.0.0.1:0", "serve"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address }
    }

    /// SIGKILL.
    fn kill(self) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command
        .args(["--database-url", &database.url])
        .args(["--secret-key", &"07".repeat(32)])
        .args(["--argon2-memory", "64", "--argon2-passes", "1"])
        .args(["--log-level", "error"]);
    command
}

fn set_up(database: &Database) {
    let mut child = command(database)
        .args(["setup", "--organization", "Acme", "--first-name", "Dana"])
        .args(["--last-name", "Whitfield", "--email", "dana@acme.example"])
        .arg("--password-stdin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

async fn sign_in(address: &str) -> Client {
    let client = Client::new(address);
    let fields = [("email", "dana@acme.example"), ("password", PASSWORD)];
    assert_eq!(client.post("/login", &fields).await.status, 303);
    client
}

#[actix_web::test]
async fn a_kill_among_writes_loses_no_answered_write() {
    let database = Database::empty("crash");
    set_up(&database);
    let mut answered = 0;
    for round in 0..3 {
        let server = Server::start(&database);
        let client = sign_in(&server.address).await;
        let known = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (client, known) = (client.clone(), Arc::clone(&known));
                actix_web::rt::spawn(async move {
                    for number in 0.. {
                        let name = format!("Account {round}.{writer}.{number}");
                        let request = client
                            .request("POST", "/security/accounts")
                            .header("sec-fetch-site", "same-origin")
                            .form(&[("name", name.as_str())]);
                        match request.send().await {
                            Ok(answer) if answer.status() == 303 => {
                                known.fetch_add(1, Ordering::SeqCst);
                            }
                            _ => break,
                        }
                    }
                })
            })
            .collect();
        while known.load(Ordering::SeqCst) < 40 {
            actix_web::rt::task::yield_now().await;
        }
        server.kill();
        for writer in writers {
            writer.await.unwrap();
        }
        answered += known.load(Ordering::SeqCst);
    }
    let server = Server::start(&database);
    let client = sign_in(&server.address).await;
    let mut names = 0;
    let mut next = Some("/security/accounts/new".to_owned());
    while let Some(path) = next {
        let page = client.get(&path).await;
        assert_eq!(page.status, 200);
        // The default account stands on every page of the panel.
        names += page.accounts().len() - 1;
        next = page.link("Next");
    }
    server.kill();
    // A write that was under way may be there too; one that was answered has to be.
    assert!(
        names >= answered,
        "{names} of {answered} answered writes are left"
    );
}

#[actix_web::test]
async fn sigterm_ends_it_well() {
    let database = Database::empty("sigterm");
    set_up(&database);
    let mut server = Server::start(&database);
    // It listens for signals only once it serves.
    sign_in(&server.address).await;
    let pid = server.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(server.child.wait().unwrap().success());
}
