//! HTTP identity: where a request comes from, who is signed in, and what is refused before any handler runs.

pub mod authenticate;
pub mod authorization;
pub mod body;
pub mod limits;
pub mod origin;
pub mod permit;
pub mod rate;
pub mod same_origin;
pub mod sign_in;
pub mod throttle;
