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
    assert!(file.body.starts_with("\"Time (UTC)\","), "no BOM");
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

#[actix_web::test]
async fn users_are_taken_away_as_the_list_shows_them() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    acme.crowd(one, "Crowd", 1200).await;
    let zoe = acme
        .user_with(
            one,
            "=SUM(A1) Mü,\"ll\"er",
            "+zoe@acme.example",
            (false, true),
        )
        .await;
    app.set_active(zoe, false).await;
    app.signed_in(&acme.admin_email).await;
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{one}");

    let page = admin.get(&format!("{home}?sort=last&dir=desc&q=zoe")).await;
    let file = admin.get(&page.link("Export CSV").unwrap()).await;
    let created = app.app.clock.now().date().to_string();
    let rows = records(&file);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0],
        [
            "First Name",
            "Last Name",
            "Email",
            "Roles",
            "Active",
            "Last Login (UTC)",
            "ID",
            "Created (UTC)",
            "Second Factor"
        ]
    );
    let id = zoe.to_string();
    assert_eq!(
        rows[1][..7],
        [
            "'=SUM(A1)",
            "Mü,\"ll\"er",
            "'+zoe@acme.example",
            "Account Admin",
            "No",
            "Never",
            &id
        ]
    );
    assert!(rows[1][7].starts_with(&created));
    assert_eq!(rows[1][8], "No");
    assert_eq!(
        file.header("content-disposition"),
        format!("attachment; filename=\"users-{one}-{created}.csv\"")
    );

    // Everybody, once, in the order of the list, over more than one chunk; a position in the address does not count.
    let next = admin.get(&format!("{home}?sort=last&dir=desc")).await;
    let next = next.link("Next").unwrap();
    let page = admin.get(&next).await;
    let file = admin.get(&page.link("Export CSV").unwrap()).await;
    let names = column(&file, "Last Name");
    assert_eq!(names.len(), 1201);
    assert_eq!(names[0], "Mü,\"ll\"er");
    let mut sorted = names[1..].to_vec();
    sorted.sort();
    sorted.reverse();
    sorted.dedup();
    assert_eq!(names[1..], sorted);

    let of = |query: &str| format!("{home}/users/export?{query}");
    assert_eq!(column(&admin.get(&of("status=inactive")).await, "ID"), [id]);
    assert_eq!(
        column(&admin.get(&of("role=org-admin")).await, "ID"),
        [""; 0]
    );
    for query in ["sort=password", "idle=0", "status=x", "q=%00"] {
        assert_eq!(admin.get(&of(query)).await.status, 400, "{query}");
    }
    let events = app.events().await;
    let exports: Vec<_> = events
        .iter()
        .filter(|event| event.0 == "users.exported")
        .map(|event| (event.1.as_str(), event.3.as_str()))
        .collect();
    assert_eq!(
        exports,
        [
            ("One", r#"{"q":{"after":"zoe"}}"#),
            ("One", "{}"),
            ("One", r#"{"status":{"after":"inactive"}}"#),
            ("One", r#"{"role":{"after":"org-admin"}}"#),
        ]
    );
    let birch = app.organization("Birch").await;
    assert_eq!(birch.org_admin().await.get(&of("")).await.status, 404);
}

#[actix_web::test]
async fn users_who_have_been_away_are_found() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Max Never", "max@acme.example")
        .await;
    acme.user(acme.account, "Zoë Away", "zoe@acme.example")
        .await;
    app.signed_in("zoe@acme.example").await;
    app.advance(chrono::TimeDelta::days(30));
    let admin = acme.org_admin().await;
    let home = format!("/security/accounts/{}", acme.account);
    let away = async |query: &str| admin.get(&format!("{home}?{query}")).await;

    assert_eq!(away("idle=30").await.last_names(), ["Never", "Away"]);
    assert_eq!(away("idle=31").await.last_names(), ["Never"]);
    assert_eq!(away("idle=31&q=zoe").await.find("h3"), ["No users match"]);
    assert!(
        away("idle=31&q=zoe")
            .await
            .text()
            .contains("matches “zoe” who has not signed in for 31 days.")
    );
    let page = away("idle=30&sort=last&q=away").await;
    assert_eq!(page.last_names(), ["Away"]);
    assert_eq!(page.field("idle"), "30");
    for link in ["Export CSV", "First", "Email"] {
        assert!(page.link(link).unwrap().contains("idle=30"), "{link}");
    }
    let file = admin.get(&page.link("Export CSV").unwrap()).await;
    assert_eq!(column(&file, "Last Name"), ["Away"]);
    for wrong in ["0", "3651", "-1", "1.5", "x", "99999999999"] {
        assert_eq!(away(&format!("idle={wrong}")).await.status, 400, "{wrong}");
    }
    assert_eq!(away("idle=").await.last_names().len(), 3);

    app.signed_in("zoe@acme.example").await;
    app.signed_in("max@acme.example").await;
    let page = away("idle=1").await;
    assert!(
        page.text()
            .contains("Everybody in this account signed in within the last 1 day."),
        "{}",
        page.text()
    );
}
