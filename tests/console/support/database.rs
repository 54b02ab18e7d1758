//! A database for one test: SQLite, or a schema on the server that TEST_POSTGRES_URL names.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::prelude::*;
use tenantry::db::Manager;

/// A database of its own, gone when dropped.
pub struct Database {
    pub url: String,
    folder: Option<std::path::PathBuf>,
}

impl Database {
    pub fn empty(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tenantry_{name}_{}_{count}", std::process::id());
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
