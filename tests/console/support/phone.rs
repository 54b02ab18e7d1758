//! An authenticator app: what a person's phone does with the key of a page.

use chrono::TimeDelta;
use totp_rs::{Builder, Secret, Totp};

use super::{Client, PASSWORD, Page, TestApp};

/// Seconds of a step.
const STEP: i64 = 30;

/// A phone with an account in its app, and the recovery codes that came with it.
#[derive(Clone)]
pub struct Phone {
    totp: Totp,
    pub key: String,
    pub recovery_codes: Vec<String>,
}

impl Phone {
    /// Types the key of a page that sets one up.
    pub fn typing(page: &Page) -> Self {
        Self::with_key(&page.find("form .field code").join(""))
    }

    /// Types this key.
    pub fn with_key(typed: &str) -> Self {
        let key = typed.replace(' ', "");
        let secret = Secret::try_from_base32(&key).unwrap();
        Self {
            totp: Builder::new().with_secret(secret).build().unwrap(),
            key,
            recovery_codes: Vec::new(),
        }
    }

    /// Sets one up in My Profile.
    pub async fn of(app: &TestApp, client: &Client) -> Self {
        let page = client.get("/profile/two-factor/new").await;
        let mut phone = Self::typing(&page);
        let typed = [
            ("code", phone.code(app).as_str()),
            ("present_password", PASSWORD),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let typed: Vec<_> = typed.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let page = client.submit(&page, "/profile/two-factor", &typed).await;
        assert_eq!(page.heading(), "Recovery codes", "{}", page.text());
        phone.recovery_codes = recovery_codes(&page);
        phone
    }

    /// The code of now.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_at(app, 0)
    }

    /// The code of so many steps from now.
    pub fn code_at(&self, app: &TestApp, steps: i64) -> String {
        let seconds = app.app.clock.now().and_utc().timestamp() + steps * STEP;
        self.totp.generate(seconds.try_into().unwrap()).to_string()
    }

    /// The code of the next step, for which the clock moves on: the one of now may be used up.
    pub fn next_code(&self, app: &TestApp) -> String {
        next_step(app);
        self.code(app)
    }

    /// A code that is none of those that may be accepted.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        let near: Vec<_> = (-2..=2).map(|steps| self.code_at(app, steps)).collect();
        let mut all = (0..1_000_000).map(|number| format!("{number:06}"));
        all.find(|code| !near.contains(code)).unwrap()
    }
}

/// Moves the clock to the beginning of the next step, so that the step does not end in the middle of a test.
pub fn next_step(app: &TestApp) {
    let into = app.app.clock.now().and_utc().timestamp_millis() % (STEP * 1000);
    app.advance(TimeDelta::milliseconds(STEP * 1000 - into));
}

/// The recovery codes of a page.
pub fn recovery_codes(page: &Page) -> Vec<String> {
    page.find(".pair code")
}

/// Enters a code on the page for it.
pub async fn enter(client: &Client, code: &str) -> Page {
    client.post("/login/code", &[("code", code)]).await
}
