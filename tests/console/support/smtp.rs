//! A mail server that keeps what it is given, or is out of sorts, as a test needs it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailin::{Action, Handler, Response, SessionBuilder};
use mailparse::{MailHeaderMap as _, ParsedMail, parse_mail};

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It takes every mail.
    Takes,
    /// It answers this code to every recipient, and quotes the address.
    Refuses(u16),
    /// It takes a mail after so many milliseconds.
    Dawdles(u64),
}

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub to: String,
    pub subject: String,
    pub headers: Vec<(String, String)>,
    /// Type and text of each part.
    pub parts: Vec<(String, String)>,
}

impl Received {
    fn new(to: &str, raw: &[u8]) -> Self {
        let mail = parse_mail(raw).unwrap();
        let part = |part: &ParsedMail<'_>| (part.ctype.mimetype.clone(), part.get_body().unwrap());
        Self {
            to: to.to_owned(),
            subject: mail.headers.get_first_value("Subject").unwrap(),
            headers: mail
                .headers
                .iter()
                .map(|header| (header.get_key(), header.get_value()))
                .collect(),
            parts: mail.subparts.iter().map(part).collect(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The link in its plain text.
    pub fn link(&self) -> String {
        let words = self.parts[0].1.split_whitespace();
        let links: Vec<_> = words.filter(|word| word.starts_with("http")).collect();
        assert_eq!(links.len(), 1, "{}", self.parts[0].1);
        links[0].to_owned()
    }

    /// The link without scheme and host.
    pub fn path(&self) -> String {
        let link = self.link();
        let (_, rest) = link.split_once("://").unwrap();
        rest[rest.find('/').unwrap()..].to_owned()
    }
}

struct State {
    mood: Mutex<Mood>,
    received: Mutex<Vec<Received>>,
    /// Mails whose text has begun to arrive.
    begun: AtomicUsize,
    closed: AtomicBool,
}

/// The server, on a port of its own.
pub struct Smtp {
    address: SocketAddr,
    state: Arc<State>,
}

impl Smtp {
    pub fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap())
    }

    /// Starts where somebody expects it already.
    pub fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            mood: Mutex::new(Mood::Takes),
            received: Mutex::default(),
            begun: AtomicUsize::default(),
            closed: AtomicBool::default(),
        });
        let served = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if served.closed.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&served);
                std::thread::spawn(move || converse(&stream.unwrap(), state));
            }
        });
        Self { address, state }
    }

    /// An address where no server listens yet.
    pub fn absent() -> SocketAddr {
        // Nobody but these tests uses this host, so the port is still free later.
        let listener = TcpListener::bind("127.9.9.9:0").unwrap();
        listener.local_addr().unwrap()
    }

    /// The settings that send mail here.
    pub fn settings(&self) -> Vec<String> {
        settings(self.address)
    }

    pub fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// Every mail so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// How many mails have begun to arrive.
    pub fn begun(&self) -> usize {
        self.state.begun.load(Ordering::SeqCst)
    }

    /// The one mail that arrived since the last look.
    pub fn only(&self) -> Received {
        let mut received = std::mem::take(&mut *self.state.received.lock().unwrap());
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::SeqCst);
        // One more connection, so that it looks.
        let _ = TcpStream::connect(self.address);
    }
}

/// The settings that send mail to an address.
pub fn settings(address: SocketAddr) -> Vec<String> {
    vec![
        "--smtp-url".to_owned(),
        format!("smtp://{address}"),
        "--mail-from".to_owned(),
        "Tenantry <no-reply@tenantry.example>".to_owned(),
    ]
}

/// One connection.
struct Conversation {
    state: Arc<State>,
    to: String,
    raw: Vec<u8>,
}

impl Handler for Conversation {
    fn rcpt(&mut self, to: &str) -> Response {
        to.clone_into(&mut self.to);
        match *self.state.mood.lock().unwrap() {
            Mood::Refuses(code) => Response::custom(code, format!("not now, <{to}>")),
            _ => mailin::response::OK,
        }
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, _: &[String]) -> Response {
        self.state.begun.fetch_add(1, Ordering::SeqCst);
        mailin::response::OK
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mood = *self.state.mood.lock().unwrap();
        if let Mood::Dawdles(millis) = mood {
            std::thread::sleep(Duration::from_millis(millis));
        }
        let mail = Received::new(&self.to, &std::mem::take(&mut self.raw));
        self.state.received.lock().unwrap().push(mail);
        mailin::response::OK
    }
}

fn converse(stream: &TcpStream, state: Arc<State>) {
    let conversation = Conversation {
        state,
        to: String::new(),
        raw: Vec::new(),
    };
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut session = SessionBuilder::new("mail.example").build(peer, conversation);
    let (mut lines, mut writer) = (BufReader::new(stream), stream);
    let mut answer = session.greeting();
    loop {
        let mut text = Vec::new();
        if answer.action != Action::NoReply {
            answer.write_to(&mut text).unwrap();
        }
        let mut line = Vec::new();
        if writer.write_all(&text).is_err()
            || answer.action == Action::Close
            || !matches!(lines.read_until(b'\n', &mut line), Ok(1..))
        {
            return;
        }
        answer = session.process(&line);
    }
}
