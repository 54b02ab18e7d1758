//! Tests of the console through real HTTP, and of what it stands on. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod access;
mod accounts;
mod activation;
mod commands;
mod crash;
mod keys;
mod layers;
mod lockouts;
mod main_path;
mod migrations;
mod permits;
mod set_up;
mod settings;
mod support;
mod transactions;
