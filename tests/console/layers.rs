//! The direction of the code: main -> cli -> server -> {web, api} -> auth -> app -> domain -> db -> error.

use std::fs;
use std::path::{Path, PathBuf};

/// What the files of a layer may not name.
const FORBIDDEN: [(&str, &[&str]); 9] = [
    (
        "db",
        &[
            "crate::domain",
            "crate::app",
            "crate::auth",
            "crate::web",
            "crate::api",
            "crate::cli",
            "crate::server",
            "actix_web",
            "askama",
        ],
    ),
    (
        "domain",
        &[
            "crate::app",
            "crate::auth",
            "crate::web",
            "crate::api",
            "crate::cli",
            "crate::server",
            "actix_",
            "askama",
            "serde_json::Value",
            "serde_json::json",
            "lettre::",
            "crate::mailer",
        ],
    ),
    (
        "mailer.rs",
        &[
            "crate::app",
            "crate::db",
            "crate::domain",
            "crate::web",
            "actix_",
            "askama",
        ],
    ),
    (
        "app.rs",
        &[
            "crate::auth",
            "crate::web",
            "crate::api",
            "crate::cli",
            "crate::server",
            "crate::sender",
            "crate::letters",
            "actix_",
            "askama",
            "diesel::",
        ],
    ),
    (
        "auth",
        &[
            "crate::web",
            "crate::api",
            "crate::cli",
            "crate::server",
            "askama",
            "diesel::",
        ],
    ),
    (
        "web",
        &[
            "crate::api",
            "crate::cli",
            "crate::server",
            "diesel::",
            "crate::db::schema",
        ],
    ),
    (
        "api",
        &[
            "crate::web",
            "crate::cli",
            "crate::server",
            "askama",
            "diesel::",
            "crate::db::schema",
            "serde_json::json",
        ],
    ),
    ("server.rs", &["crate::cli"]),
    ("error.rs", &["crate::"]),
];

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path)
        .unwrap()
        .flat_map(|entry| files(&entry.unwrap().path()))
        .collect()
}

#[test]
fn nothing_reaches_up() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for (layer, names) in FORBIDDEN {
        for file in files(&src.join(layer)) {
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for name in names.iter().filter(|name| code.contains(*name)) {
                    found.push(format!("{}:{}: {name}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_file_says_its_job_first() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&src) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{}", file.display());
    }
}
