//! Real Chromium, driven as a person does it: by labels, names and the keyboard.

mod browser;
mod driver;
mod eyes;
mod hands;
#[path = "../../console/support/mod.rs"]
mod server;
mod tour;

pub use browser::Browser;
pub use driver::{may_skip, tell_skipped};
pub use fantoccini::key::Key;
pub use server::{Organization, PASSWORD, TestApp};
pub use tour::Tour;
