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

/// Every index and trigger of the large tables that has a text of its own; what a UNIQUE of a table makes has none.
const ON_SQLITE: &str = "SELECT type || ' ' || name AS name, sql FROM sqlite_master WHERE sql IS NOT NULL \
    AND type IN ('index', 'trigger') AND tbl_name IN ('users', 'instances', 'jobs', 'audit_events')";
/// The same without triggers, which can be switched off, and with the index of the search.
const ON_POSTGRES: &str = "SELECT 'INDEX ' || indexname AS name, indexdef AS sql FROM pg_indexes \
    WHERE schemaname = current_schema() \
    AND tablename IN ('users', 'instances', 'jobs', 'audit_events', 'users_search') \
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname AND connamespace = current_schema()::regnamespace)";
/// How many users there are, which the triggers that were away keep count of.
const COUNT: &str = "UPDATE accounts SET user_count = (SELECT COUNT(*) FROM users WHERE users.account_id = accounts.id);
    UPDATE organizations SET user_count = (SELECT COUNT(*) FROM users WHERE users.organization_id = organizations.id)";

impl Indexes {
    /// Drops the indexes of the large tables, inside the transaction of the caller: if it does not commit, they are
    /// still there. Those that keep what is unique stay.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_away(db: &mut Db) -> Result<Self, Error> {
        let indexes: Vec<Index> = match db {
            Db::Sqlite(connection) => diesel::sql_query(ON_SQLITE).load(connection)?,
            Db::Postgres(connection) => {
                connection.batch_execute("ALTER TABLE users DISABLE TRIGGER USER")?;
                diesel::sql_query(ON_POSTGRES).load(connection)?
            }
        };
        for index in &indexes {
            db.batch_execute(&format!("DROP {}", index.name))?;
        }
        Ok(Self(indexes))
    }

    /// Makes the indexes again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn bring_back(self, db: &mut Db) -> Result<(), Error> {
        if let Db::Postgres(connection) = db {
            connection.batch_execute(
                "INSERT INTO users_search (id, owner, search) SELECT id, account_id, search FROM users
                     ON CONFLICT DO NOTHING;
                 ALTER TABLE users ENABLE TRIGGER USER",
            )?;
        }
        for index in self.0 {
            db.batch_execute(&index.sql)?;
        }
        db.batch_execute(COUNT)?;
        Ok(())
    }
}
