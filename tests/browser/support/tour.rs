//! Every page of the console, in every state worth looking at, one after the other in one browser.

use super::server::{Organization, PASSWORD, Phone, Smtp, TestApp, texts};
use super::{Browser, Key};

const LONG_ACCOUNT: &str =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const LONG_NAME: &str =
    "Bartholomäus-Maximilian Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft";
const LONG_EMAIL: &str = "bartholomaeus-maximilian.wolfeschlegelsteinhausenberger@subdomain.department.verylongcompanyname.example";
const HOME: &str = "Dana Whitfield’s Company Default Account";

/// Two installations: one that is not set up, one with much in it.
pub struct Tour<'a> {
    empty: &'a TestApp,
    app: &'a TestApp,
    acme: Organization<'a>,
    plain: String,
    long: i64,
    bare: i64,
}

impl<'a> Tour<'a> {
    pub async fn prepare(empty: &'a TestApp, app: &'a TestApp) -> Self {
        let acme = app.organization("Acme").await;
        let plain = "plain@acme.example".to_owned();
        let no_roles = acme.user(acme.account, "Plain Paul", &plain).await;
        app.give(no_roles, 3, 5).await;
        let lou = acme
            .user(acme.account, "Locked Lou", "lou@acme.example")
            .await;
        app.lock(lou).await;
        let roles = (true, true);
        acme.user_with(acme.account, LONG_NAME, LONG_EMAIL, roles)
            .await;
        for number in 0..10 {
            acme.account(&format!("Branch {number}")).await;
        }
        let bare = acme.account("Empty").await.id;
        let long = acme.account(LONG_ACCOUNT).await.id;
        for number in 0..52 {
            let (name, email) = (
                format!("User Number{number}"),
                format!("user{number}@acme.example"),
            );
            acme.user(long, &name, &email).await;
        }
        Self {
            empty,
            app,
            acme,
            plain,
            long,
            bare,
        }
    }

    /// Goes through all pages; `look` is told the name of each.
    pub async fn walk(&self, browser: &Browser, look: impl AsyncFn(&str)) {
        let see = async |name: &str| {
            look(name).await;
            quiet(browser, name).await;
        };
        self.before_sign_in(browser, &see).await;
        self.forgotten(browser, &see).await;
        self.plain_user(browser, &see).await;
        browser.sign_in(&self.acme.admin_email, PASSWORD).await;
        self.lists(browser, &see).await;
        self.accounts(browser, &see).await;
        self.users(browser, &see).await;
        self.activations(browser, &see).await;
        Self::activity(browser, &see).await;
        self.security(browser, &see).await;
        self.second_factor(browser, &see).await;
        self.expired(browser, &see).await;
    }

    async fn security(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.visit("/security/settings").await;
        browser.reads("Minimum Configurations").await;
        see("settings").await;
        browser.fill("Organization Name", "").await;
        browser.press("Update").await;
        browser.reads("There is a problem").await;
        see("settings, refused").await;
        browser.follow("Reset Organization Token").await;
        browser.at("Reset the organization token?").await;
        see("reset token").await;
        browser.press("Reset Organization Token").await;
        browser.reads("The new organization secret").await;
        see("new token").await;
        browser.visit("/security/roles").await;
        browser.reads("View users of every account").await;
        see("roles").await;
        browser.follow("Reset to Defaults").await;
        browser.at("Reset to Defaults?").await;
        see("reset roles").await;
        let locked = format!("/security/accounts/{}?status=locked", self.acme.account);
        browser.visit(&locked).await;
        browser.reads("1 of 1").await;
        see("locked user").await;
        browser.follow("Unlock Locked Lou").await;
        browser.at("Unlock Locked Lou?").await;
        see("unlock").await;
    }

    async fn second_factor(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        let user = self.app.signed_in("user0@acme.example").await;
        Phone::of(self.app, &user).await;
        let list = format!("/security/accounts/{}", self.long);
        browser.visit(&list).await;
        browser.reads("Reset 2FA").await;
        see("users with second factors").await;
        browser.follow("Reset 2FA User Number0").await;
        browser.at("Reset 2FA of User Number0?").await;
        see("reset 2FA").await;
        browser.visit("/profile/two-factor/new").await;
        browser.at("Set up your second factor").await;
        see("second factor").await;
        browser.press("Set Up").await;
        browser.reads("There is a problem").await;
        see("second factor, refused").await;
        let phone = typed_key(browser).await;
        browser.fill("Code", &phone.code(self.app)).await;
        browser.fill("Present Password", PASSWORD).await;
        browser.press("Set Up").await;
        browser.at("Recovery codes").await;
        see("recovery codes").await;
        browser.follow("Done").await;
        browser.reads("10 of 10 left").await;
        see("My Profile with a second factor").await;
        browser.follow("Make New Recovery Codes").await;
        browser.at("Make new recovery codes?").await;
        see("new recovery codes").await;
        browser.visit("/profile/two-factor/removal/new").await;
        browser.at("Remove your second factor?").await;
        see("remove second factor").await;
        browser.visit("/security/settings").await;
        browser.check("Authenticator App").await;
        browser.key(Key::Enter).await;
        browser
            .reads("Two-factor authentication was updated.")
            .await;
        self.halfway(browser, see, &phone).await;
    }

    /// Signing in with a second factor, and where one is demanded.
    async fn halfway(&self, browser: &Browser, see: &impl AsyncFn(&str), phone: &Phone) {
        browser.press("Profile menu of Dana Whitfield").await;
        browser.press("Log Out").await;
        browser.hears("You are signed out.").await;
        let email = "user1@acme.example";
        browser.sign_in(email, PASSWORD).await;
        browser.at("Set up your second factor").await;
        see("enrolment").await;
        browser.press("Continue").await;
        browser.reads("There is a problem").await;
        see("enrolment, refused").await;
        let theirs = typed_key(browser).await;
        browser.fill("Code", &theirs.code(self.app)).await;
        browser.press("Continue").await;
        browser.at("Recovery codes").await;
        see("recovery codes after the enrolment").await;
        browser.follow("Continue").await;
        browser.at("My Profile").await;
        browser.press("Profile menu of User Number1").await;
        browser.press("Log Out").await;
        browser.hears("You are signed out.").await;
        browser.sign_in(&self.acme.admin_email, PASSWORD).await;
        browser.at("Enter your code").await;
        see("code").await;
        browser.press("Sign In").await;
        browser.reads("There is a problem").await;
        see("code, refused").await;
        browser.fill("Code", &phone.next_code(self.app)).await;
        browser.press("Sign In").await;
        browser.at(HOME).await;
        browser.visit("/security/settings").await;
        browser.check("None").await;
        browser.key(Key::Enter).await;
        browser
            .reads("Two-factor authentication was updated.")
            .await;
        browser.visit("/profile/two-factor/removal/new").await;
        browser.fill("Present Password", PASSWORD).await;
        browser.press("Remove Second Factor").await;
        browser.reads("Your second factor was removed.").await;
    }

    async fn expired(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.visit("/security/settings").await;
        browser.fill("Days Until Expiry", "1").await;
        browser.key(Key::Enter).await;
        browser.reads("The password policy was updated.").await;
        self.app.advance(chrono::TimeDelta::days(3));
        browser.visit("/profile").await;
        browser.reads("Your session has ended.").await;
        see("session has ended").await;
        browser.sign_in(&self.acme.admin_email, PASSWORD).await;
        browser.at("Choose a new password").await;
        see("expired password").await;
        browser.press("Change Password").await;
        browser.reads("There is a problem").await;
        see("expired password, refused").await;
    }

    async fn activity(browser: &Browser, see: &impl AsyncFn(&str)) {
        for (query, name) in [
            ("", "activity"),
            ("?q=nowhere&from=2026-01-01", "activity, no match"),
        ] {
            browser.visit(&format!("/activity{query}")).await;
            browser.reads("Kind of event").await;
            see(name).await;
        }
    }

    async fn before_sign_in(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        let (address, token) = (&self.empty.address, self.empty.app.setup_token());
        browser
            .visit(&format!("{address}/setup?token={token}"))
            .await;
        browser.at("Set up Tenantry").await;
        see("set-up").await;
        browser.press("Create Organization").await;
        browser.reads("There is a problem").await;
        see("set-up, refused").await;
        browser.visit(&format!("{address}/login")).await;
        browser.reads("Tenantry is not set up yet.").await;
        see("sign-in before set-up").await;

        browser.visit("/docs/api").await;
        browser.at("REST API").await;
        see("REST API for strangers").await;
        browser.visit("/login").await;
        browser.at("Sign in").await;
        see("sign-in").await;
        browser.sign_in(LONG_EMAIL, "wrong").await;
        browser.reads("There is a problem").await;
        see("sign-in, refused").await;
    }

    async fn forgotten(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.visit("/login").await;
        browser.follow("Forgot Password?").await;
        browser.at("Forgot Password").await;
        see("forgot password").await;
        browser.press("Send Link").await;
        browser.reads("There is a problem").await;
        see("forgot password, refused").await;
        browser.fill("Email", LONG_EMAIL).await;
        browser.press("Send Link").await;
        browser.reads("a link is on its way").await;
        see("a link is on its way").await;

        let smtp = Smtp::start();
        self.app.again(&texts(&smtp.settings())).await.mail().await;
        browser.visit(&smtp.only().path()).await;
        browser.at("Choose a new password").await;
        see("new password by link").await;
        browser.press("Change Password").await;
        browser.reads("There is a problem").await;
        see("new password by link, refused").await;
        browser.visit("/password/new?token=old").await;
        browser.at("This link no longer works").await;
        see("link that does not work").await;
    }

    async fn plain_user(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.sign_in(&self.plain, PASSWORD).await;
        browser.at("My Profile").await;
        see("My Profile without Security").await;
        browser.visit("/security/accounts").await;
        browser.reads("Go to My Profile").await;
        see("no access").await;
        browser.visit("/nowhere").await;
        browser.reads("Go to My Profile").await;
        see("not found").await;
        browser.follow("Go to My Profile").await;
        browser.press("Change Password").await;
        browser.reads("There is a problem").await;
        see("My Profile, password refused").await;
        browser.fill("First Name", LONG_NAME).await;
        browser.fill("Email", "nobody").await;
        browser.press("Update").await;
        browser.reads("Enter an email address").await;
        see("My Profile, details refused").await;
        browser.follow("Reset User Secret").await;
        browser.at("Reset your user secret?").await;
        see("reset user secret").await;
        browser.press("Reset User Secret").await;
        browser.reads("Enter your present password.").await;
        see("reset user secret, refused").await;
        browser.press("Profile menu of Plain Paul").await;
        browser.follow("User Secret").await;
        browser.at("User Secret").await;
        see("user secret, asked").await;
        browser.press("Reveal").await;
        browser.reads("Enter your present password.").await;
        see("user secret, refused").await;
        browser.fill("Present Password", PASSWORD).await;
        browser.press("Reveal").await;
        browser.press("Copy").await;
        browser.reads("Copied.").await;
        see("user secret").await;
        browser.follow("REST API").await;
        browser.at("REST API").await;
        see("REST API").await;
        browser.press("Profile menu of Plain Paul").await;
        browser.press("Log Out").await;
        browser.hears("You are signed out.").await;
        see("signed out").await;
    }

    async fn lists(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.at(HOME).await;
        see("default account").await;
        browser.press("Profile menu of Dana Whitfield").await;
        see("profile menu").await;
        browser.key(Key::Escape).await;
        let missing = format!(
            "/security/accounts/{}?q=nobody&status=inactive",
            self.acme.account
        );
        browser.visit(&missing).await;
        browser.reads("No users match").await;
        see("no match").await;
        browser
            .visit(&format!("/security/accounts/{}", self.bare))
            .await;
        browser.reads("No users yet").await;
        see("empty account").await;
        browser
            .visit(&format!("/security/accounts/{}", self.long))
            .await;
        browser.reads("50 of 52").await;
        see("long account").await;
        browser.fill("Filter accounts", "zzz").await;
        browser.key(Key::Enter).await;
        browser.reads("No accounts match").await;
        see("filtered accounts").await;
    }

    async fn accounts(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser
            .visit(&format!("/security/accounts/{}", self.long))
            .await;
        browser.fill("Name", "").await;
        browser.press("Update Account").await;
        browser.reads("There is a problem").await;
        see("account, refused").await;
        browser.visit("/security/accounts/new").await;
        browser.at("Create Account").await;
        see("Create Account").await;
        browser.press("Create").await;
        browser.reads("There is a problem").await;
        see("Create Account, refused").await;
        browser
            .visit(&format!("/security/accounts/{}", self.long))
            .await;
        browser.follow("Delete Account").await;
        browser.reads("To confirm, type").await;
        see("delete account").await;
        browser.press("Delete Account").await;
        browser.reads("There is a problem").await;
        see("delete account, refused").await;
        browser
            .visit(&format!("/security/accounts/{}", self.bare))
            .await;
        browser.clear("Active").await;
        browser.press("Update Account").await;
        browser.at("Deactivate Empty?").await;
        see("deactivate account").await;
        browser.press("Deactivate").await;
        browser.reads("Empty was deactivated.").await;
        see("inactive account").await;
    }

    async fn users(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.visit("/security/accounts").await;
        browser.follow("Add User").await;
        browser.at("Add User").await;
        see("Add User").await;
        browser.fill("Last Name", LONG_NAME).await;
        browser.fill("Email", "nobody").await;
        browser.fill("Password", "short").await;
        browser.press("Save").await;
        browser.reads("The password needs at least").await;
        see("Add User, refused").await;
        browser.visit("/security/accounts").await;
        browser.follow(&format!("Edit {LONG_NAME}")).await;
        browser.at(&format!("Edit {LONG_NAME}")).await;
        see("Edit").await;
        browser.fill("Email", "").await;
        browser.press("Save").await;
        browser.reads("There is a problem").await;
        see("Edit, refused").await;
        browser.visit("/security/accounts").await;
        browser.follow("Edit Plain Paul").await;
        browser.at("Edit Plain Paul").await;
        self.meanwhile(browser).await;
        browser.fill("Last Name", LONG_NAME).await;
        browser.press("Save").await;
        browser.reads("Now saved").await;
        see("Edit, changed meanwhile").await;
        browser.visit("/security/accounts").await;
        browser.follow("Delete Paula Meanwhile").await;
        browser.at("Delete Paula Meanwhile?").await;
        see("delete user").await;
    }

    /// Somebody else changes the user whose page is open.
    async fn meanwhile(&self, browser: &Browser) {
        let page = browser.path().await;
        let other = self.acme.org_admin().await;
        let form = other.get(&page).await;
        let action = page.strip_suffix("/edit").unwrap();
        let changes = [("first_name", "Paula"), ("last_name", "Meanwhile")];
        let saved = other.submit(&form, action, &changes).await;
        assert_eq!(saved.notice(), "Paula Meanwhile was saved.");
    }

    async fn activations(&self, browser: &Browser, see: &impl AsyncFn(&str)) {
        browser.visit("/security/accounts").await;
        browser.clear(&format!("Active: {LONG_NAME}")).await;
        browser.clear("Active: Paula Meanwhile").await;
        browser.reads("2 changes").await;
        see("pending changes").await;
        browser.press("Update").await;
        browser.at("Deactivate 2 users?").await;
        see("deactivate users").await;
        browser.press("Deactivate").await;
        browser.reads("2 users were updated.").await;
        see("users deactivated").await;
        browser.press("Update").await;
        browser.reads("Nothing was changed.").await;
        see("nothing was changed").await;
        browser.check("Active: Paula Meanwhile").await;
        self.other_change().await;
        browser.press("Update").await;
        browser.reads("was changed by somebody else").await;
        see("changed meanwhile").await;
    }

    async fn other_change(&self) {
        let other = self.acme.org_admin().await;
        let page = other.get("/security/accounts?").await;
        let list = other.arrive(page).await;
        let edit = list.link("Edit Paula Meanwhile").unwrap();
        let form = other.get(&edit).await;
        let action = edit.strip_suffix("/edit").unwrap();
        let saved = other
            .submit(&form, action, &[("first_name", "Paulina")])
            .await;
        assert_eq!(saved.notice(), "Paulina Meanwhile was saved.");
    }
}

/// A phone into which the key of the page was typed.
async fn typed_key(browser: &Browser) -> Phone {
    let key = browser.words("//dt[.='Key']/following-sibling::dd").await;
    Phone::with_key(&key.unwrap().concat())
}

/// Nothing went wrong behind the page, such as a breach of the content security policy.
async fn quiet(browser: &Browser, page: &str) {
    let mut lines = browser.console().await;
    // Chromium reports the status of a refused form as a failure to load, and that the script was quicker than autofocus.
    lines.retain(|line| {
        !line.contains("the server responded with a status of 4")
            && !line.contains("Autofocus processing")
    });
    assert!(lines.is_empty(), "{page}: {lines:#?}");
}
