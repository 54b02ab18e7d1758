//! Accounts: added, found in the panel, changed, deactivated, reactivated and deleted; the default account stays.

use crate::support::{Client, PASSWORD, Page, TestApp};

const DEFAULT_STAYS: &str = "The default account cannot be deactivated or deleted.";

fn path(account: i64) -> String {
    format!("/security/accounts/{account}")
}

async fn create(admin: &Client, name: &str) -> Page {
    let page = admin.get("/security/accounts/new").await;
    admin
        .submit(&page, "/security/accounts", &[("name", name)])
        .await
}

/// The names in the panel without the default account.
async fn others(admin: &Client, address: &str) -> Vec<String> {
    admin.get(address).await.accounts().split_off(1)
}

#[actix_web::test]
async fn a_new_account_needs_a_name_that_is_not_too_long() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let long = "ü".repeat(201);
    for (name, sentence) in [
        ("", "Enter a name."),
        (" \t ", "Enter a name."),
        (long.as_str(), "Enter a name of at most 200 characters."),
        ("Bell\u{7}", "Enter a name without control characters."),
    ] {
        let page = create(&admin, name).await;
        assert_eq!(page.status, 422, "{name:?}");
        assert_eq!(page.error("name"), sentence);
        assert_eq!(page.problems(), [sentence]);
        assert_eq!(page.field("name"), name);
        assert!(page.title().starts_with("Error: "));
    }
    for name in [
        &long[..400],
        "  Łódź & <b>Söhne</b> \"50%\" 🙂 ",
        "مثال",
        "Acme",
        "Acme",
    ] {
        let page = create(&admin, name).await;
        assert_eq!(page.heading(), name.trim());
        assert_eq!(page.notice(), format!("{} was created.", name.trim()));
        assert_eq!(page.field("name"), name.trim());
        assert!(page.text().contains("No users yet"));
    }
    assert_eq!(
        app.codes()
            .await
            .iter()
            .filter(|code| *code == "account.created")
            .count(),
        5
    );
}

#[actix_web::test]
async fn the_panel_is_ordered_as_people_expect() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    for name in [
        "Zürich", "Fado", "łódka", "Mainz", "Évora", "apple", "Łódź", "Eva", "Livno", "Acme",
        "évora",
    ] {
        acme.account(name).await;
    }
    let admin = acme.org_admin().await;
    let page = admin.get(&path(acme.account)).await;
    assert!(page.accounts()[0].starts_with("Dana Whitfield’s Company Default Account"));
    assert_eq!(
        page.accounts()[1..],
        [
            "Acme", "apple", "Eva", "évora", "Évora", "Fado", "Livno", "łódka", "Łódź", "Mainz",
            "Zürich"
        ]
    );
    assert_eq!(
        page.find(".panel [aria-current]").len(),
        1,
        "the open one is marked"
    );
}

#[actix_web::test]
async fn the_panel_is_filtered_when_there_are_more_than_ten_accounts() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    for number in 0..9 {
        acme.account(&format!("Plain {number}")).await;
    }
    let home = path(acme.account);
    assert!(!admin.get(&home).await.has("accounts"), "ten accounts");
    acme.account("100% Łódź_x").await;
    assert!(admin.get(&home).await.has("accounts"), "eleven accounts");

    for (filter, found) in [
        ("łódź", vec!["100% Łódź_x"]),
        ("%25", vec!["100% Łódź_x"]),
        ("_", vec!["100% Łódź_x"]),
        ("plain+3", vec!["Plain 3"]),
        ("\\", vec![]),
        ("'", vec![]),
    ] {
        let page = admin.get(&format!("{home}?accounts={filter}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.accounts()[1..], found, "{filter}");
    }
    // Also from a page that answered a form.
    let users = format!("{home}/users");
    let refused = admin.post(&users, &[("first_name", "Zoë")]).await;
    assert_eq!(refused.status, 422);
    let action = refused.find_attr("[aria-label=\"Filter accounts\"][action]", "action");
    let page = admin.get(&format!("{action}?accounts=plain+3")).await;
    assert_eq!(page.accounts()[1..], ["Plain 3"]);
    let page = admin.get(&format!("{home}?accounts=nowhere")).await;
    assert!(page.text().contains("No accounts match “nowhere”."));
    assert_eq!(page.field("accounts"), "nowhere");
    assert_eq!(
        admin
            .get(&format!("{home}?accounts={}", "x".repeat(201)))
            .await
            .status,
        400
    );
}

#[actix_web::test]
async fn the_panel_pages_through_120_accounts_each_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    // Some share their name, so the order has ties.
    let mut expected: Vec<String> = (0..120)
        .map(|number| format!("Branch {:03}", number / 2))
        .collect();
    for name in &expected {
        acme.account(name).await;
    }
    let admin = acme.org_admin().await;
    let mut pages = vec![admin.get(&path(acme.account)).await];
    while let Some(next) = pages.last().unwrap().link("Next") {
        pages.push(admin.get(&next).await);
    }
    let names: Vec<Vec<String>> = pages
        .iter()
        .map(|page| page.accounts().split_off(1))
        .collect();
    assert_eq!(names.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    expected.sort();
    assert_eq!(names.concat(), expected);

    let second = admin.get(&pages[2].link("Previous").unwrap()).await;
    assert_eq!(second.accounts().split_off(1), names[1]);
    let first = admin.get(&second.link("Previous").unwrap()).await;
    assert_eq!(first.accounts().split_off(1), names[0]);
    assert!(first.link("Previous").is_none());

    let next = pages[0].link("Next").unwrap();
    for bad in ["x", "AAAA", &next[next.len() - 20..]] {
        let answer = admin
            .get(&format!("{}?accounts_after={bad}", path(acme.account)))
            .await;
        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[actix_web::test]
async fn the_default_account_cannot_be_deactivated_or_deleted() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let home = path(acme.account);
    let page = admin.get(&home).await;
    assert!(page.disabled("active"));
    assert!(page.text().contains(DEFAULT_STAYS));
    assert!(page.link("Delete Account").is_none());
    let before = app.codes().await;

    for deed in ["deactivation", "deletion"] {
        let asked = admin.get(&format!("{home}/{deed}/new")).await;
        assert_eq!(asked.status, 422, "{deed}");
        assert!(asked.text().contains(DEFAULT_STAYS));
        let name = page.heading();
        let forged = admin
            .post(&format!("{home}/{deed}"), &[("name", &name)])
            .await;
        assert_eq!(
            (forged.status, forged.notice().as_str()),
            (422, DEFAULT_STAYS),
            "{deed}"
        );
    }
    assert_eq!(app.codes().await, before);

    // Its switch is disabled and therefore never sent: that does not deactivate it.
    let page = admin
        .submit(&page, &home, &[("name", "Head Office"), ("active", "off")])
        .await;
    assert_eq!(page.notice(), "Head Office was updated.");
    assert_eq!(page.field("active"), "on");
    assert_eq!(admin.get("/profile").await.status, 200);
}

#[actix_web::test]
async fn the_later_of_two_updates_is_refused_with_what_was_typed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let (home, admin) = (path(branch), acme.org_admin().await);
    let old = admin.get(&home).await;
    let changes = [("name", "Ours"), ("description", "Line 1\r\nLine 2")];
    let page = admin.submit(&old, &home, &changes).await;
    assert_eq!(page.notice(), "Ours was updated.");
    assert_eq!(page.field("description").trim(), "Line 1\nLine 2");

    let page = admin.submit(&old, &home, &[("name", "Theirs")]).await;
    assert_eq!(page.status, 422);
    assert!(
        page.notice()
            .starts_with("Nothing was changed. Ours was changed by somebody else")
    );
    assert_eq!(page.field("name"), "Theirs");
    let saved = admin.submit(&page, &home, &[]).await;
    assert_eq!(saved.notice(), "Theirs was updated.");

    let long = "x".repeat(2001);
    let page = admin
        .submit(&saved, &home, &[("name", ""), ("description", &long)])
        .await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.problems(),
        [
            "Enter a name.",
            "Enter a description of at most 2,000 characters."
        ]
    );
    assert_eq!(page.field("description").trim(), long);
    let page = admin
        .submit(&saved, &home, &[("description", &long[1..])])
        .await;
    assert_eq!(page.status, 200);
}

#[actix_web::test]
async fn deactivation_is_counted_first_and_acts_at_once() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let on = acme.user(branch, "On Line", "on@branch.example").await;
    let off = acme.user(branch, "Off Line", "off@branch.example").await;
    app.set_active(off, false).await;
    app.give(on, 3, 4).await;
    let user = app.signed_in("on@branch.example").await;
    let (home, admin) = (path(branch), acme.org_admin().await);

    let page = admin.get(&home).await;
    let page = admin.submit(&page, &home, &[("active", "off")]).await;
    assert_eq!(page.heading(), "Deactivate Branch?");
    let words = "Its 2 users can no longer sign in or call the API, and 3 jobs stop. Instances are kept. \
                 You can reactivate the account; its jobs do not come back.";
    assert!(page.text().contains(words), "{}", page.text());
    assert_eq!(
        user.get("/profile").await.status,
        200,
        "nothing happened yet"
    );

    let page = admin
        .submit(&page, &format!("{home}/deactivation"), &[])
        .await;
    assert_eq!(
        page.notice(),
        "Branch was deactivated. 3 jobs were stopped."
    );
    assert_eq!(page.inactive_accounts(), ["Branch"]);
    assert_eq!(user.get("/profile").await.status, 303);
    assert_eq!(
        user.sign_in("on@branch.example", PASSWORD).await.status,
        422
    );
    assert_eq!(app.holdings(on).await, (0, 4, 0));
    assert_eq!(
        (app.state(on).await.0, app.state(off).await.0),
        (true, false)
    );

    // Reactivated in the panel; then once more, by the switch.
    let page = admin
        .submit(&page, &format!("{home}/activation"), &[])
        .await;
    assert_eq!(
        page.notice(),
        "Branch was activated. Its earlier jobs do not come back."
    );
    assert!(page.inactive_accounts().is_empty());
    assert_eq!(
        (app.state(on).await.0, app.state(off).await.0),
        (true, false)
    );
    app.signed_in("on@branch.example").await;
    let page = admin.post(&format!("{home}/deactivation"), &[]).await;
    let page = admin.arrive(page).await;
    assert_eq!(page.field("active"), "");
    let page = admin.submit(&page, &home, &[("active", "on")]).await;
    assert_eq!(page.notice(), "Branch was activated.");
    app.signed_in("on@branch.example").await;
    let codes: Vec<_> = app
        .codes()
        .await
        .into_iter()
        .filter(|code| code.starts_with("account"))
        .collect();
    let (off, on) = ("account.deactivated", "account.activated");
    assert_eq!(codes, [off, on, off, on]);
}

#[actix_web::test]
async fn deletion_asks_for_the_name_and_leaves_an_empty_account() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Bränch 1").await.id;
    let zoe = acme.user(branch, "Zoë Müller", "zoe@branch.example").await;
    acme.user(branch, "Max Muster", "max@branch.example").await;
    app.give(zoe, 2, 3).await;
    let user = app.signed_in("zoe@branch.example").await;
    let (home, admin) = (path(branch), acme.org_admin().await);

    let page = admin
        .get(&admin.get(&home).await.link("Delete Account").unwrap())
        .await;
    assert_eq!(page.heading(), "Delete Bränch 1?");
    let words = "Its 2 users are deleted for good, with 2 jobs and 3 instances. The account stays under \
                 Inactive accounts and can be reactivated, empty.";
    assert!(page.text().contains(words), "{}", page.text());
    let deletion = format!("{home}/deletion");
    for wrong in ["", "bränch 1", "Branch 1", "Bränch 1x"] {
        let refused = admin.submit(&page, &deletion, &[("name", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert_eq!(
            refused.error("name"),
            "Type the name of the account, Bränch 1, to delete it."
        );
        assert_eq!(refused.field("name"), wrong);
    }
    assert_eq!(user.get("/profile").await.status, 200);

    // A decomposed ä, as some keyboards write it, is the same name.
    let page = admin
        .submit(&page, &deletion, &[("name", "Bra\u{308}nch 1 ")])
        .await;
    assert_eq!(
        page.notice(),
        "Bränch 1 was deleted. It had 2 users, 2 jobs and 3 instances. It stays under Inactive accounts."
    );
    assert_eq!(page.inactive_accounts(), ["Bränch 1"]);
    assert_eq!(user.get("/profile").await.status, 303);
    assert_eq!(app.holdings(zoe).await, (0, 0, 0));
    let events = app.events().await;
    let deleted: Vec<_> = events
        .iter()
        .filter(|event| event.0.ends_with(".deleted"))
        .collect();
    let names: Vec<_> = deleted.iter().map(|event| event.1.as_str()).collect();
    assert_eq!(names, ["Zoë Müller", "Max Muster", "Bränch 1"]);

    let page = admin
        .submit(&page, &format!("{home}/activation"), &[])
        .await;
    assert!(page.text().contains("No users yet"));
    let again = acme.user(branch, "Zoë Müller", "ZOE@branch.example").await;
    assert!(again > zoe + 1, "the email is free again, the ids are not");
}

#[actix_web::test]
async fn an_empty_account_is_deleted_without_typing() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (empty, admin) = (path(acme.account("Empty").await.id), acme.org_admin().await);
    let page = admin.get(&format!("{empty}/deletion/new")).await;
    assert!(page.text().contains("The account has no users."));
    assert!(!page.has("name"));
    let page = admin.submit(&page, &format!("{empty}/deletion"), &[]).await;
    assert_eq!(
        page.notice(),
        "Empty was deleted. It had no users, no jobs and no instances. It stays under Inactive accounts."
    );
    assert_eq!(
        others(&admin, &path(acme.account)).await,
        Vec::<String>::new()
    );
}
