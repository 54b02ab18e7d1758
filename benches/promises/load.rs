//! The client: connections that each send one request after the other, and how long the answers took.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HOST;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::task::LocalSet;

/// What is asked, again and again.
#[derive(Clone)]
pub struct Ask {
    pub address: String,
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Ask {
    pub fn get(address: &str, path: &str) -> Self {
        Self {
            address: address.to_owned(),
            method: Method::GET,
            path: path.to_owned(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A form as a page of the console sends it, from a client's address of its own.
    pub fn form(address: &str, path: &str, body: String, client: &str) -> Self {
        Self {
            method: Method::POST,
            body,
            ..Self::get(address, path)
                .with(
                    "content-type",
                    "application/x-www-form-urlencoded".to_owned(),
                )
                .with("sec-fetch-site", "same-origin".to_owned())
                .with("x-forwarded-for", client.to_owned())
        }
    }

    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer to one request on a connection of its own.
    pub fn once(&self) -> (Response<()>, String) {
        Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(async {
                let mut connection = connect(&self.address).await;
                let answer = connection.send_request(self.request()).await.unwrap();
                let (parts, body) = answer.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let text = String::from_utf8(body.into()).unwrap();
                (Response::from_parts(parts, ()), text)
            })
    }

    fn request(&self) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(&self.method)
            .uri(&self.path)
            .header(HOST, &self.address);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let body = Bytes::copy_from_slice(self.body.as_bytes());
        request.body(Full::new(body)).unwrap()
    }
}

/// How long answers took, the quickest first.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub fn all(self) -> Vec<Duration> {
        self.0
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The time within which this part of the answers came, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let place = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0[place].as_secs_f64() * 1000.0
    }

    pub fn median(&self) -> f64 {
        self.percentile(50)
    }
}

/// Sends `ask` on so many connections for so long. Every answer has to be 200 and whole.
pub fn hammer(ask: &Ask, connections: usize, time: Duration) -> Times {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let tasks = LocalSet::new();
    let running: Vec<_> = (0..connections)
        .map(|_| tasks.spawn_local(repeat(ask.clone(), time)))
        .collect();
    runtime.block_on(tasks.run_until(async {
        let mut all = Vec::new();
        for task in running {
            all.extend(task.await.unwrap());
        }
        Times::of(all)
    }))
}

async fn repeat(ask: Ask, time: Duration) -> Vec<Duration> {
    let mut connection = connect(&ask.address).await;
    let mut times = Vec::new();
    let end = Instant::now() + time;
    while Instant::now() < end {
        let request = ask.request();
        let started = Instant::now();
        let answer = connection.send_request(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{}", ask.path);
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            frame.unwrap();
        }
        times.push(started.elapsed());
    }
    times
}

/// Sends what `ask` makes of a number, each on a connection of its own, so many at a time, until told to stop. Answers how
/// many were answered, and how many of them with a fault of the server.
pub fn flood(
    ask: impl Fn(usize) -> Ask + 'static,
    at_a_time: usize,
    stop: &'static AtomicBool,
) -> (usize, usize) {
    let ask = std::rc::Rc::new(ask);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let tasks = LocalSet::new();
    let running: Vec<_> = (0..at_a_time)
        .map(|place| {
            let ask = std::rc::Rc::clone(&ask);
            tasks.spawn_local(async move {
                let (mut answered, mut faults) = (0, 0);
                for turn in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let ask = ask(turn * at_a_time + place);
                    let mut connection = connect(&ask.address).await;
                    let answer = connection.send_request(ask.request()).await.unwrap();
                    answered += 1;
                    faults += usize::from(answer.status().is_server_error());
                }
                (answered, faults)
            })
        })
        .collect();
    runtime.block_on(tasks.run_until(async {
        let (mut answered, mut faults) = (0, 0);
        for task in running {
            let (some, wrong) = task.await.unwrap();
            answered += some;
            faults += wrong;
        }
        (answered, faults)
    }))
}

async fn connect(address: &str) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    tokio::task::spawn(connection);
    sender
}
