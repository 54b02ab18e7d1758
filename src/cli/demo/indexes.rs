//! Takes indexes away while many rows are written, and makes them again: sorting once is cheaper than finding a place
//! for every row.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::Db;
use crate::error::Error;

/// Indexes that were taken away, and triggers that keep those of the search, with what makes them again.
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
    /// PostgreSQL but the search, whose trigrams would take minutes one row at a time.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_away(db: &mut Db) -> Result<Self, Error> {
        let connection = match db {
            Db::Sqlite(connection) => connection,
            Db::Postgres(connection) => {
                connection.batch_execute(
                    "ALTER TABLE users DISABLE TRIGGER users_search_kept; DROP INDEX users_search_trigrams",
                )?;
                return Ok(Self(Vec::new()));
            }
        };
        let indexes: Vec<Index> = diesel::sql_query(
            "SELECT type || ' ' || name AS name, sql FROM sqlite_master WHERE sql IS NOT NULL \
             AND type IN ('index', 'trigger') AND tbl_name IN ('users', 'instances', 'jobs', 'audit_events')",
        )
        .load(connection)?;
        for index in &indexes {
            connection.batch_execute(&format!("DROP {}", index.name))?;
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
        db.batch_execute(match db {
            // With 64 MB for what is not sorted yet instead of one, there is far less to merge.
            Db::Sqlite(_) => {
                "INSERT INTO users_search (users_search, rank) VALUES ('hashsize', 67108864);
                 INSERT INTO users_search (users_search) VALUES ('rebuild');
                 INSERT INTO users_search (users_search, rank) VALUES ('hashsize', 1048576);
                 UPDATE accounts SET user_count = (SELECT COUNT(*) FROM users WHERE users.account_id = accounts.id);
                 UPDATE organizations SET user_count =
                     (SELECT COUNT(*) FROM users WHERE users.organization_id = organizations.id)"
            }
            Db::Postgres(_) => {
                "INSERT INTO users_search (id, owner, search) SELECT id, account_id, search FROM users
                     ON CONFLICT DO NOTHING;
                 CREATE INDEX users_search_trigrams ON users_search USING gin (trigrams(owner, search))
                     WITH (fastupdate = off);
                 ALTER TABLE users ENABLE TRIGGER users_search_kept"
            }
        })?;
        Ok(())
    }
}
