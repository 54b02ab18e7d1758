//! Tenantry: the map of the code.
//!
//! `cli` holds the commands; `server` builds the HTTP server from `web` (the HTML console), `api` (the REST API), both on
//! `auth` (HTTP identity) and `routes`; all work with `app` (settings, databases, keys, clock) on `domain`, which is what the product is; `db` knows the two
//! databases; `upkeep` is what the server does by itself; `config` holds the settings, `key_file` the installation's key,
//! `error` what can go wrong.

#![warn(
    missing_docs,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used
)]
#![allow(
    clippy::struct_excessive_bools,
    reason = "forms have boxes and rows have permissions; an enum for each would say less"
)]

pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod key_file;
pub mod routes;
pub mod server;
pub mod upkeep;
pub mod web;
