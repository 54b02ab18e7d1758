//! Every promise, measured on one database.

use std::net::TcpListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use argon2::password_hash::{PasswordHasher as _, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier as _, Version};

use super::data::{ACCOUNT, Data};
use super::load::{Ask, Times, flood, hammer};
use super::process::{Process, time_to_answer};

/// How long a round takes.
const ROUND: Duration = Duration::from_millis(1500);
/// Rounds of each side.
const ROUNDS: usize = 5;
/// Connections of the side-by-side rounds, and of those that ask for the slowest answers.
const FEW: usize = 4;
const MANY: usize = 8;
/// Sign-ins at a time.
const FLOOD: usize = 64;
/// After so long without a sign-in, the memory of Argon2 is back with the system.
const QUIET: Duration = Duration::from_secs(12);
/// Audit events for each user.
const EVENTS: u64 = 5;

/// What was promised.
#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
    None,
}

/// A line of the table.
pub struct Row {
    pub what: String,
    bound: Bound,
    value: f64,
    unit: &'static str,
    /// What the value was made from.
    from: String,
}

impl Row {
    pub fn promised(&self) -> String {
        match self.bound {
            Bound::AtLeast(least) => format!("≥ {least}{}", self.unit),
            Bound::AtMost(most) => format!("≤ {most}{}", self.unit),
            Bound::None => "–".to_owned(),
        }
    }

    pub fn cell(&self) -> String {
        let holds = match self.bound {
            Bound::AtLeast(least) => self.value >= least,
            Bound::AtMost(most) => self.value <= most,
            Bound::None => true,
        };
        let mark = if holds { "" } else { " ✗" };
        format!("{:.2}{}{mark} ({})", self.value, self.unit, self.from)
    }
}

/// Measures everything on SQLite, or on a server of PostgreSQL.
pub fn measure(postgres: Option<&str>, full: bool) -> Vec<Row> {
    let (users, accounts) = if full {
        (1_000_000, 10_000)
    } else {
        (20_000, 200)
    };
    let filled = Data::fill(postgres, users, accounts, 0).filled;
    // So many accounts that the panel is as full in both.
    let small = Data::fill(postgres, 1000, 60, 1000 * EVENTS);
    let large = Data::fill(postgres, users, accounts, users * EVENTS);
    eprintln!("filled");
    let mut rows = side_by_side(&large);
    eprintln!("side by side");
    rows.extend(growth(&small, &large));
    eprintln!("growth");
    rows.push(sign_in(&small));
    rows.extend(while_flooded(&large));
    eprintln!("flood");
    rows.push(start(&large));
    rows.push(Row {
        what: format!("Filling {users} users"),
        bound: if full && postgres.is_none() {
            Bound::AtMost(60.0)
        } else {
            Bound::None
        },
        value: filled.as_secs_f64(),
        unit: " s",
        from: format!("{accounts} accounts"),
    });
    rows.push(Row {
        what: format!("The same with {} events", users * EVENTS),
        bound: Bound::None,
        value: large.filled.as_secs_f64(),
        unit: " s",
        from: "each of them in five indexes".to_owned(),
    });
    rows
}

/// The Accounts tab and a list of the API beside the floor, in alternating rounds.
fn side_by_side(data: &Data) -> Vec<Row> {
    let product = data.served();
    let tab = Ask::get(&product.address, &format!("/security/accounts/{ACCOUNT}"))
        .with("cookie", data.cookie(&product));
    let list = Ask::get(
        &product.address,
        &format!("/elements/api-v2/accounts/{ACCOUNT}/users?pageSize=200"),
    )
    .with("authorization", data.pair(&product));
    let everybody = Ask {
        path: "/elements/api-v2/users?pageSize=200".to_owned(),
        ..list.clone()
    };
    let bytes = tab.once().1.len();
    let floor = Process::start(
        Command::new(std::env::current_exe().unwrap())
            .arg("floor")
            .args(["--url", &data.url()])
            .args(["--account", &ACCOUNT.to_string()])
            .args(["--bytes", &bytes.to_string()]),
    );
    let page = Ask::get(&floor.address, "/page");
    let rows = Ask::get(&floor.address, "/users");
    vec![
        beside("Accounts tab beside the floor", &tab, &page),
        beside("API, GET /accounts/{id}/users?pageSize=200", &list, &rows),
        beside("API, GET /users?pageSize=200", &everybody, &rows),
    ]
}

fn beside(what: &str, ours: &Ask, floor: &Ask) -> Row {
    // Warm, both.
    hammer(ours, FEW, ROUND / 5);
    hammer(floor, FEW, ROUND / 5);
    let (mut mine, mut bare) = (0, 0);
    for _ in 0..ROUNDS {
        bare += hammer(floor, FEW, ROUND).len();
        mine += hammer(ours, FEW, ROUND).len();
    }
    let a_second = |answers: usize| answers as f64 / (ROUND.as_secs_f64() * ROUNDS as f64);
    Row {
        what: what.to_owned(),
        bound: Bound::AtLeast(0.5),
        value: mine as f64 / bare as f64,
        unit: " x",
        from: format!("{:.0} of {:.0} a second", a_second(mine), a_second(bare)),
    }
}

/// What is asked of a small and of a large database.
struct Asked {
    what: &'static str,
    path: String,
}

fn asked(server: &Process, cookie: &str) -> Vec<Asked> {
    let tab = format!("/security/accounts/{ACCOUNT}");
    let page = |path: &str| {
        Ask::get(&server.address, path)
            .with("cookie", cookie.to_owned())
            .once()
            .1
    };
    let mut deep = tab.clone();
    for _ in 0..200 {
        match link(&page(&deep), "rel=\"next\"") {
            Some(next) => deep = next,
            None => break,
        }
    }
    let person = link(&page(&deep), "class=edit").unwrap();
    let of = |what, path| Asked { what, path };
    vec![
        of("first page", tab.clone()),
        of("10,000 rows deep", deep),
        of("search, hit", format!("{tab}?q=dana%40alder")),
        of("search, miss", format!("{tab}?q=zzqqxxyy")),
        of("search, 3 letters", format!("{tab}?q=ann")),
        of("search, 3 letters that all have", format!("{tab}?q=ald")),
        of("filter Locked", format!("{tab}?status=locked")),
        of(
            "sort by Last Login",
            format!("{tab}?sort=last-login&dir=desc"),
        ),
        of("open a user", person),
        of("Activity", "/activity".to_owned()),
    ]
}

/// The address of the first link with this attribute.
fn link(html: &str, attribute: &str) -> Option<String> {
    let page = scraper::Html::parse_document(html);
    let selector = match attribute {
        "rel=\"next\"" => "nav:not(.turn) a[rel=next]",
        _ => "a.edit[href$=edit]",
    };
    let selector = scraper::Selector::parse(selector).unwrap();
    let link = page.select(&selector).next()?;
    link.attr("href").map(str::to_owned)
}

fn growth(small: &Data, large: &Data) -> Vec<Row> {
    let (few, many) = (small.served(), large.served());
    let (few_cookie, many_cookie) = (small.cookie(&few), large.cookie(&many));
    let pairs = asked(&few, &few_cookie)
        .into_iter()
        .zip(asked(&many, &many_cookie));
    let mut rows = Vec::new();
    let mut slowest = Vec::new();
    for (of_few, of_many) in pairs {
        let of_few_ask = Ask::get(&few.address, &of_few.path).with("cookie", few_cookie.clone());
        let of_many_ask =
            Ask::get(&many.address, &of_many.path).with("cookie", many_cookie.clone());
        let (before, after) = alternate(&of_few_ask, &of_many_ask);
        rows.push(Row {
            what: format!(
                "Growth, {}: {} users beside {}",
                of_few.what, large.users, small.users
            ),
            bound: Bound::AtMost(1.5),
            value: after.median() / before.median(),
            unit: " x",
            from: format!("{:.2} and {:.2} ms", after.median(), before.median()),
        });
        let busy = hammer(&of_many_ask, MANY, ROUND);
        slowest.push(Row {
            what: format!("p99, {}", of_few.what),
            bound: Bound::AtMost(20.0),
            value: busy.percentile(99),
            unit: " ms",
            from: format!("{} answers", busy.len()),
        });
    }
    rows.extend(slowest);
    rows
}

/// The same number of answers of both, one connection, in alternating rounds.
fn alternate(one: &Ask, other: &Ask) -> (Times, Times) {
    let short = ROUND / 6;
    hammer(one, 1, short / 2);
    hammer(other, 1, short / 2);
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        ones.extend(hammer(one, 1, short).all());
        others.extend(hammer(other, 1, short).all());
    }
    (Times::of(ones), Times::of(others))
}

/// A sign-in beside one verification, one after the other.
fn sign_in(data: &Data) -> Row {
    let product = data.served();
    let params = Params::new(19_456, 2, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let salt = SaltString::encode_b64(b"sixteen bytes ab").unwrap();
    let hash = argon2
        .hash_password(b"correct horse", &salt)
        .unwrap()
        .to_string();
    let (mut whole, mut bare) = (Vec::new(), Vec::new());
    for turn in 0..40 {
        let ask = data.sign_in(&product, &format!("192.0.2.{turn}"));
        let started = Instant::now();
        let (answer, _) = ask.once();
        whole.push(started.elapsed());
        assert_eq!(answer.status(), 303);
        let started = Instant::now();
        let stored = PasswordHash::new(&hash).unwrap();
        argon2.verify_password(b"correct horse", &stored).unwrap();
        bare.push(started.elapsed());
    }
    let (whole, bare) = (Times::of(whole).median(), Times::of(bare).median());
    Row {
        what: "A sign-in beside one Argon2id verification".to_owned(),
        bound: Bound::AtMost(1.15),
        value: whole / bare,
        unit: " x",
        from: format!("{whole:.1} and {bare:.1} ms"),
    }
}

/// The Accounts tab while passwords are hashed, and what that takes of memory.
fn while_flooded(data: &Data) -> Vec<Row> {
    static STOP: AtomicBool = AtomicBool::new(false);
    STOP.store(false, Ordering::Relaxed);
    let product = data.served();
    let cookie = data.cookie(&product);
    let signed_in = product.resident();
    std::thread::sleep(QUIET);
    let idle = product.resident();
    let tab =
        Ask::get(&product.address, &format!("/security/accounts/{ACCOUNT}")).with("cookie", cookie);
    hammer(&tab, 1, ROUND);
    let quiet = hammer(&tab, 1, ROUND * 3);
    let address = product.address.clone();
    let wrong = move |number: usize| {
        let client = format!(
            "10.{}.{}.{}",
            number >> 16,
            (number >> 8) & 255,
            number & 255
        );
        let form = format!("email=nobody{number}%40alder.example&password=wrong");
        Ask::form(&address, "/login", form, &client)
    };
    let started = Instant::now();
    let signing_in = std::thread::spawn(move || flood(wrong, FLOOD, &STOP));
    std::thread::sleep(ROUND);
    let mut most = 0.0_f64;
    let mut busy = Vec::new();
    for _ in 0..6 {
        busy.extend(hammer(&tab, 1, ROUND / 2).all());
        most = most.max(product.resident());
    }
    STOP.store(true, Ordering::Relaxed);
    let (answered, faults) = signing_in.join().unwrap();
    let took = started.elapsed().as_secs_f64();
    assert_eq!(faults, 0, "sign-ins met faults of the server");
    let busy = Times::of(busy);
    vec![
        Row {
            what: format!("p99 of the Accounts tab, {FLOOD} sign-ins at a time beside quiet"),
            bound: Bound::AtMost(3.0),
            value: busy.percentile(99) / quiet.percentile(99),
            unit: " x",
            from: format!(
                "{:.1} and {:.1} ms, {:.0} sign-ins a second",
                busy.percentile(99),
                quiet.percentile(99),
                answered as f64 / took
            ),
        },
        Row {
            what: format!("Resident, idle with {} users", data.users),
            bound: Bound::AtMost(40.0),
            value: idle,
            unit: " MB",
            from: format!("{signed_in:.2} just after a sign-in"),
        },
        Row {
            what: "Resident, in that flood".to_owned(),
            bound: Bound::AtMost(120.0),
            value: most,
            unit: " MB",
            from: format!("{FLOOD} at a time"),
        },
    ]
}

/// From the start of the process to its first answer.
fn start(data: &Data) -> Row {
    let times = (0..9).map(|_| {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        time_to_answer(&mut data.serve(&address), &address)
    });
    let times = Times::of(times.collect());
    Row {
        what: "Start to first answer".to_owned(),
        bound: Bound::AtMost(150.0),
        value: times.median(),
        unit: " ms",
        from: format!("slowest of {}: {:.0}", times.len(), times.percentile(100)),
    }
}
