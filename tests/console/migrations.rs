//! The migrations run up, down and up again, and both databases have the same ones.

use diesel::prelude::*;
use tenantry::db::Manager;

use crate::support::Database;

#[test]
fn run_up_down_and_up_again() {
    let database = Database::empty("up_down");
    let first = tenantry::db::migrate(&database.url).unwrap();
    assert!(first > 0);
    assert_eq!(
        tenantry::db::migrate(&database.url).unwrap(),
        0,
        "a second start runs nothing"
    );
    tenantry::db::revert_all(&database.url).unwrap();
    assert_eq!(tenantry::db::migrate(&database.url).unwrap(), first);
}

#[test]
fn started_together_run_once() {
    let database = Database::empty("together");
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| tenantry::db::migrate(&database.url).unwrap()))
            .collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    assert_eq!(
        counts.iter().filter(|count| **count > 0).count(),
        1,
        "{counts:?}"
    );
}

#[test]
fn refuse_a_newer_schema() {
    let database = Database::empty("newer");
    tenantry::db::migrate(&database.url).unwrap();
    let mut db = Manager::new(&database.url, std::sync::Arc::default())
        .open()
        .unwrap();
    diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
        .execute(&mut db)
        .unwrap();
    let refusal = tenantry::db::migrate(&database.url)
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("newer version"), "{refusal}");
}

#[test]
fn have_the_same_names_on_both_databases() {
    let names = |database: &str| {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
