//! Tests of the foundation: migrations on either database, transactions, and what keys promise.

mod keys;
mod migrations;
mod permits;
mod settings;
mod transactions;
