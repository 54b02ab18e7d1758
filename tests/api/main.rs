//! Tests of the REST API through real HTTP. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod access;
mod accounts;
mod caller;
mod frame;
mod isolation;
mod last_admin;
mod organization;
mod ranks;
mod roles;
#[path = "../console/support/mod.rs"]
mod support;
mod users;
