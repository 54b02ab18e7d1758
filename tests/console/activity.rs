//! The Activity page: what it shows, its filters, and who sees which events.

use tenantry::domain::privilege::Privilege;

use crate::support::trail::{Event, after, shown, targets, time, write};
use crate::support::user_forms::{open, save};
use crate::support::{Client, Page, TestApp};

const HOSTILE: &str = "<b>Zoë</b> \"O'Hara\" & 50%_\\";

async fn found(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/activity?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text());
    targets(&page)
}

#[actix_web::test]
async fn a_row_tells_who_did_what_on_what_from_where_and_what_changed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let page = open(&admin, acme.account, max).await;
    let changes = [("last_name", HOSTILE), ("account_admin", "on")];
    save(&admin, acme.account, max, &page, &changes).await;
    assert_eq!(
        app.anonymous()
            .sign_in("max@acme.example", "Wrong-One-1")
            .await
            .status,
        422
    );

    let page = admin.get("/activity").await;
    assert_eq!(page.heading(), "Activity");
    let rows = shown(&page);
    let refused = &rows[0];
    assert_eq!(refused[1], "Nobodynot signed in");
    assert_eq!(refused[2], "Sign-in refused Refuseduser.sign-in-refused");
    let edited = &rows[1];
    assert_eq!(edited[0].len(), "2026-11-24 08:41:07".len());
    assert_eq!(edited[1], "Dana Whitfieldadmin@acme.example");
    assert_eq!(edited[2], "Edited a useruser.updated");
    assert_eq!(edited[3], format!("Max {HOSTILE}User {max}"));
    assert_eq!(edited[4], "127.0.0.1Console");
    let details = &page.find(".log > tbody > tr:nth-child(4)")[0];
    for part in [
        "Account AdminBefore: NoAfter: Yes".to_owned(),
        format!("Last NameBefore: MusterAfter: {HOSTILE}"),
    ] {
        assert!(details.contains(&part), "{details}");
    }
    let request = details.rsplit(' ').next().unwrap();
    assert_eq!(request.len(), 24, "{details}");
    assert_eq!(
        found(&admin, &format!("q={request}")).await,
        [format!("Max {HOSTILE}")]
    );
    let first = rows.last().unwrap();
    assert_eq!(first[1], "Dana Whitfieldadmin@acme.example");
    assert_eq!(first[4], "localCommand line");
    assert_eq!(first[2], "Created the organizationorganization.created");
    assert_eq!(page.find(".pager .hint"), ["4 of 4"]);
}

#[actix_web::test]
async fn filters_meet_and_stand_in_the_address() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (one, two) = (acme.account("One").await.id, acme.account("Two").await.id);
    let start = time("2026-03-01 00:00:00");
    let event = |name: &str, account: i64, at| Event::of(acme.id, account, at).on(name);
    let mut deleted = event("Łódź Print", two, time("2026-03-02 23:59:59"));
    deleted.code = "account.deleted";
    deleted.target.0 = "account";
    let mut by_zoe = event("Zoë Müller", one, time("2026-03-03 00:00:00"));
    by_zoe.actor = (
        Some(4242),
        "Zoë Müller".to_owned(),
        "zoe@acme.example".to_owned(),
    );
    by_zoe.target.1 = Some(4242);
    let mut to_zoe = event("Zoë Schmidt", one, time("2026-03-04 12:00:00"));
    to_zoe.code = "user.updated";
    to_zoe.target.1 = Some(4242);
    to_zoe.details =
        r#"{"email":{"before":"zoe@old.example","after":"ZOË@new.example"}}"#.to_owned();
    write(
        &app,
        vec![event("First", one, start), deleted, by_zoe, to_zoe],
    )
    .await;
    let admin = acme.org_admin().await;

    for (query, expected) in [
        ("to=2026-03-02", vec!["Łódź PrintAccount", "First"]),
        (
            "from=2026-03-02&to=2026-03-03",
            vec!["Zoë Müller", "Łódź PrintAccount"],
        ),
        ("to=2026-03-01", vec!["First"]),
        ("from=2026-03-05&to=2026-03-01", vec![]),
        (
            "to=2026-12-31&person=4242",
            vec!["Zoë Schmidt", "Zoë Müller"],
        ),
        (
            "to=2026-03-31&person=zO%C3%8B",
            vec!["Zoë Schmidt", "Zoë Müller"],
        ),
        (
            "to=2026-03-31&person=zoe%40acme.example",
            vec!["Zoë Müller"],
        ),
        ("to=2026-03-31&person=%C5%82%C3%B3d", vec![]),
        (
            "to=2026-03-31&event=account.deleted",
            vec!["Łódź PrintAccount"],
        ),
        ("to=2026-03-31&q=%C5%81%C3%93D", vec!["Łódź PrintAccount"]),
        ("to=2026-03-31&q=old.example", vec!["Zoë Schmidt"]),
        ("to=2026-03-31&q=zo%C3%AB%40NEW", vec!["Zoë Schmidt"]),
        ("to=2026-03-31&q=before", vec![]),
        ("to=2026-03-31&q=%25", vec![]),
        (
            "to=2026-03-31&person=4242&event=user.updated",
            vec!["Zoë Schmidt"],
        ),
        ("to=2026-03-31&person=4242&event=user.created", vec![]),
    ] {
        assert_eq!(found(&admin, query).await, expected, "{query}");
    }
    let in_account = |id: i64, more: &str| format!("to=2026-03-31&account={id}{more}");
    assert_eq!(
        found(&admin, &in_account(two, "")).await,
        ["Łódź PrintAccount"]
    );
    assert_eq!(
        found(&admin, &in_account(one, "&event=user.signed-in")).await,
        ["Zoë Müller", "First"]
    );
    assert_eq!(
        found(&admin, &in_account(one, "&event=user.signed-in&q=first")).await,
        ["First"]
    );
    let page = admin
        .get("/activity?from=2026-03-01&person=%22%3E&q=50%25+%26&event=user.created")
        .await;
    assert_eq!(
        ["from", "person", "q"].map(|name| page.field(name)),
        ["2026-03-01", "\">", "50% &"]
    );
    assert_eq!(page.find("[name=event] [selected]"), ["Added a user"]);
    assert_eq!(page.find(".empty h2"), ["No events match"]);
    assert_eq!(page.link("Clear filters").as_deref(), Some("/activity"));
    assert_eq!(
        page.link("Export CSV"),
        None,
        "there is nothing to take away"
    );
}

#[actix_web::test]
async fn somebody_is_found_by_email_under_every_name_they_had() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let mut former =
        Event::of(acme.id, acme.account, time("2026-01-01 00:00:00")).on("Former Name");
    former.target.1 = Some(max);
    write(&app, vec![former]).await;
    let admin = acme.org_admin().await;
    assert_eq!(
        found(&admin, "person=MAX%40acme.example").await,
        ["Former Name"]
    );
    app.remove(max).await;
    assert_eq!(found(&admin, "person=max%40acme.example").await, [""; 0]);
    assert_eq!(
        found(&admin, &format!("person={max}")).await,
        ["Former Name"]
    );
}

#[actix_web::test]
async fn what_no_page_of_ours_asks_is_refused() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let admin = acme.org_admin().await;
    let long = "x".repeat(301);
    for query in [
        "from=2026-02-30",
        "from=24.11.2026",
        "to=2026-1-1",
        "to=%2B026-01-01",
        "account=x",
        "account=-1",
        "account=99999999999999999999",
        "event=user.frobbed",
        "event=%27",
        "after=x",
        "before=AAAA",
        "q=%00",
        "q=%FF",
        &format!("q={long}"),
        &format!("person={long}"),
    ] {
        for path in ["/activity", "/activity/export"] {
            let page = admin.get(&format!("{path}?{query}")).await;
            let position = query.starts_with("after") || query.starts_with("before");
            let expected = if position && path.ends_with("export") {
                200
            } else {
                400
            };
            assert_eq!(page.status, expected, "{path}?{query}");
        }
    }
    for id in [birch.account, 9_000_001] {
        for path in ["/activity", "/activity/export"] {
            assert_eq!(admin.get(&format!("{path}?account={id}")).await.status, 404);
        }
    }
}

#[actix_web::test]
async fn everybody_sees_only_what_is_within_reach() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let (one, two) = (acme.account("One").await.id, acme.account("Two").await.id);
    acme.user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    let other = acme
        .user_with(two, "Other Admin", "other@acme.example", (false, true))
        .await;
    let at = time("2026-03-01 00:00:00");
    let mut by_other = Event::of(acme.id, one, at).on("In One by Other");
    by_other.actor = (
        Some(other),
        "Other Admin".to_owned(),
        "former@acme.example".to_owned(),
    );
    let mut nobodys = Event::of(acme.id, one, at).on("Of nobody");
    (nobodys.organization, nobodys.account) = (None, None);
    let mut whole = Event::of(acme.id, one, at).on("Whole organization");
    whole.account = None;
    write(
        &app,
        vec![
            Event::of(acme.id, two, at).on("In Two"),
            Event::of(birch.id, birch.account, at).on("In Birch"),
            by_other,
            nobodys,
            whole,
        ],
    )
    .await;

    let until = "to=2026-03-31";
    let mut all = found(&acme.org_admin().await, until).await;
    all.sort();
    assert_eq!(all, ["In One by Other", "In Two", "Whole organization"]);
    assert_eq!(found(&birch.org_admin().await, until).await, ["In Birch"]);

    let own = app.signed_in("own@acme.example").await;
    assert_eq!(found(&own, until).await, ["In One by Other"]);
    let page = own.get("/activity").await;
    assert!(!page.has("account"), "there is one account only");
    assert!(page.link("Activity").is_some());
    assert_eq!(page.link("Security"), None);
    assert_eq!(
        own.get(&format!("/activity?account={one}")).await.status,
        200
    );
    for id in [two, acme.account, birch.account, 9_000_001] {
        assert_eq!(
            own.get(&format!("/activity?account={id}")).await.status,
            404
        );
    }
    // The email of somebody in another account tells nothing but what stands in the own events.
    let by = |email: &str| format!("{until}&person={email}%40acme.example");
    assert_eq!(found(&own, &by("other")).await, [""; 0]);
    assert_eq!(found(&own, &by("former")).await, ["In One by Other"]);
    assert_eq!(
        found(&own, &format!("{until}&person={other}")).await,
        ["In One by Other"]
    );
}

#[actix_web::test]
async fn a_role_opens_and_closes_it_on_the_next_request() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let one = acme.account("One").await.id;
    acme.user_with(one, "Own Admin", "own@acme.example", (false, true))
        .await;
    let own = app.signed_in("own@acme.example").await;
    assert!(own.get("/profile").await.link("Activity").is_some());
    let rows = shown(&own.get("/activity").await).len();

    acme.set_role("admin", &[Privilege::ViewLogsOrg]).await;
    assert!(shown(&own.get("/activity").await).len() > rows);
    let page = own.get("/activity").await;
    assert!(page.has("account"), "any account, by its id");
    assert_eq!(
        page.find("[name=account] option"),
        [""; 0],
        "no names of accounts"
    );

    acme.set_role("admin", &[]).await;
    assert_eq!(own.get("/activity").await.status, 403);
    assert_eq!(own.get("/activity/export").await.status, 403);
    assert_eq!(own.get("/profile").await.link("Activity"), None);
}

#[actix_web::test]
async fn edit_leads_to_the_events_of_its_user() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let max = acme
        .user(acme.account, "Max Muster", "max@acme.example")
        .await;
    app.signed_in("max@acme.example").await;
    let admin = acme.org_admin().await;
    let page = open(&admin, acme.account, max).await;
    let link = page.link("Show in Activity").unwrap();
    assert_eq!(targets(&admin.get(&link).await), ["Max Muster"]);

    let without: Vec<_> = tenantry::domain::privilege::ALL
        .into_iter()
        .filter(|it| !it.key().starts_with("viewLogs"))
        .collect();
    acme.set_role("org-admin", &without).await;
    acme.set_role("admin", &without).await;
    let page: Page = open(&admin, acme.account, max).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.link("Show in Activity"), None);
    assert_eq!(page.link("Activity"), None);
}

#[actix_web::test]
async fn many_accounts_are_asked_for_by_id() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    for number in 0..199 {
        acme.account(&format!("Branch {number:03}")).await;
    }
    let page = admin.get("/activity").await;
    assert_eq!(page.find("[name=account] option").len(), 201);
    let last = acme.account("One more").await.id;
    write(
        &app,
        vec![Event::of(acme.id, last, after(time("2026-03-01 00:00:00"), 1)).on("There")],
    )
    .await;
    let page = admin.get(&format!("/activity?account={last}")).await;
    assert_eq!(page.find("[name=account] option").len(), 0);
    assert_eq!(page.field("account"), last.to_string());
    assert_eq!(targets(&page), ["There"]);
}
