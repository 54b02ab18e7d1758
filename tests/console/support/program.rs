//! The built program, serving in a process of its own, for what happens to a process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};

use super::{Client, Database, PASSWORD};

/// A running program; killed when dropped.
pub struct Program {
    child: Child,
    pub address: String,
}

impl Program {
    /// Starts on a database.
    pub fn start(database: &Database) -> Self {
        Self::start_as(command(database))
    }

    /// Starts as a process that may have so many files open.
    pub fn start_with_files(database: &Database, files: u32) -> Self {
        let inner = command(database);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", &format!("ulimit -n {files} && exec \"$0\" \"$@\"")])
            .arg(inner.get_program())
            .args(inner.get_args());
        Self::start_as(limited)
    }

    fn start_as(mut command: Command) -> Self {
        let mut child = command
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

    /// Dana, signed in.
    pub async fn sign_in(&self) -> Client {
        let client = Client::new(&self.address);
        let answer = client.sign_in("dana@acme.example", PASSWORD).await;
        assert_eq!(answer.status, 303);
        client
    }

    /// SIGKILL.
    pub fn kill(self) {}

    /// SIGTERM; waits for the end.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
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

/// Sets up Acme with dana@acme.example.
pub fn set_up(database: &Database) {
    let mut child = command(database)
        .args(["setup", "--organization", "Acme", "--first-name", "Dana"])
        .args(["--last-name", "Whitfield", "--email", "dana@acme.example"])
        .arg("--password-stdin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(PASSWORD.as_bytes()).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
}
