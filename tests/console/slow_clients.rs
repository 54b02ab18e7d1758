//! Clients that send or take too slowly are cut off, each kind of them, and many of them leave the console answerable.

use std::time::Duration;

use futures_util::future::join_all;
use tenantry::patience::Patience;
use tokio::time::timeout;

use crate::support::{Socket, TestApp};

const GET: &str = "GET /login HTTP/1.1\r\nHost: x\r\n\r\n";
const FORM: &str = "POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\n";
const CALL: &str = "POST /elements/api-v2/authentication HTTP/1.1\r\nHost: x\r\n\
                    Content-Type: application/json\r\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";
const SIZED: &str = "Content-Length: 60000\r\n\r\n";
/// The end of a page.
const END: &str = "</html>";

/// Actix looks at its clock every half second: a time shorter than that could be over before it begins.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(3600);

/// Waits for ever.
fn endless() -> Patience {
    Patience {
        head: LONG,
        body: LONG,
        request: LONG,
        answer: LONG,
        idle: LONG,
    }
}

#[actix_web::test]
async fn a_head_a_byte_at_a_time() {
    let patience = Patience {
        head: SHORT,
        ..endless()
    };
    let app = TestApp::start_with_patience(patience).await;
    let answer = Socket::send(&app.address, "GET /login HTTP/1.1\r\nX: ").await;
    let answer = answer.trickle("x").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let silent = Socket::open(&app.address).await.trickle("").await;
    assert!(silent.starts_with("HTTP/1.1 408"), "{silent}");
}

#[actix_web::test]
async fn a_later_head_a_byte_at_a_time() {
    let patience = Patience {
        request: SHORT,
        ..endless()
    };
    let app = TestApp::start_with_patience(patience).await;
    let socket = Socket::send(&app.address, GET).await;
    assert!(socket.read_until(END).await.starts_with("HTTP/1.1 200"));
    assert_eq!(socket.trickle("G").await, "");
}

#[actix_web::test]
async fn a_body_a_byte_at_a_time() {
    let patience = Patience {
        body: SHORT,
        ..endless()
    };
    let app = TestApp::start_with_patience(patience).await;
    for (framing, bytes) in [(SIZED, "a"), (CHUNKED, "1\r\na\r\n")] {
        let form = Socket::send(&app.address, &format!("{FORM}{framing}{bytes}")).await;
        let page = form.read_until(END).await;
        assert!(page.starts_with("HTTP/1.1 408"), "{page}");
        assert!(page.contains("took too long to arrive"), "{page}");
        let call = Socket::send(&app.address, &format!("{CALL}{framing}{bytes}")).await;
        let json = call.read_until("}").await;
        assert!(json.starts_with("HTTP/1.1 408"), "{json}");
        assert!(
            json.contains(r#""message":"The request took too long"#),
            "{json}"
        );
    }
}

#[actix_web::test]
async fn a_body_that_nobody_reads() {
    let patience = Patience {
        request: SHORT,
        ..endless()
    };
    let app = TestApp::start_with_patience(patience).await;
    for (framing, bytes) in [(SIZED, "a"), (CHUNKED, "1\r\na\r\n")] {
        let nowhere = FORM.replace("/login", "/nowhere");
        let socket = Socket::send(&app.address, &format!("{nowhere}{framing}{bytes}")).await;
        let answer = socket.trickle(bytes).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }
}

#[actix_web::test]
async fn an_answer_that_nobody_takes() {
    let patience = Patience {
        answer: SHORT,
        ..endless()
    };
    let app = TestApp::start_with_patience(patience).await;
    Socket::open(&app.address)
        .await
        .flood(&GET.repeat(50))
        .await;
}

#[actix_web::test]
async fn a_connection_that_asks_for_nothing_more() {
    let patience = Patience {
        idle: SHORT,
        ..endless()
    };
    let app = TestApp::start_with_patience(patience).await;
    let socket = Socket::send(&app.address, GET).await;
    assert!(socket.trickle("").await.contains(END));
}

#[actix_web::test]
async fn two_thousand_of_them_leave_the_console_answerable() {
    // Both ends are this process.
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(
        files >= 5000,
        "only {files} files may be open: raise the hard limit (ulimit -Hn)"
    );
    let app = TestApp::start_with_patience(endless()).await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let pipelined = GET.repeat(100);
    let kinds = [
        "",
        "GET /login HTTP/1.1\r\nX: x",
        &format!("{FORM}{SIZED}a"),
        &format!("{FORM}{CHUNKED}1\r\na\r\n"),
        &format!("{}{CHUNKED}1\r\na\r\n", FORM.replace("/login", "/nowhere")),
        GET,
        &format!("{GET}GET"),
        &pipelined,
    ];
    let mut sockets = Vec::new();
    for _ in 0..2000 / kinds.len() {
        sockets.extend(join_all(kinds.iter().map(|kind| Socket::send(&app.address, kind))).await);
    }
    let pages = async {
        let home = format!("/security/accounts/{}", acme.account);
        for path in [home.as_str(), "/activity", "/profile"] {
            assert_eq!(admin.get(path).await.status, 200, "{path}");
        }
        // Signs in anew.
        acme.org_admin().await;
    };
    let answered = timeout(Duration::from_secs(20), pages).await;
    answered.expect("the console is to be answerable");
    let open = sockets.iter().filter(|socket| socket.take().1).count();
    assert_eq!(open, sockets.len(), "they were there all the time");
}
