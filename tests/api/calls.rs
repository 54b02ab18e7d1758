//! The script of calls runs from top to bottom, and leaves no call out.

use std::collections::BTreeSet;
use std::process::Command;

use tenantry::api::routes;

use crate::support::{PASSWORD, TestApp};

/// What the script says of a call that was answered with 200: its method and path.
fn done(line: &str) -> Option<(String, String)> {
    let (method, path) = line.strip_prefix("200 ")?.split_once(' ')?;
    let path = path.split('?').next()?;
    Some((method.to_owned(), path.to_owned()))
}

/// Whether a path is one of a route, of which the names in braces stand for anything.
fn is_of(path: &str, route: &str) -> bool {
    let (parts, names) = (path.split('/'), route.split('/'));
    parts.clone().count() == names.clone().count()
        && parts
            .zip(names)
            .all(|(part, name)| part == name || name.starts_with('{'))
}

#[actix_web::test]
async fn the_script_runs_from_top_to_bottom_and_makes_every_call() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/calls.sh"));
    script
        .env("TENANTRY_URL", &app.address)
        .env("TENANTRY_EMAIL", &acme.admin_email)
        .env("TENANTRY_PASSWORD", PASSWORD);
    let output = actix_web::web::block(move || script.output()).await;
    let output = output.unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let wrong = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}{wrong}");

    let routes = routes();
    let made: BTreeSet<_> = told
        .lines()
        .filter_map(done)
        .map(|(method, path)| {
            let route = routes
                .iter()
                .find(|it| it.method.as_str() == method && is_of(&path, it.path));
            let route = route.unwrap_or_else(|| panic!("{method} {path} is no route"));
            (method, route.path)
        })
        .collect();
    let all: BTreeSet<_> = routes
        .iter()
        .map(|it| (it.method.to_string(), it.path))
        .collect();
    assert_eq!(made, all);
}
