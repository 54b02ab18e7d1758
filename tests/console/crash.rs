//! A killed server loses nothing that it answered, and starts again by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::program::set_up;
use crate::support::{Database, Program, Socket};

#[actix_web::test]
async fn a_kill_among_writes_loses_no_answered_write() {
    let database = Database::empty("crash");
    set_up(&database);
    let mut answered = 0;
    for round in 0..3 {
        let server = Program::start(&database);
        let client = server.sign_in().await;
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
    let server = Program::start(&database);
    let client = server.sign_in().await;
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
    let server = Program::start(&database);
    // It listens for signals only once it serves.
    server.sign_in().await;
    assert!(server.terminate().success());
}

#[actix_web::test]
async fn sigterm_ends_it_in_time_among_requests_that_never_end() {
    let database = Database::empty("sigterm_load");
    set_up(&database);
    let server = Program::start(&database);
    let client = server.sign_in().await;
    let body = "POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 9\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\na";
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(Socket::send(&server.address, body).await);
    }
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let client = client.clone();
            actix_web::rt::spawn(async move {
                for number in 0.. {
                    let name = format!("Account {writer}-{number}");
                    let request = client
                        .request("POST", "/security/accounts")
                        .header("sec-fetch-site", "same-origin")
                        .form(&[("name", name.as_str())]);
                    if request.send().await.is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    let told = Instant::now();
    let ended = actix_web::rt::task::spawn_blocking(move || server.terminate());
    assert!(ended.await.unwrap().success());
    // Ten, and what a busy machine adds; the bodies alone would be waited for for twenty.
    assert!(
        told.elapsed() < Duration::from_secs(18),
        "{:?}",
        told.elapsed()
    );
    for writer in writers {
        writer.await.unwrap();
    }
}
