//! axe-core finds nothing on any page, light or dark. Its script comes from npm: TENANTRY_AXE names the file.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::support::{Browser, TestApp, Tour, may_skip, tell_skipped};

#[actix_web::test]
async fn axe_finds_nothing_on_any_page() {
    let Ok(file) = std::env::var("TENANTRY_AXE") else {
        assert!(may_skip(), "TENANTRY_AXE does not name axe.min.js");
        tell_skipped("the axe test needs TENANTRY_AXE, a path to axe.min.js.");
        return;
    };
    let axe = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (empty, app) = (TestApp::start().await, TestApp::start().await);
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let tour = Tour::prepare(&empty, &app).await;
    let found = RefCell::new(BTreeMap::new());
    tour.walk(&browser, async |page| {
        browser.measure(&axe).await;
        browser.prefer("light").await;
        check(&browser, &format!("{page}, light"), &found).await;
        browser.prefer("dark").await;
        browser.resize(360, 780, 1).await;
        check(&browser, &format!("{page}, dark, narrow"), &found).await;
        browser.resize(1440, 1000, 1).await;
    })
    .await;
    assert!(found.borrow().is_empty(), "{:#?}", found.borrow());
}

/// Collects what is found, each once with the first page that has it.
async fn check(browser: &Browser, page: &str, all: &RefCell<BTreeMap<String, String>>) {
    let found = browser.client.execute_async(RUN, Vec::new()).await.unwrap();
    for one in found.as_array().unwrap() {
        let text = one.as_str().unwrap().to_owned();
        all.borrow_mut()
            .entry(text)
            .or_insert_with(|| page.to_owned());
    }
}

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const line = (rule, node) => `${rule.id}: ${rule.help}: ${node.html} ${node.failureSummary}`;
    axe.run(document, { resultTypes: ['violations'] }).then(
        (it) => done(it.violations.flatMap((rule) => rule.nodes.map((node) => line(rule, node)))),
        (error) => done([String(error)]),
    );";
