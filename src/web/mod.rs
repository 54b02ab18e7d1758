//! The HTML console: the whole route table.

mod accounts;
mod activations;
mod activity;
mod assets;
mod back;
mod csv;
pub mod docs;
pub mod errors;
mod forms;
pub mod headers;
mod home;
mod page;
mod panel;
pub mod paths;
mod profile;
mod recoveries;
mod roles;
mod sessions;
mod settings;
mod setup;
mod users;

use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;

use crate::auth::permit::security_only;
use crate::routes::{Entry, get, post, resources};

/// Every route, in the order in which they are matched: a fixed word stands before a name in braces.
#[must_use]
pub fn routes() -> Vec<Entry> {
    let mut all = everybodys();
    all.extend(of_security());
    all.extend(of_accounts());
    all.extend(of_users());
    all
}

/// The way in, one's own profile, and Activity.
fn everybodys() -> Vec<Entry> {
    vec![
        get("/", home::show),
        get("/static/{file}", assets::show),
        get("/docs/api", docs::show),
        get("/setup", setup::new),
        post("/setup", setup::create),
        get("/login", sessions::new),
        post("/login", sessions::create),
        get("/login/code", sessions::code::new),
        post("/login/code", sessions::code::create),
        get("/login/enrolment", sessions::enrolment::new),
        post("/login/enrolment", sessions::enrolment::create),
        get("/login/password", sessions::password::edit),
        post("/login/password", sessions::password::update),
        post("/logout", sessions::destroy),
        get("/password/forgotten", recoveries::new),
        post("/password/forgotten", recoveries::create),
        get("/password/new", recoveries::edit),
        post("/password/new", recoveries::update),
        get("/profile", profile::show),
        post("/profile", profile::update),
        post("/profile/password", profile::password::update),
        get("/profile/two-factor/new", profile::two_factor::new),
        post("/profile/two-factor", profile::two_factor::create),
        get(
            "/profile/two-factor/recovery-codes/new",
            profile::two_factor::recovery_codes::new,
        ),
        post(
            "/profile/two-factor/recovery-codes",
            profile::two_factor::recovery_codes::create,
        ),
        get(
            "/profile/two-factor/removal/new",
            profile::two_factor::removal::new,
        ),
        post(
            "/profile/two-factor/removal",
            profile::two_factor::removal::create,
        ),
        post(
            "/profile/sessions/{session}/end",
            profile::sessions::destroy,
        ),
        get(
            "/profile/secrets/organization",
            profile::secrets::organization::show,
        ),
        post(
            "/profile/secrets/organization",
            profile::secrets::organization::create,
        ),
        get("/profile/secrets/user", profile::secrets::user::show),
        post("/profile/secrets/user", profile::secrets::user::create),
        get(
            "/profile/secrets/user/reset/new",
            profile::secrets::reset::new,
        ),
        post(
            "/profile/secrets/user/reset",
            profile::secrets::reset::create,
        ),
        get("/activity", activity::index),
        get("/activity/export", activity::export::show),
    ]
}

/// Settings and Roles.
fn of_security() -> Vec<Entry> {
    vec![
        get("/security", home::security),
        get("/security/settings", settings::show),
        post("/security/settings", settings::update),
        post(
            "/security/settings/password-policy",
            settings::password_policy::update,
        ),
        post(
            "/security/settings/password-policy/reset",
            settings::password_policy::destroy,
        ),
        post(
            "/security/settings/two-factor",
            settings::two_factor::update,
        ),
        post("/security/settings/sessions", settings::sessions::update),
        get("/security/settings/secret/new", settings::secret::new),
        post("/security/settings/secret", settings::secret::create),
        get("/security/roles", roles::show),
        post("/security/roles", roles::update),
        get("/security/roles/reset/new", roles::reset::new),
        post("/security/roles/reset", roles::reset::create),
    ]
}

/// Accounts.
fn of_accounts() -> Vec<Entry> {
    vec![
        get("/security/accounts", accounts::index),
        post("/security/accounts", accounts::create),
        get("/security/accounts/new", accounts::new),
        get("/security/accounts/{account}", accounts::show),
        post("/security/accounts/{account}", accounts::update),
        post(
            "/security/accounts/{account}/activation",
            accounts::activation::create,
        ),
        get(
            "/security/accounts/{account}/deactivation/new",
            accounts::deactivation::new,
        ),
        post(
            "/security/accounts/{account}/deactivation",
            accounts::deactivation::create,
        ),
        get(
            "/security/accounts/{account}/deletion/new",
            accounts::deletion::new,
        ),
        post(
            "/security/accounts/{account}/deletion",
            accounts::deletion::create,
        ),
        get(
            "/security/accounts/{account}/activations/new",
            activations::new,
        ),
        post(
            "/security/accounts/{account}/activations",
            activations::create,
        ),
    ]
}

/// Users of an account.
fn of_users() -> Vec<Entry> {
    vec![
        post("/security/accounts/{account}/users", users::create),
        get("/security/accounts/{account}/users/new", users::new),
        get(
            "/security/accounts/{account}/users/export",
            users::export::show,
        ),
        post("/security/accounts/{account}/users/{user}", users::update),
        get(
            "/security/accounts/{account}/users/{user}/edit",
            users::edit,
        ),
        get(
            "/security/accounts/{account}/users/{user}/deletion/new",
            users::deletion::new,
        ),
        post(
            "/security/accounts/{account}/users/{user}/deletion",
            users::deletion::create,
        ),
        post(
            "/security/accounts/{account}/users/{user}/sessions/end",
            users::sessions::destroy,
        ),
        get(
            "/security/accounts/{account}/users/{user}/unlock/new",
            users::unlock::new,
        ),
        post(
            "/security/accounts/{account}/users/{user}/unlock",
            users::unlock::create,
        ),
        get(
            "/security/accounts/{account}/users/{user}/two-factor/reset/new",
            users::two_factor::new,
        ),
        post(
            "/security/accounts/{account}/users/{user}/two-factor/reset",
            users::two_factor::create,
        ),
    ]
}

/// Registers every route; those of the Security section behind its gate.
pub fn configure(config: &mut ServiceConfig) {
    for (path, resource) in resources(routes()) {
        if path.starts_with("/security") {
            config.service(resource.wrap(from_fn(security_only)));
        } else {
            config.service(resource);
        }
    }
}
