//! The REST API: the whole route table.

mod accounts;
mod audit_logs;
mod authentication;
pub mod errors;
mod executions;
mod formulas;
pub mod headers;
mod instances;
mod jobs;
mod json;
pub mod once;
mod organization;
mod paging;
mod password_policies;
mod query;
mod roles;
mod users;
mod values;

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
    all.extend(of_work());
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
        get("/accounts/{account}/instances", instances::of_account),
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
        get("/users/{user}/instances", instances::of_user),
        get("/users/{user}/jobs", jobs::of_user),
        get("/users/{user}/roles", users::roles::index),
        put("/users/{user}/roles/{role}", users::roles::create),
        delete("/users/{user}/roles/{role}", users::roles::destroy),
        post("/users/{user}/secret", users::create_secret),
        post("/users/{user}/unlock", users::unlock),
        post("/users/{user}/two-factor/reset", users::reset_two_factor),
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

/// Work: what a user owns, and what runs it.
fn of_work() -> Vec<Entry> {
    vec![
        get("/instances", instances::index),
        post("/instances", instances::create),
        get("/instances/{instance}", instances::show),
        patch("/instances/{instance}", instances::update),
        delete("/instances/{instance}", instances::destroy),
        put("/instances/{instance}/enabled", instances::enable),
        delete("/instances/{instance}/enabled", instances::disable),
        get("/formulas/instances", formulas::index),
        post("/formulas/instances", formulas::create),
        get("/formulas/instances/{instance}", formulas::show),
        delete("/formulas/instances/{instance}", formulas::destroy),
        put("/formulas/instances/{instance}/active", formulas::activate),
        delete(
            "/formulas/instances/{instance}/active",
            formulas::deactivate,
        ),
        get("/jobs", jobs::index),
        post("/jobs", jobs::create),
        post("/jobs/lease", executions::lease),
        get("/jobs/executions", executions::index),
        get("/jobs/{job}", jobs::show),
        delete("/jobs/{job}", jobs::destroy),
        put("/jobs/{job}/enable", jobs::enable),
        put("/jobs/{job}/disable", jobs::disable),
        patch("/jobs/{job}/reschedule", jobs::reschedule),
        get("/jobs/{job}/history", executions::history),
        post("/jobs/{job}/executions", executions::report),
    ]
}

/// Registers every route.
pub fn configure(config: &mut ServiceConfig) {
    for (_, resource) in resources(routes()) {
        config.service(resource);
    }
}
