//! Paging through Activity: every event once, forth and back, over ties, and never more work than its bound.

use crate::support::trail::{Event, after, shown, targets, time, write};
use crate::support::{Client, Page, TestApp};

/// The pages from an address on, by a link.
async fn walk(client: &Client, from: &str, link: &str) -> Vec<Page> {
    let mut pages = vec![client.get(from).await];
    while let Some(next) = pages.last().unwrap().link(link) {
        assert!(pages.len() < 30, "it ends");
        pages.push(client.get(&next).await);
    }
    pages
}

fn names(pages: &[Page]) -> Vec<Vec<String>> {
    pages.iter().map(targets).collect()
}

fn sizes(pages: &[Page]) -> Vec<usize> {
    pages.iter().map(|page| shown(page).len()).collect()
}

const UNTIL: &str = "/activity?to=2026-03-31";

#[actix_web::test]
async fn every_event_once_forth_and_back_over_ties() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let start = time("2026-03-01 00:00:00");
    // Sixty of the same second, more than a page; written in another order than that of their times.
    let mut events: Vec<_> = (0..120)
        .map(|number| {
            let at = after(start, if number < 60 { 500 } else { number });
            Event::of(acme.id, acme.account, at).on(&format!("E{number:03}"))
        })
        .collect();
    for event in &mut events {
        event.target.1 = Some(4242);
    }
    let mut expected: Vec<_> = events.iter().enumerate().collect();
    expected.sort_by_key(|(number, event)| std::cmp::Reverse((event.at, *number)));
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(_, event)| event.target.2.clone())
        .collect();
    write(&app, events).await;
    let admin = acme.org_admin().await;

    for filter in [
        "",
        "&person=4242",
        "&q=e",
        "&event=user.signed-in",
        "&person=dana",
    ] {
        let first = format!("{UNTIL}{filter}");
        let forth = walk(&admin, &first, "Next").await;
        assert_eq!(names(&forth).concat(), expected, "{filter}");
        assert_eq!(sizes(&forth), [50, 50, 20], "{filter}");
        assert!(forth[0].link("Previous").is_none());
        let mut back = walk(&admin, &forth[1].link("Next").unwrap(), "Previous").await;
        back.reverse();
        assert_eq!(names(&back), names(&forth), "{filter}");
        assert!(back[0].link("Previous").is_none());
    }
    let page = admin.get(UNTIL).await;
    assert_eq!(page.find(".pager .hint"), ["50 of 120"]);
    let page = admin.get(&format!("{UNTIL}&q=e")).await;
    assert_eq!(page.find(".pager .hint"), ["50 shown"]);
}

#[actix_web::test]
async fn new_events_do_not_move_the_pages_that_are_open() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let start = time("2026-03-01 00:00:00");
    let event = |number| {
        Event::of(acme.id, acme.account, after(start, number)).on(&format!("E{number:03}"))
    };
    write(&app, (0..60).map(event).collect()).await;
    let admin = acme.org_admin().await;
    let next = admin.get(UNTIL).await.link("Next").unwrap();
    let before = targets(&admin.get(&next).await);
    write(&app, (60..70).map(event).collect()).await;
    let page = admin.get(&next).await;
    assert_eq!(targets(&page), before);
    // Going back shows the page before this one, and the new ones before that.
    let page = admin.get(&page.link("Previous").unwrap()).await;
    assert_eq!(shown(&page).len(), 50);
    let page = admin.get(&page.link("Previous").unwrap()).await;
    assert_eq!(shown(&page).len(), 10);
    // Nothing is newer than the first: its page says so better.
    let past = page.link("Previous");
    assert_eq!(past, None);
}

#[actix_web::test]
async fn positions_are_sealed_for_those_who_may_see_them() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let birch = app.organization("Birch").await;
    let start = time("2026-03-01 00:00:00");
    let events = |organization: i64, account: i64| -> Vec<_> {
        (0..60)
            .map(|number| Event::of(organization, account, after(start, number)))
            .collect()
    };
    write(&app, events(acme.id, acme.account)).await;
    write(&app, events(birch.id, birch.account)).await;
    acme.user_with(acme.account, "Own Admin", "own@acme.example", (false, true))
        .await;
    let admin = acme.org_admin().await;
    let next = admin.get(UNTIL).await.link("Next").unwrap();
    assert_eq!(admin.get(&next).await.status, 200);
    assert_eq!(birch.org_admin().await.get(&next).await.status, 400);
    assert_eq!(
        app.signed_in("own@acme.example")
            .await
            .get(&next)
            .await
            .status,
        400
    );
    let bent = format!("{}x", &next[..next.len() - 1]);
    assert_eq!(admin.get(&bent).await.status, 400);
    assert_eq!(admin.get(&next[..next.len() - 9]).await.status, 400);
    let both = format!("{next}&before={}", next.rsplit_once('=').unwrap().1);
    assert_eq!(admin.get(&both).await.status, 400);
}

#[actix_web::test]
async fn a_page_looks_at_ten_thousand_events_at_most_and_says_so() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let start = time("2026-03-01 00:00:00");
    // What is searched is older than 21,000 others: three steps back.
    let event = |number| {
        let name = if number < 3 { "Needle" } else { "Hay" };
        Event::of(acme.id, acme.account, after(start, number)).on(name)
    };
    write(&app, (0..21_003).map(event).collect()).await;
    let admin = acme.org_admin().await;
    let first = format!("{UNTIL}&q=needle");
    let before = app.app.queries();
    let page = admin.get(&first).await;
    assert!(app.app.queries() - before <= 8);
    assert_eq!(page.find(".empty h2"), ["No events match so far"]);
    assert_eq!(
        page.find(".bar > .hint"),
        [
            "10,000 events were looked at for this page, back to 2026-03-01. Next goes on from there."
        ]
    );
    let forth = walk(&admin, &first, "Next").await;
    assert_eq!(sizes(&forth), [0, 0, 3]);
    // The way back finds nothing, and from there the way forth finds the three again, each once.
    let back = walk(&admin, &forth[2].link("Previous").unwrap(), "Previous").await;
    assert!(
        sizes(&back).iter().all(|size| *size == 0),
        "{:?}",
        sizes(&back)
    );
    let again = walk(&admin, &back[0].link("Next").unwrap(), "Next").await;
    assert_eq!(names(&again).concat(), ["Needle"; 3]);
}
