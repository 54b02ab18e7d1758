//! Takes SQLite's indexes away while many rows are written, and makes them again: sorting once is cheaper than
//! finding a place for every row.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::Db;
use crate::error::Error;

/// Indexes that were taken away, with what makes them again.
pub struct Indexes(Vec<Index>);

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

impl Indexes {
    /// Drops the indexes of the large tables, inside the transaction of the caller: if it does not commit, they are
    /// still there. What a UNIQUE of a table makes has no text of its own and stays, and so does everything on
    /// PostgreSQL, where taking an index away would lock the table.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_away(db: &mut Db) -> Result<Self, Error> {
        let Db::Sqlite(connection) = db else {
            return Ok(Self(Vec::new()));
        };
        let indexes: Vec<Index> = diesel::sql_query(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL \
             AND tbl_name IN ('users', 'instances', 'jobs')",
        )
        .load(connection)?;
        for index in &indexes {
            connection.batch_execute(&format!("DROP INDEX \"{}\"", index.name))?;
        }
        Ok(Self(indexes))
    }

    /// Makes the indexes again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn bring_back(self, db: &mut Db) -> Result<(), Error> {
        for index in self.0 {
            db.batch_execute(&index.sql)?;
        }
        Ok(())
    }
}
