//! One chromedriver for the tests that run at the moment; it and everything it wrote are gone with the last of them.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, Once, PoisonError, Weak};
use std::time::{Duration, Instant};

const SWITCH: &str = "TENANTRY_BROWSER_TESTS";

/// A running chromedriver.
pub struct Driver {
    pub port: u16,
    /// Where browsers keep their profiles, and everything else that they write.
    pub folder: PathBuf,
    process: Child,
    // Kept open: chromedriver would fail to write into a closed pipe.
    _output: BufReader<ChildStdout>,
}

/// Whether these tests may be skipped where what they need is missing.
pub fn may_skip() -> bool {
    std::env::var(SWITCH).as_deref() != Ok("1")
}

/// Says what is skipped, where the test harness cannot swallow it.
pub fn tell_skipped(sentence: &str) {
    let line = format!("SKIPPED: {sentence} {SWITCH}=1 makes this a failure.\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

impl Driver {
    /// The driver that other tests use already, or a new one; nothing where Chromium is not installed and need not be.
    pub fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        static TOLD: Once = Once::new();
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return Some(running);
        }
        let why = if std::env::var(SWITCH).as_deref() == Ok("0") {
            "browser tests are switched off."
        } else if let Some(started) = Self::start() {
            let started = Arc::new(started);
            *shared = Arc::downgrade(&started);
            return Some(started);
        } else {
            "browser tests need Chromium and chromedriver, which is not installed."
        };
        assert!(may_skip(), "{why}");
        TOLD.call_once(|| tell_skipped(why));
        None
    }

    fn start() -> Option<Self> {
        let name = format!("tenantry_browser_{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let started = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .env("TMPDIR", &folder)
            .env("HOME", &folder)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(error) => {
                let _ = std::fs::remove_dir_all(&folder);
                assert!(error.kind() == ErrorKind::NotFound, "chromedriver: {error}");
                return None;
            }
        };
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        let port = loop {
            line.clear();
            let read = output.read_line(&mut line).unwrap();
            assert!(read > 0, "chromedriver ended at once");
            if let Some((_, port)) = line
                .trim_end_matches(['.', '\n'])
                .split_once("successfully on port ")
            {
                break port.parse().unwrap();
            }
        };
        Some(Self {
            port,
            folder,
            process,
            _output: output,
        })
    }

    /// One request without a body, waited for on the spot: for `drop`, where nothing can be awaited.
    pub fn request(&self, method: &str, path: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let host = format!("127.0.0.1:{}", self.port);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        )?;
        // It answers when it is done, and keeps the connection open: the first bytes are enough.
        stream.read(&mut [0; 64]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked first, so that it ends its browsers too.
        let _ = self.request("GET", "/shutdown");
        let patience = Instant::now() + Duration::from_secs(5);
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
