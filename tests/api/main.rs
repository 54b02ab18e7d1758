//! Tests of the REST API through real HTTP. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod caller;
mod cascades;
mod frame;
mod instances;
mod jobs;
mod leases;
#[path = "../console/support/mod.rs"]
mod support;
