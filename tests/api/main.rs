//! Tests of the REST API through real HTTP. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod access;
mod accounts;
mod audit;
mod audit_logs;
mod authentication;
mod caller;
mod calls;
mod cascades;
mod console;
mod document;
mod filters;
mod frame;
mod instances;
mod isolation;
mod jobs;
mod last_admin;
mod leases;
mod malformed;
mod once;
mod organization;
mod owners;
mod plans;
mod queries;
mod ranks;
mod rate;
mod roles;
#[path = "../console/support/mod.rs"]
mod support;
mod users;
