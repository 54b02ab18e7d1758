//! A write is kept whole or not at all.

use chrono::DateTime;
use diesel::prelude::*;
use tenantry::db::schema::organizations;
use tenantry::db::{Manager, Tx, migrate, transaction};
use tenantry::error::Error;

use crate::support::Database;

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
