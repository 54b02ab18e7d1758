//! The REST API: the whole route table.

mod accounts;
mod audit_logs;
mod authentication;
pub mod errors;
pub mod headers;
mod json;
pub mod once;
mod organization;
mod paging;
mod password_policies;
mod query;
mod roles;
mod users;

use actix_web::web::ServiceConfig;

use crate::routes::{Entry, delete, get, patch, post, put, resources};

/// Where all of it stands.
pub const BASE: &str = "/elements/api-v2";

/// Every route, without [`BASE`], in the order in which they are matched.
#[must_use]
pub fn routes() -> Vec<Entry> {
    let mut all = of_accounts();
    all.extend(of_users());
    all.extend(of_organization());
    all.extend([
        post("/authentication", authentication::create),
        get("/authentication/secrets", authentication::secrets),
        post("/authentication/passwords", authentication::change_password),
        get("/audit-logs", audit_logs::index),
        get("/audit-logs/authentication", audit_logs::authentication),
    ]);
    all
}

/// Accounts, and the users in them.
fn of_accounts() -> Vec<Entry> {
    vec![
        get("/accounts", accounts::index),
        post("/accounts", accounts::create),
        get("/accounts/{account}", accounts::show),
        patch("/accounts/{account}", accounts::update),
        put("/accounts/{account}", accounts::update),
        delete("/accounts/{account}", accounts::destroy),
        get("/accounts/{account}/roles", accounts::roles::index),
        put("/accounts/{account}/roles/{role}", accounts::roles::create),
        delete("/accounts/{account}/roles/{role}", accounts::roles::destroy),
        get("/accounts/{account}/users", accounts::users::index),
        post("/accounts/{account}/users", accounts::users::create),
        get("/accounts/{account}/users/{user}", accounts::users::show),
        patch("/accounts/{account}/users/{user}", accounts::users::patch),
        put("/accounts/{account}/users/{user}", accounts::users::update),
        delete("/accounts/{account}/users/{user}", accounts::users::destroy),
    ]
}

/// Users of every account.
fn of_users() -> Vec<Entry> {
    vec![
        get("/users", users::index),
        get("/users/{user}", users::show),
        patch("/users/{user}", users::patch),
        put("/users/{user}", users::update),
        delete("/users/{user}", users::destroy),
        get("/users/{user}/roles", users::roles::index),
        put("/users/{user}/roles/{role}", users::roles::create),
        delete("/users/{user}/roles/{role}", users::roles::destroy),
        post("/users/{user}/secret", users::create_secret),
        post("/users/{user}/unlock", users::unlock),
    ]
}

/// The organization.
fn of_organization() -> Vec<Entry> {
    vec![
        get("/organizations/me", organization::show),
        put("/organizations/me", organization::update),
        post("/organizations/me/secret", organization::create_secret),
        get("/organizations/password-policies", password_policies::show),
        put(
            "/organizations/password-policies",
            password_policies::update,
        ),
        delete(
            "/organizations/password-policies",
            password_policies::destroy,
        ),
        get("/organizations/roles", roles::index),
        put("/organizations/roles", roles::update_all),
        put("/organizations/roles/reset", roles::reset),
        put("/organizations/roles/{id}", roles::update),
        get("/organizations/users", users::index),
        post("/organizations/users", organization::users::create),
        get("/organizations/users/{user}", users::show),
        patch("/organizations/users/{user}", users::patch),
        delete("/organizations/users/{user}", users::destroy),
        get(
            "/organizations/{organization}/accounts",
            organization::accounts::index,
        ),
        post(
            "/organizations/{organization}/accounts",
            organization::accounts::create,
        ),
        get(
            "/organizations/{organization}/accounts/{account}",
            organization::accounts::show,
        ),
    ]
}

/// Registers every route.
pub fn configure(config: &mut ServiceConfig) {
    for (_, resource) in resources(routes()) {
        config.service(resource);
    }
}
