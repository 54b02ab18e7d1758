//! Makes SQLite's index of the search in a database of its own, on another core, while the users are written: by itself it
//! takes nearly as long as all the rest.

use std::mem::take;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{JoinHandle, spawn};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::rows::UserRow;
use crate::db::schema::users;
use crate::db::{Db, Manager, share};
use crate::error::Error;

/// So many users enter the index at a time.
const AT_ONCE: usize = 100_000;
/// So many batches of users it may be behind; beyond that, who writes them waits.
const BEHIND: usize = 256;
/// What the view of the index reads of the users, in the order that they enter it.
const USERS: &str = "CREATE TABLE users \
    (place INTEGER PRIMARY KEY, id INTEGER NOT NULL, account_id INTEGER NOT NULL, search TEXT NOT NULL)";
/// View and index, as the migrations made them.
const SCHEMA: &str = "SELECT sql FROM sqlite_master WHERE name IN ('users_searched', 'users_search') ORDER BY type = 'table'";
/// 64 MB for what is not sorted yet, instead of one, and nothing is merged before all is there.
const GATHER: &str = "INSERT INTO users_search (users_search, rank) \
    VALUES ('hashsize', 67108864), ('automerge', 0), ('crisismerge', 1000)";
const ENTER: &str = "INSERT INTO users_search (rowid, owner, search) SELECT id, owner, search FROM users_searched; \
    DELETE FROM users";
const MERGE: &str = "INSERT INTO users_search (users_search) VALUES ('optimize'); COMMIT";
/// Not a DELETE: after this, FTS5 remembers nothing of what it read of the index either.
const EMPTY: &str = "INSERT INTO users_search (users_search) VALUES ('delete-all')";

diesel::table! {
    /// Where FTS5 keeps an index (<https://sqlite.org/fts5.html#fts5_data_structures>).
    users_search_data (id) { id -> BigInt, block -> Binary, }
}

diesel::table! {
    /// On which page of it a term is.
    users_search_idx (segid, term) { segid -> BigInt, term -> Binary, pgno -> BigInt, }
}

/// A user's id, account and searched text.
type Searched = (i64, i64, String);

/// The way to the index in the making. It is made to its end when this is dropped.
pub struct Texts(SyncSender<Vec<Searched>>);

impl Texts {
    /// Hands over the text of users that were written.
    pub fn take(&self, users: &mut [UserRow<'_>]) {
        let searched = |user: &mut UserRow<'_>| (user.id, user.account_id, take(&mut user.search));
        // Who does not receive any more has failed, which is told in the end.
        let _ = self.0.send(users.iter_mut().map(searched).collect());
    }
}

/// The index in the making.
pub struct Search(JoinHandle<Result<SqliteConnection, Error>>);

/// Begins an index of the users that are there.
///
/// # Errors
/// When the database cannot be read, or there is no place for another.
pub fn begin(db: &mut SqliteConnection) -> Result<(Texts, Search), Error> {
    #[derive(QueryableByName)]
    struct Definition {
        #[diesel(sql_type = Text)]
        sql: String,
    }
    let definitions: Vec<Definition> = diesel::sql_query(SCHEMA).load(db)?;
    let there: Vec<Searched> = users::table
        .select((users::id, users::account_id, users::search))
        .load(db)?;
    // A file without a name: it is gone when it is closed, whatever closes it.
    let Ok(Db::Sqlite(mut own)) = Manager::new("sqlite:", Arc::default()).open() else {
        return Err(Error::internal("no place for the index of the search"));
    };
    own.batch_execute("PRAGMA cache_size = -204800; PRAGMA journal_mode = OFF; BEGIN")?;
    own.batch_execute(USERS)?;
    for definition in definitions {
        own.batch_execute(&definition.sql)?;
    }
    own.batch_execute(GATHER)?;
    let (sender, receiver) = sync_channel(BEHIND);
    let making = spawn(move || make(own, there, &receiver));
    Ok((Texts(sender), Search(making)))
}

/// Makes the index of the users that are there and of all that come.
fn make(
    mut db: SqliteConnection,
    mut waiting: Vec<Searched>,
    batches: &Receiver<Vec<Searched>>,
) -> Result<SqliteConnection, Error> {
    for batch in batches {
        waiting.extend(batch);
        if waiting.len() >= AT_ONCE {
            enter(&mut db, &mut waiting)?;
        }
    }
    enter(&mut db, &mut waiting)?;
    db.batch_execute(MERGE)?;
    Ok(db)
}

/// One share after the other: what FTS5 gathers at a time is then so little that it stays in the processor's cache.
fn enter(db: &mut SqliteConnection, waiting: &mut Vec<Searched>) -> Result<(), Error> {
    waiting.sort_by_key(|(_, account, _)| share(*account));
    for (id, account, search) in waiting.drain(..) {
        diesel::insert_into(users::table)
            .values((
                users::id.eq(id),
                users::account_id.eq(account),
                users::search.eq(search),
            ))
            .execute(db)?;
    }
    db.batch_execute(ENTER)?;
    Ok(())
}

impl Search {
    /// Puts the index in the place of the one that was there.
    ///
    /// # Errors
    /// When it could not be made, or the database cannot be written.
    pub fn bring_over(self, db: &mut SqliteConnection) -> Result<(), Error> {
        let made = self.0.join();
        let mut own =
            made.unwrap_or_else(|_| Err(Error::internal("the maker of the index panicked")))?;
        db.batch_execute(EMPTY)?;
        for row in users_search_data::table.load_iter::<(i64, Vec<u8>), _>(&mut own)? {
            let (id, block) = row?;
            diesel::replace_into(users_search_data::table)
                .values((
                    users_search_data::id.eq(id),
                    users_search_data::block.eq(block),
                ))
                .execute(db)?;
        }
        for row in users_search_idx::table.load_iter::<(i64, Vec<u8>, i64), _>(&mut own)? {
            let (segment, term, page) = row?;
            diesel::insert_into(users_search_idx::table)
                .values((
                    users_search_idx::segid.eq(segment),
                    users_search_idx::term.eq(term),
                    users_search_idx::pgno.eq(page),
                ))
                .execute(db)?;
        }
        Ok(())
    }
}
