//! Data sets: demos of two sizes, on SQLite in a folder that goes away, on PostgreSQL in databases that are dropped.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use super::load::Ask;
use super::process::Process;

/// The demo's account of which a tenth of all users are.
pub const ACCOUNT: i64 = 1;
const PRODUCT: &str = env!("CARGO_BIN_EXE_tenantry");

/// A filled database and its key.
pub struct Data {
    folder: PathBuf,
    /// The PostgreSQL server, and the name of the database in it.
    server: Option<(String, String)>,
    email: String,
    password: String,
    pub users: u64,
    /// How long it took to fill.
    pub filled: Duration,
}

impl Data {
    pub fn fill(postgres: Option<&str>, users: u64, accounts: u64, events: u64) -> Self {
        let name = format!("tenantry_bench_{}_{users}_{events}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let mut data = Self {
            folder,
            server: postgres.map(|url| (url.to_owned(), name)),
            email: String::new(),
            password: String::new(),
            users,
            filled: Duration::ZERO,
        };
        if let Some((server, name)) = &data.server {
            command(server, &format!("CREATE DATABASE {name}"));
        }
        let started = Instant::now();
        let output = data
            .product()
            .args(["demo", "--no-serve"])
            .args(["--users", &users.to_string()])
            .args(["--accounts", &accounts.to_string()])
            .args(["--events", &events.to_string()])
            .output()
            .unwrap();
        data.filled = started.elapsed();
        let said = String::from_utf8(output.stdout).unwrap();
        let (_, words) = said
            .split_once("Sign in as ")
            .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let words: Vec<&str> = words.split_whitespace().collect();
        data.email = words[0].to_owned();
        data.password = (*words.last().unwrap()).to_owned();
        data
    }

    pub fn url(&self) -> String {
        match &self.server {
            // As in the tests' setting: the database's name stands before the parameters.
            Some((server, name)) => {
                let (server, parameters) = server.split_once('?').unwrap_or((server, ""));
                let (server, _) = server.rsplit_once('/').unwrap();
                format!("{server}/{name}?{parameters}")
            }
            None => format!("sqlite:{}", self.folder.join("tenantry.db").display()),
        }
    }

    fn product(&self) -> Command {
        let mut command = Command::new(PRODUCT);
        command
            .env_clear()
            .env("DATABASE_URL", self.url())
            .env("TENANTRY_DATA_DIR", &self.folder);
        command
    }

    /// The command that serves it at `listen`. Only the limits that a flood from one machine would meet are lifted.
    pub fn serve(&self, listen: &str) -> Command {
        let mut command = self.product();
        command.args(["serve", "--listen", listen, "--log-level", "error"]);
        command.args(["--trusted-proxies", "127.0.0.1"]);
        command.args(["--api-rate", "1000000", "--api-burst", "1000000"]);
        command
    }

    /// The product, serving it.
    pub fn served(&self) -> Process {
        Process::start(&mut self.serve("127.0.0.1:0"))
    }

    /// A sign-in with the right password.
    pub fn sign_in(&self, server: &Process, client: &str) -> Ask {
        let form = format!("email={}&password={}", self.email, self.password);
        Ask::form(&server.address, "/login", form, client)
    }

    /// The cookie of somebody who signed in.
    pub fn cookie(&self, server: &Process) -> String {
        let (answer, _) = self.sign_in(server, "192.0.2.1").once();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The pair of secrets of the same person, as the API takes it.
    pub fn pair(&self, server: &Process) -> String {
        let body = format!(
            r#"{{"username":"{}","password":"{}"}}"#,
            self.email, self.password
        );
        let mut ask = Ask::get(&server.address, "/elements/api-v2/authentication")
            .with("content-type", "application/json".to_owned());
        ask.method = hyper::Method::POST;
        ask.body = body;
        let token = word(&ask.once().1, "token");
        let ask = Ask::get(&server.address, "/elements/api-v2/authentication/secrets")
            .with("authorization", format!("Bearer {token}"));
        let secrets = ask.once().1;
        format!(
            "User {}, Organization {}",
            word(&secrets, "userSecret"),
            word(&secrets, "organizationSecret")
        )
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
        if let Some((server, name)) = &self.server {
            command(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn command(server: &str, sql: &str) {
    let mut connection = PgConnection::establish(server).unwrap();
    connection.batch_execute(sql).unwrap();
}

fn word(json: &str, key: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    value[key].as_str().unwrap().to_owned()
}
