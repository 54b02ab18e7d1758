//! A write is kept whole or not at all. Runs on SQLite, and on the server that TEST_POSTGRES_URL names, if set.

use chrono::DateTime;
use diesel::prelude::*;
use tenantry::db::schema::organizations;
use tenantry::db::{Manager, Tx, migrate, transaction};
use tenantry::error::Error;

/// A database of its own, gone when dropped.
pub struct Database {
    pub url: String,
    folder: Option<std::path::PathBuf>,
}

impl Database {
    pub fn empty(name: &str) -> Self {
        let name = format!("tenantry_{name}_{}", std::process::id());
        if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
            let mut db = Manager::new(&server, std::sync::Arc::default())
                .open()
                .unwrap();
            diesel::sql_query(format!("CREATE SCHEMA {name}"))
                .execute(&mut db)
                .unwrap();
            let mark = if server.contains('?') { '&' } else { '?' };
            return Self {
                url: format!("{server}{mark}options=-csearch_path%3D{name}"),
                folder: None,
            };
        }
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            url: format!("sqlite:{}/test.db", folder.display()),
            folder: Some(folder),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        } else if let Some((server, name)) = self.url.split_once("options=-csearch_path%3D") {
            let server = server.trim_end_matches(['?', '&']);
            let mut db = Manager::new(server, std::sync::Arc::default())
                .open()
                .unwrap();
            let _ = diesel::sql_query(format!("DROP SCHEMA {name} CASCADE")).execute(&mut db);
        }
    }
}

fn insert(tx: &mut Tx<'_>, name: &str) -> Result<(), Error> {
    let created = tx.now();
    diesel::insert_into(organizations::table)
        .values((
            organizations::name.eq(name),
            organizations::created_at.eq(created),
            organizations::secret_digest.eq(name),
            organizations::secret_sealed.eq(name),
        ))
        .execute(tx.db())?;
    Ok(())
}

#[test]
fn keep_all_of_a_write_or_none() {
    let database = Database::empty("whole");
    migrate(&database.url).unwrap();
    let mut db = Manager::new(&database.url, std::sync::Arc::default())
        .open()
        .unwrap();
    let now = DateTime::from_timestamp(1_800_000_000, 123_456_000)
        .unwrap()
        .naive_utc();
    transaction(&mut db, now, |tx| insert(tx, "kept")).unwrap();
    let refused = transaction(&mut db, now, |tx| {
        insert(tx, "lost")?;
        Err::<(), _>(Error::Forbidden)
    });
    assert!(matches!(refused, Err(Error::Forbidden)));
    let clash = transaction(&mut db, now, |tx| {
        insert(tx, "also lost")?;
        insert(tx, "kept")
    });
    assert!(matches!(clash, Err(Error::Internal(_))), "{clash:?}");

    let rows: Vec<(String, chrono::NaiveDateTime)> = organizations::table
        .select((organizations::name, organizations::created_at))
        .load(&mut db)
        .unwrap();
    assert_eq!(rows, [("kept".to_owned(), now)]);
}

#[test]
fn read_then_write_in_parallel_without_a_lock_error() {
    let database = Database::empty("parallel");
    migrate(&database.url).unwrap();
    let now = DateTime::from_timestamp(1_800_000_000, 0)
        .unwrap()
        .naive_utc();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let url = &database.url;
            scope.spawn(move || {
                let mut db = Manager::new(url, std::sync::Arc::default()).open().unwrap();
                for turn in 0..10 {
                    transaction(&mut db, now, |tx| {
                        organizations::table.count().get_result::<i64>(tx.db())?;
                        std::thread::sleep(std::time::Duration::from_millis(1));
                        insert(tx, &format!("{thread}.{turn}"))
                    })
                    .unwrap();
                }
            });
        }
    });
    let mut db = Manager::new(&database.url, std::sync::Arc::default())
        .open()
        .unwrap();
    assert_eq!(
        organizations::table
            .count()
            .get_result::<i64>(&mut db)
            .unwrap(),
        40
    );
}
