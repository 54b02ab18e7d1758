//! Files to take away: what is in them, what makes them harmless, and that taking them is written down.

use crate::support::trail::{Event, after, time, write};
use crate::support::{Page, TestApp};

/// The records of a file, read by the rules of RFC 4180.
fn records(page: &Page) -> Vec<Vec<String>> {
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.body.ends_with("\r\n"));
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(page.body.as_bytes())
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

/// One column of a file, without its head.
fn column(page: &Page, head: &str) -> Vec<String> {
    let all = records(page);
    let place = all[0].iter().position(|it| it == head).unwrap();
    all[1..].iter().map(|row| row[place].clone()).collect()
}

const HOSTILE: [(&str, &str); 9] = [
    (
        "=HYPERLINK(\"http://evil.example\",\"a\")",
        "'=HYPERLINK(\"http://evil.example\",\"a\")",
    ),
    ("+1+1", "'+1+1"),
    ("-2", "'-2"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("a, \"b\"\r\nc", "a, \"b\"\r\nc"),
    ("🙂 Łódź; 'x'", "🙂 Łódź; 'x'"),
    ("plain=1", "plain=1"),
];

#[actix_web::test]
async fn activity_is_taken_away_whole_and_harmless() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let start = time("2026-03-01 00:00:00");
    // Two chunks and a half, all of one second, and the hostile ones after them.
    let mut events: Vec<_> = (0..2500)
        .map(|number| Event::of(acme.id, acme.account, start).on(&format!("E{number:04}")))
        .collect();
    for (number, (name, _)) in HOSTILE.iter().enumerate() {
        events.push(Event::of(acme.id, acme.account, after(start, number + 1)).on(name));
    }
    write(&app, events).await;
    let admin = acme.org_admin().await;
    let file = admin.get("/activity/export?to=2026-03-31").await;
    let names = column(&file, "Target");
    assert_eq!(names.len(), 2509);
    let hostile: Vec<_> = names[..9].iter().rev().map(String::as_str).collect();
    assert_eq!(hostile, HOSTILE.map(|(_, harmless)| harmless));
    assert_eq!(
        (names[9].as_str(), names[2508].as_str()),
        ("E2499", "E0000")
    );
    assert!(file.body.starts_with("Time (UTC),"), "no BOM");
    assert_eq!(column(&file, "Time (UTC)")[2508], "2026-03-01 00:00:00");
    assert_eq!(column(&file, "Event")[0], "user.signed-in");
    let disposition = file.header("content-disposition");
    let today = app.app.clock.now().date();
    assert_eq!(
        disposition,
        format!("attachment; filename=\"activity-{today}.csv\"")
    );
}

#[actix_web::test]
async fn activity_files_keep_to_filter_and_reach_and_are_written_down() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let one = acme.account("One").await.id;
    acme.user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    let start = time("2026-03-01 00:00:00");
    let event = |account: i64, name: &str| Event::of(acme.id, account, start).on(name);
    write(
        &app,
        vec![
            event(acme.account, "In default"),
            event(one, "In One"),
            Event::of(birch.id, birch.account, start).on("In Birch"),
        ],
    )
    .await;
    let admin = acme.org_admin().await;
    let page = admin.get("/activity?to=2026-03-31&q=in+one").await;
    let link = page.link("Export CSV").unwrap();
    assert_eq!(column(&admin.get(&link).await, "Target"), ["In One"]);
    let all = column(&admin.get("/activity/export?to=2026-03-31").await, "Target");
    assert_eq!(all, ["In One", "In default"]);
    let own = app.signed_in("own@acme.example").await;
    let path = "/activity/export?to=2026-03-31";
    assert_eq!(column(&own.get(path).await, "Target"), ["In One"]);

    let events = app.events().await;
    let exports: Vec<_> = events
        .iter()
        .filter(|event| event.0 == "activity.exported")
        .map(|event| (event.1.as_str(), event.3.as_str()))
        .collect();
    let until = r#"{"to":{"after":"2026-03-31"}}"#;
    assert_eq!(
        exports,
        [
            (
                "Acme",
                r#"{"q":{"after":"in one"},"to":{"after":"2026-03-31"}}"#
            ),
            ("Acme", until),
            ("Acme", until),
        ]
    );
    // Whoever sees the account sees what its admin took away, and nobody's else.
    let shown = own.get("/activity?event=activity.exported").await;
    assert_eq!(crate::support::trail::shown(&shown).len(), 1);
    assert_eq!(admin.get("/activity/export?from=x").await.status, 400);
    let after = app.codes().await;
    let count = after.iter().filter(|it| *it == "activity.exported").count();
    assert_eq!(count, 3, "a refused one took nothing");
}
