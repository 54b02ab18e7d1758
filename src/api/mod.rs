//! The REST API: the whole route table.

pub mod errors;
mod executions;
mod formulas;
pub mod headers;
mod instances;
mod jobs;
mod json;
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

/// Every route, without [`BASE`].
#[must_use]
pub fn routes() -> Vec<Entry> {
    vec![
        get("/organizations/me", organization::show),
        put("/organizations/me", organization::update),
        post("/organizations/me/secret", organization::create_secret),
        get("/organizations/roles", roles::index),
        get("/organizations/password-policies", password_policies::show),
        put(
            "/organizations/password-policies",
            password_policies::update,
        ),
        delete(
            "/organizations/password-policies",
            password_policies::destroy,
        ),
        get("/users", users::index),
        get("/users/{user}", users::show),
        get("/users/{user}/instances", instances::of_user),
        get("/users/{user}/jobs", jobs::of_user),
        get("/accounts/{account}/instances", instances::of_account),
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
