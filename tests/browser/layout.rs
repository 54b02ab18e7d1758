//! Small windows and fingers: nothing needs sideways scrolling, and what is pressed is large enough.

use crate::support::{Browser, PASSWORD, TestApp, Tour};

/// Width, height and device pixels of one CSS pixel: a phone, the narrowest that counts, 1280 at a zoom of 200 %.
const WINDOWS: [(u32, u32, u32); 3] = [(360, 780, 1), (320, 640, 1), (640, 450, 2)];

#[actix_web::test]
async fn every_page_fits_narrow_windows_and_reports_no_error() {
    let (empty, app) = (TestApp::start().await, TestApp::start().await);
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let tour = Tour::prepare(&empty, &app).await;
    tour.walk(&browser, async |page| {
        for (width, height, scale) in WINDOWS {
            browser.resize(width, height, scale).await;
            let too_wide = browser.measure(OVERFLOW).await;
            assert_eq!(too_wide, serde_json::json!([]), "{page} at {width} px");
        }
        browser.resize(1440, 1000, 1).await;
    })
    .await;
}

/// What sticks out of the page, as it is and with every folded part open, which are folded again.
const OVERFLOW: &str = "
    const out = new Set();
    const look = () => {
        if (document.scrollingElement.scrollWidth <= innerWidth) return;
        out.add(`${document.scrollingElement.scrollWidth} wide`);
        for (const it of document.querySelectorAll('body *'))
            if (it.getBoundingClientRect().right > innerWidth + 1) out.add(it.outerHTML.slice(0, 120));
    };
    look();
    const folded = [...document.querySelectorAll('details:not([open])')];
    for (const it of folded) it.open = true;
    look();
    for (const it of folded) it.open = false;
    return [...out];";

#[actix_web::test]
async fn on_a_phone_every_control_is_large_enough_for_a_finger() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let acme = app.organization("Acme").await;
    acme.user(acme.account, "Omar Haddad", "omar@acme.example")
        .await;
    acme.account("Alder").await;
    browser.resize(360, 780, 1).await;
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at("Dana Whitfield’s Company Default Account").await;
    let small = browser.measure(SMALL).await;
    assert_eq!(small, serde_json::json!([]));

    // The whole height beside the box belongs to it.
    let reach = browser.measure(REACH).await;
    assert_eq!(reach.as_array().unwrap().len(), 1);
    assert!(reach[0].as_u64().unwrap() >= 44, "{reach}");
}

#[actix_web::test]
async fn on_a_phone_what_is_done_with_a_user_stands_on_one_line() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let acme = app.organization("Acme").await;
    let omar = acme
        .user(acme.account, "Omar Haddad", "omar@acme.example")
        .await;
    acme.user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    app.set_active(omar, false).await;
    browser.resize(360, 780, 1).await;
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at("Dana Whitfield’s Company Default Account").await;
    let lines = browser.measure(LINES).await;
    assert_eq!(lines, serde_json::json!([true, true]));
}

/// Of each user who can be changed, whether the Active box, Edit and Delete stand on one line.
const LINES: &str = "
    return [...document.querySelectorAll('.users tbody tr:not(:has(.why))')].map((row) => {
        const controls = [...row.querySelectorAll('[name=active], td > a')];
        const tops = controls.map((it) => it.getBoundingClientRect().top);
        return controls.length === 3 && Math.max(...tops) - Math.min(...tops) < 24;
    });";

#[actix_web::test]
async fn on_a_phone_all_of_the_open_accounts_panel_stays_inside_it() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else {
        return;
    };
    let acme = app.organization("Acme").await;
    for number in 0..14 {
        acme.account(&format!("Closed {number}")).await;
    }
    app.change(|tx| {
        let close = "UPDATE accounts SET active = FALSE WHERE NOT is_default";
        diesel::RunQueryDsl::execute(diesel::sql_query(close), tx.db())?;
        Ok(())
    })
    .await;
    browser.resize(360, 780, 1).await;
    browser.sign_in(&acme.admin_email, PASSWORD).await;
    browser.at("Dana Whitfield’s Company Default Account").await;
    let inside = browser.measure(INSIDE).await;
    assert_eq!(inside, serde_json::json!(true));
}

/// Whether the end of the panel can be seen in it when everything in it is open.
const INSIDE: &str = "
    for (const it of document.querySelectorAll('.panel details')) it.open = true;
    const end = document.querySelector('.inactive .hint');
    end.scrollIntoView();
    const panel = document.querySelector('.panel').getBoundingClientRect();
    return end.getBoundingClientRect().bottom <= panel.bottom;";

/// Buttons, links and fields in sight that are less than 44 px high. Boxes are measured with their words.
const SMALL: &str = "
    for (const it of document.querySelectorAll('details')) it.open = true;
    const shown = (it) => it.checkVisibility({ visibilityProperty: true }) && it.getBoundingClientRect().width > 1;
    const what = 'main :is(a, button, select, summary, input:not([type=checkbox], [type=hidden])),' +
        'aside :is(a, button, select, summary, input)';
    return [...document.querySelectorAll(what)].filter(shown)
        .map((it) => [it.getBoundingClientRect().height, it.outerHTML.slice(0, 120)])
        .filter(([height]) => height < 44);";

/// How many pixels above and below the middle of each Active box, a thumb's width beside it, still toggle it.
const REACH: &str = "
    return [...document.querySelectorAll('[aria-label^=\"Active: \"]:enabled')].map((box) => {
        box.scrollIntoView({ block: 'center' });
        const at = box.getBoundingClientRect();
        const x = at.left + 40, middle = Math.round(at.top + at.height / 2);
        const hits = (y) => document.elementFromPoint(x, y) === box;
        let reach = 0;
        for (let y = middle - 40; y < middle + 40; y++) reach += hits(y);
        return reach;
    });";
