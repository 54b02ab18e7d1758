//! Tests of the console through real HTTP, and of what it stands on. On SQLite; with TEST_POSTGRES_URL on PostgreSQL.

mod accounts;
mod activation;
mod audit;
mod commands;
mod concurrency;
mod editing;
mod isolation;
mod keys;
mod last_admin;
mod listing;
mod main_path;
mod malformed;
mod migrations;
mod permits;
mod profile;
mod queries;
mod ranks;
mod search;
mod set_up;
mod settings;
mod sign_in;
mod support;
mod transactions;
mod users;
mod web_security;
