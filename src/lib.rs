//! Tenantry: the map of the code.
//!
//! `cli` holds the commands; `server` builds the HTTP server, on `connection`s with `patience`, from `web` (the HTML console) and `api` (the REST API), which
//! list their `routes` and share `auth` (HTTP identity); all work with `app` (settings, databases, keys, clock, `hashing`) on
//! `domain`, which is what the product is; `db` knows the two databases; `upkeep` and `sender` are what the server does by
//! itself: it removes old events, and sends mail, which leaves through `mailer` in the words of `letters`; `config` holds
//! the settings, `key_file` the installation's key,
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
pub mod connection;
pub mod db;
pub mod domain;
pub mod error;
pub mod hashing;
pub mod key_file;
mod letters;
pub mod mailer;
pub mod patience;
pub mod routes;
pub mod sender;
pub mod server;
pub mod upkeep;
pub mod web;
