//! The database: connection, pools, transactions, schema, and nearly all that differs between SQLite and PostgreSQL.

mod bounded_count;
mod fixed;
mod has_id;
mod manager;
mod migrations;
mod moment;
mod paged;
mod pools;
pub mod schema;
mod shared;
mod spelled;
mod together;
mod trigrams;
mod turns;
mod tx;

pub use bounded_count::BoundedCount;
pub use fixed::{After, Fixed, Order, fixed, one};
pub use has_id::HasId;
pub use manager::Manager;
pub use migrations::{migrate, revert_all};
pub use moment::Moment;
pub use paged::Paged;
pub use pools::{Pooled, Pools};
pub use shared::{in_code_points, length, translate};
pub use spelled::{Spelled, Value};
pub use together::Together;
pub use trigrams::{HasPart, Hits, IsHit, accounts_having, next_users_having, share, users_having};
pub use turns::{Turn, Turns};
pub use tx::{Tx, transaction};

mod connection {
    #![allow(
        missing_docs,
        clippy::doc_markdown,
        reason = "the macro makes items without"
    )]

    /// A connection to either database. Queries written against it run on both.
    #[derive(diesel::MultiConnection)]
    pub enum Db {
        /// A PostgreSQL server.
        Postgres(diesel::PgConnection),
        /// A SQLite file.
        Sqlite(diesel::SqliteConnection),
    }
}
pub use connection::Db;

/// The backend that queries against [`Db`] are built for.
pub type Backend = <Db as diesel::Connection>::Backend;

impl Db {
    /// Whether this is SQLite, for the few statements that differ.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}
