//! Tests of the console through real HTTP, and of what it stands on. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod access;
mod keys;
mod layers;
mod main_path;
mod migrations;
mod permits;
mod settings;
mod support;
mod transactions;
