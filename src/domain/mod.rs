//! What the product is: one file per noun.

pub mod account;
pub mod activation;
pub mod activity;
pub mod actor;
pub mod audit;
pub mod email;
pub mod former_password;
pub mod instance;
pub mod job;
pub mod keys;
pub mod listing;
pub mod lockout;
pub mod organization;
pub mod overview;
pub mod panel;
pub mod password;
pub mod password_policy;
pub mod permit;
pub mod privilege;
pub mod profile;
pub mod role;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod text;
pub mod user;
