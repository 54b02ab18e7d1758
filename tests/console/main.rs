//! Tests of the console through real HTTP, and of what it stands on. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod accounts;
mod activation;
mod commands;
mod keys;
mod main_path;
mod migrations;
mod permits;
mod set_up;
mod settings;
mod support;
mod transactions;
