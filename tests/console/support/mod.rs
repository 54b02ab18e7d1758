//! What every test stands on: a real server with a database of its own, clients, and pages that are parsed.
#![allow(
    dead_code,
    unused_imports,
    reason = "each of the test programs uses its own part"
)]

mod app;
mod client;
mod database;
mod page;
pub mod phone;
pub mod program;
mod smtp;
mod socket;
pub mod trail;
pub mod user_forms;

pub use app::{Organization, PASSWORD, TestApp, texts};
pub use client::Client;
pub use database::Database;
pub use page::Page;
pub use phone::Phone;
pub use program::Program;
pub use smtp::{Mood, Received, Smtp, settings as mail_settings};
pub use socket::Socket;
