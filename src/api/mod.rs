//! The REST API: the whole route table.

pub mod errors;
pub mod headers;
mod json;
mod organization;
mod paging;
mod password_policies;
mod query;
mod roles;
mod users;

use actix_web::web::ServiceConfig;

use crate::routes::{Entry, delete, get, post, put, resources};

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
    ]
}

/// Registers every route.
pub fn configure(config: &mut ServiceConfig) {
    for (_, resource) in resources(routes()) {
        config.service(resource);
    }
}
