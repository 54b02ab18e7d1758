//! More than the machine can serve: answered late, or with 503 and Retry-After, in the words of each front end.

use std::sync::mpsc::channel;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tenantry::db::Db;

use crate::support::program::set_up;
use crate::support::{Client, Database, Program, Socket, TestApp};

#[actix_web::test]
async fn the_queue_for_the_database_has_an_end() {
    let app = TestApp::start_with(&["--database-pool", "1"]).await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let call = || {
        admin
            .request("GET", "/elements/api-v2/accounts")
            .header("authorization", "Bearer x")
    };
    let home = format!("/security/accounts/{}", acme.account);
    assert_eq!(admin.get(&home).await.status, 200);
    let ((go, wait), (start, started)) = (channel(), channel());
    let held = app.app.clone();
    let held = actix_web::rt::spawn(async move {
        let work = move |_: &mut Db| Ok((start.send(()), wait.recv()));
        held.read(work).await
    });
    while started.try_recv().is_err() {
        actix_web::rt::task::yield_now().await;
    }
    let mut waiting = Vec::new();
    loop {
        let mut one = Box::pin(app.app.read(|_| Ok(())));
        match (&mut one).now_or_never() {
            Some(turned_away) => break assert!(turned_away.is_err()),
            None => waiting.push(one),
        }
    }
    assert_eq!(waiting.len(), 1000);
    let page = admin.get(&home).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "5"));
    assert_eq!(page.heading(), "Tenantry is busy");
    let json = admin.send(call()).await;
    assert_eq!((json.status, json.header("retry-after")), (503, "5"));
    assert!(json.body.contains("The server is busy."), "{}", json.body);
    go.send(()).unwrap();
    held.await.unwrap().unwrap().1.unwrap();
    for answer in join_all(waiting).await {
        answer.unwrap();
    }
    assert_eq!(admin.get(&home).await.status, 200);
    assert_eq!(admin.send(call()).await.status, 401);
}

#[actix_web::test]
async fn more_connections_than_files_can_be_open_wait() {
    let database = Database::empty("files");
    set_up(&database);
    let server = Program::start_with_files(&database, 300);
    let client = server.sign_in().await;
    let home = client.arrive(client.get("/").await).await;
    assert_eq!(home.status, 200);
    let mut sockets = Vec::new();
    for _ in 0..120 {
        sockets.push(Socket::send(&server.address, "GET /login HTTP/1.1\r\nX: x").await);
    }
    // Who is served already goes on being served: the database has its files.
    assert_eq!(client.get("/profile").await.status, 200);
    drop(sockets);
    assert_eq!(Client::new(&server.address).get("/login").await.status, 200);
}
