//! Tenantry: the map of the code.
//!
//! `config` holds the settings, `db` knows the two databases, `domain` what the product is,
//! `error` what can go wrong.

pub mod config;
pub mod db;
pub mod domain;
pub mod error;
