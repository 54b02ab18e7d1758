//! A browser of one person: its session, its window and what it reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fantoccini::error::{CmdError, ErrorStatus, WebDriver};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::driver::Driver;
use super::server::TestApp;

/// Chromium, with a fresh profile and a window of its own.
pub struct Browser {
    pub client: Client,
    address: String,
    session: String,
    driver: Arc<Driver>,
}

/// A command that WebDriver itself does not have.
#[derive(Debug)]
struct Extra {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (
            self.method.clone(),
            self.body.as_ref().map(Value::to_string),
        )
    }
}

impl Browser {
    /// Opens a browser; nothing where there is none and the tests may be skipped.
    pub async fn open(app: &TestApp) -> Option<Self> {
        Self::open_with(app, json!({}), json!({})).await
    }

    /// Opens one in which JavaScript is switched off.
    pub async fn open_without_script(app: &TestApp) -> Option<Self> {
        let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
        Self::open_with(app, off, json!({})).await
    }

    /// Opens one that leaves the question before a page is left to the test. chromedriver has that for BiDi sessions only.
    pub async fn open_that_asks(app: &TestApp) -> Option<Self> {
        let prompts = json!({ "beforeUnload": "ignore", "default": "ignore" });
        let asking = json!({ "webSocketUrl": true, "unhandledPromptBehavior": prompts });
        Self::open_with(app, json!({}), asking).await
    }

    /// Opens one in which the next thing can be done while a page is still loading.
    pub async fn open_impatient(app: &TestApp) -> Option<Self> {
        Self::open_with(app, json!({}), json!({ "pageLoadStrategy": "none" })).await
    }

    async fn open_with(app: &TestApp, preferences: Value, more: Value) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let driver = Driver::shared()?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = driver.folder.join(format!("profile_{number}"));
        let profile = format!("--user-data-dir={}", profile.display());
        let wanted = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-dev-shm-usage", "--lang=en-US", "--window-size=1440,1000", profile,
                ],
                "prefs": preferences,
            },
        });
        let (Value::Object(mut wanted), Value::Object(more)) = (wanted, more) else {
            unreachable!("both are objects")
        };
        wanted.extend(more);
        let mut connector = HttpConnector::new();
        // Else every command waits for an acknowledgement that the other side delays.
        connector.set_nodelay(true);
        let client = ClientBuilder::new(connector)
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        // `drop` ends the session, also after a panic; the client would only try.
        client.persist().await.unwrap();
        let session = client.session_id().await.unwrap().unwrap();
        Some(Self {
            client,
            address: app.address.clone(),
            session,
            driver,
        })
    }

    /// Opens an address, of the console where no other is named, as typed into the address bar.
    pub async fn visit(&self, path: &str) {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.address)
        };
        self.client.goto(&url).await.unwrap();
    }

    /// The path of the page, with its query.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.as_str()
            .strip_prefix(&self.address)
            .unwrap_or(url.as_str())
            .to_owned()
    }

    /// Makes the window show this many CSS pixels, as on a screen of so many device pixels each.
    pub async fn resize(&self, width: u32, height: u32, scale: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false }),
        )
        .await;
    }

    /// What the person prefers: `light` or `dark`. Nothing moves, so that nothing is measured half-way.
    pub async fn prefer(&self, theme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// A command of the developer tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.extra(Method::POST, "goog/cdp/execute", Some(body))
            .await
            .unwrap()
    }

    /// What the developer tools' console says since it was last asked, one line an entry.
    pub async fn console(&self) -> Vec<String> {
        let kind = json!({ "type": "browser" });
        let entries = self.extra(Method::POST, "se/log", Some(kind)).await;
        let line = |it: &Value| {
            format!(
                "{}: {}",
                it["level"].as_str().unwrap(),
                it["message"].as_str().unwrap()
            )
        };
        entries
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(line)
            .collect()
    }

    /// Measures the page.
    pub async fn measure(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What Chromium tells assistive tools about an element: `computedlabel` or `computedrole`.
    pub async fn computed(&self, what: &str, element: &str) -> Result<String, CmdError> {
        let path = format!("element/{element}/{what}");
        let answer = self.extra(Method::GET, &path, None).await?;
        Ok(answer.as_str().unwrap_or_default().to_owned())
    }

    async fn extra(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, CmdError> {
        let path = path.to_owned();
        self.client.issue_cmd(Extra { method, path, body }).await
    }

    /// Waits until the page has it; elements that come and go meanwhile are no error.
    pub async fn until<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, CmdError>,
    ) -> T {
        let patience = Instant::now() + Duration::from_secs(10);
        loop {
            match look().await {
                Ok(Some(found)) => return found,
                Ok(None) => {}
                Err(CmdError::Standard(error)) if passes(&error) => {}
                Err(error) => panic!("{what}: {error}"),
            }
            if Instant::now() > patience {
                panic!("{what}: not on this page.\n{}", self.describe().await);
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    async fn describe(&self) -> String {
        let path = self.path().await;
        let title = self.client.title().await.unwrap_or_default();
        let text = self
            .page_text()
            .await
            .unwrap_or_else(|error| error.to_string());
        format!("{path}\n{title}\n{text}")
    }
}

/// Errors of a page that is just being replaced by the next.
fn passes(error: &WebDriver) -> bool {
    // What chromedriver says instead of "stale" where the page goes between two steps of one command.
    if error.error == ErrorStatus::UnknownError {
        return error.message.contains("unhandled inspector error");
    }
    matches!(
        error.error,
        ErrorStatus::NoSuchElement
            | ErrorStatus::StaleElementReference
            | ErrorStatus::NoSuchAlert
            | ErrorStatus::ElementNotInteractable
    )
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self
            .driver
            .request("DELETE", &format!("/session/{}", self.session));
    }
}
