//! The list of users: filters, order and paging, all in the address.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use tenantry::db::schema::{accounts, organizations, users};

use crate::support::{Client, Organization, Page, TestApp};

const SORTS: [&str; 6] = ["first", "last", "email", "id", "last-login", "created"];

fn home(acme: &Organization<'_>) -> String {
    format!("/security/accounts/{}", acme.account)
}

/// The page with parameters, encoded as a browser does it.
async fn list(client: &Client, path: &str, parameters: &[(&str, &str)]) -> Page {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    client
        .get(&format!(
            "{path}?{}",
            query.extend_pairs(parameters).finish()
        ))
        .await
}

/// Ids in the table, in their order.
fn ids(page: &Page) -> Vec<i64> {
    page.table()
        .iter()
        .map(|row| row[7].parse().unwrap())
        .collect()
}

#[actix_web::test]
async fn filters_narrow_the_list_together() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let plain = acme
        .user(acme.account, "Plain User", "plain@acme.example")
        .await;
    let off = acme
        .user(acme.account, "Off User", "off@acme.example")
        .await;
    let chief = acme
        .user_with(
            acme.account,
            "Chief User",
            "chief@acme.example",
            (false, true),
        )
        .await;
    app.set_active(off, false).await;
    let admin = acme.org_admin().await;
    for (parameters, expected) in [
        (&[("status", "active")][..], vec![acme.admin, plain, chief]),
        (&[("status", "inactive")], vec![off]),
        (&[("role", "org-admin")], vec![acme.admin]),
        (&[("role", "admin")], vec![acme.admin, chief]),
        (&[("role", "none")], vec![plain, off]),
        (&[("role", "none"), ("status", "active")], vec![plain]),
        (
            &[("role", "none"), ("status", "active"), ("q", "off")],
            vec![],
        ),
        (
            &[("q", "user"), ("sort", "id"), ("dir", "desc")],
            vec![chief, off, plain],
        ),
        (
            &[
                ("status", ""),
                ("role", ""),
                ("q", ""),
                ("sort", ""),
                ("dir", ""),
            ],
            vec![acme.admin, plain, off, chief],
        ),
    ] {
        let page = list(&admin, &home(&acme), parameters).await;
        assert_eq!(ids(&page), expected, "{parameters:?}");
        if !expected.is_empty() {
            assert_eq!(
                page.find(".pager .hint"),
                [format!("{0} of {0}", expected.len())]
            );
        }
    }
    for bad in [
        "status=jailed",
        "role=root",
        "sort=password",
        "dir=up",
        "status=Active",
        "sort=ID",
    ] {
        assert_eq!(
            admin.get(&format!("{}?{bad}", home(&acme))).await.status,
            400,
            "{bad}"
        );
    }
}

/// 136 users beside the admin, many with the same names and times, some who signed in at the same moment.
async fn crowd(app: &TestApp, acme: &Organization<'_>) {
    let crowd = acme.crowd(acme.account, "Crowd", 136).await;
    app.change(move |tx| {
        let now = tx.now();
        for (place, id) in crowd.iter().enumerate() {
            let names = ["Évora", "Eva", "Fado", "zoe", "Łódź", "apple"];
            let (first, last) = (names[place % 6], names[place % 4]);
            let seen = now + TimeDelta::minutes((place % 5) as i64);
            let login = if place % 3 == 0 {
                tenantry::domain::user::never()
            } else {
                seen
            };
            diesel::update(users::table.find(id))
                .set((
                    users::first_name.eq(first),
                    users::first_name_key.eq(tenantry::domain::text::sort_key(first)),
                    users::last_name.eq(last),
                    users::last_name_key.eq(tenantry::domain::text::sort_key(last)),
                    users::created_at.eq(seen),
                    users::last_login_at.eq(login),
                ))
                .execute(tx.db())?;
        }
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn every_order_pages_through_137_users_each_once_and_back_again() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    crowd(&app, &acme).await;
    let admin = acme.org_admin().await;
    for sort in SORTS {
        let mut orders = Vec::new();
        for dir in ["asc", "desc"] {
            let mut pages = vec![list(&admin, &home(&acme), &[("sort", sort), ("dir", dir)]).await];
            while let Some(next) = pages.last().unwrap().link("Next") {
                pages.push(admin.get(&next).await);
            }
            let found: Vec<_> = pages.iter().map(ids).collect();
            assert_eq!(
                found.iter().map(Vec::len).collect::<Vec<_>>(),
                [50, 50, 37],
                "{sort} {dir}"
            );
            let totals: Vec<_> = pages
                .iter()
                .flat_map(|page| page.find(".pager .hint"))
                .collect();
            assert_eq!(totals, ["50 of 137", "50 of 137", "37 of 137"]);
            let middle = admin.get(&pages[2].link("Previous").unwrap()).await;
            assert_eq!(ids(&middle), found[1], "{sort} {dir} back");
            let first = admin.get(&middle.link("Previous").unwrap()).await;
            assert_eq!(ids(&first), found[0], "{sort} {dir} back");
            assert!(first.link("Previous").is_none() && first.link("Next").is_some());
            orders.push(found.concat());
        }
        let unique: BTreeSet<_> = orders[0].iter().collect();
        assert_eq!(unique.len(), 137, "{sort}");
        orders[1].reverse();
        assert_eq!(
            orders[0], orders[1],
            "{sort}: descending is the reverse, ties included"
        );
    }
}

#[actix_web::test]
async fn orders_are_as_people_expect() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    for (number, first) in ["Évora", "eva", "Fado", "Eva", "Łódź", "apple"]
        .iter()
        .enumerate()
    {
        acme.user(
            acme.account,
            &format!("{first} Same"),
            &format!("u{number}@acme.example"),
        )
        .await;
    }
    app.advance(TimeDelta::days(1));
    let admin = acme.org_admin().await;
    let firsts = |page: Page| {
        page.table()
            .iter()
            .map(|row| row[0].clone())
            .collect::<Vec<_>>()
    };
    let page = list(&admin, &home(&acme), &[("sort", "first"), ("q", "same")]).await;
    assert_eq!(page.find("th[aria-sort=ascending]"), ["First"]);
    assert_eq!(
        firsts(page),
        ["apple", "eva", "Eva", "Évora", "Fado", "Łódź"]
    );
    // Equal names stand in the order of their ids, the other way round when descending.
    let page = list(
        &admin,
        &home(&acme),
        &[("sort", "last"), ("dir", "desc"), ("q", "same")],
    )
    .await;
    assert_eq!(page.find("th[aria-sort=descending]"), ["Last"]);
    assert_eq!(
        firsts(page),
        ["apple", "Łódź", "Eva", "Fado", "eva", "Évora"]
    );
    // Never comes first, and last when descending.
    let logins = |page: Page| {
        page.table()
            .iter()
            .map(|row| row[8].clone())
            .collect::<Vec<_>>()
    };
    let page = list(&admin, &home(&acme), &[("sort", "last-login")]).await;
    let day = app.app.clock.now().date().to_string();
    let mut expected = vec!["Never".to_owned(); 6];
    expected.push(day);
    assert_eq!(logins(page), expected);
    expected.reverse();
    assert_eq!(
        logins(
            list(
                &admin,
                &home(&acme),
                &[("sort", "last-login"), ("dir", "desc")]
            )
            .await
        ),
        expected
    );
}

#[actix_web::test]
async fn the_state_stays_in_every_link_and_a_change_goes_to_the_first_page() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.crowd(acme.account, "Crowd", 120).await;
    let admin = acme.org_admin().await;
    let state = [
        ("q", "crowd"),
        ("status", "active"),
        ("role", "none"),
        ("sort", "email"),
        ("dir", "desc"),
    ];
    let page = list(&admin, &home(&acme), &state).await;
    let next = page.link("Next").unwrap();
    for (name, value) in state {
        assert!(next.contains(&format!("{name}={value}")), "{next}");
    }
    let second = admin.get(&next).await;
    for name in ["First", "Last", "Email", "ID", "Last Login", "Created"] {
        let link = second.link(name).unwrap();
        assert!(link.contains("q=crowd&status=active&role=none"), "{link}");
        assert!(
            !link.contains("after=") && !link.contains("before="),
            "{link}"
        );
    }
    assert!(second.link("Last").unwrap().ends_with("sort=last"));
    assert!(
        second.link("Email").unwrap().ends_with("sort=email"),
        "a second press turns the order round"
    );
    assert_eq!(second.field("q"), "crowd");
    let selected = second.find("option[selected]");
    assert_eq!(selected, ["Active", "None", "Email", "Descending"]);
    // The search form has no position, and no table form either: only the addresses of Update know it.
    assert!(!second.has("after") && !second.has("before"));
    assert_eq!(second.field("back"), next);
}

#[actix_web::test]
async fn positions_are_bound_to_account_order_and_direction() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    acme.crowd(acme.account, "Crowd", 60).await;
    acme.crowd(branch, "Branch", 60).await;
    let admin = acme.org_admin().await;
    let page = list(&admin, &home(&acme), &[("sort", "last")]).await;
    let next = page.link("Next").unwrap();
    let token = next.split_once("after=").unwrap().1;
    assert!(!token.to_lowercase().contains("crowd"));
    let mut turned = token.to_owned();
    let last = if turned.pop() == Some('A') { 'B' } else { 'A' };
    turned.insert(0, last);
    let branch = format!("/security/accounts/{branch}");
    for bad in [
        format!("{}?sort=first&after={token}", home(&acme)),
        format!("{}?after={token}", home(&acme)),
        format!("{}?sort=last&dir=desc&after={token}", home(&acme)),
        format!("{}?sort=last&after={token}&before={token}", home(&acme)),
        format!("{branch}?sort=last&after={token}"),
        format!("{}?sort=last&after={turned}", home(&acme)),
        format!("{}?sort=last&after={}", home(&acme), &token[2..]),
        format!("{}?sort=last&after=x", home(&acme)),
        format!("{}?sort=last&before=%F0%9F%99%82", home(&acme)),
    ] {
        assert_eq!(admin.get(&bad).await.status, 400, "{bad}");
    }
    // Another search with the same order may go on from there.
    let narrowed = format!("{}?sort=last&q=crowd&after={token}", home(&acme));
    assert_eq!(admin.get(&narrowed).await.status, 200);
}

#[actix_web::test]
async fn counting_what_is_found_stops_at_a_thousand() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.crowd(acme.account, "Crowd", 999).await;
    let admin = acme.org_admin().await;
    let hint = async |parameters: &[(&str, &str)]| {
        let page = list(&admin, &home(&acme), parameters).await;
        page.find(".pager .hint").concat()
    };
    assert_eq!(hint(&[]).await, "50 of 1,000");
    acme.crowd(acme.account, "Further", 51).await;
    assert_eq!(hint(&[("q", "crowd")]).await, "50 of 999");
    assert_eq!(hint(&[("q", "first")]).await, "50 of more than 1,000");
    assert_eq!(hint(&[("status", "active")]).await, "50 of more than 1,000");
    // That of everybody is known without counting.
    assert_eq!(hint(&[]).await, "50 of 1,051");
}

#[actix_web::test]
async fn the_many_whom_a_search_finds_are_each_on_one_page_of_any_order() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let other = acme.account("Branch").await.id;
    acme.crowd(acme.account, "Further", 300).await;
    let mut crowd: Vec<i64> = acme.crowd(acme.account, "Crowd", 600).await;
    acme.crowd(other, "Otherwise", 30).await;
    crowd.extend(acme.crowd(acme.account, "Crowded", 500).await);
    let admin = acme.org_admin().await;
    // Most of the account, and all of it but its admin.
    for (q, sought) in [("crowd", 1100), ("first", 1400)] {
        for (sort, dir) in [
            ("id", "asc"),
            ("id", "desc"),
            ("last", "asc"),
            ("last", "desc"),
            ("email", "asc"),
        ] {
            let parameters = [("q", q), ("sort", sort), ("dir", dir)];
            let mut pages = vec![list(&admin, &home(&acme), &parameters).await];
            assert_eq!(pages[0].find(".pager .hint"), ["50 of more than 1,000"]);
            while let Some(next) = pages.last().unwrap().link("Next") {
                pages.push(admin.get(&next).await);
            }
            let found: Vec<_> = pages.iter().map(ids).collect();
            let all = found.concat();
            assert_eq!(all.len(), sought, "{q} {sort} {dir}");
            let unique: BTreeSet<_> = all.iter().copied().collect();
            assert_eq!(unique.len(), sought, "{q} {sort} {dir}");
            if q == "crowd" {
                assert!(crowd.iter().all(|id| unique.contains(id)));
            }
            if sort == "id" {
                let mut sorted = all.clone();
                sorted.sort_unstable();
                if dir == "desc" {
                    sorted.reverse();
                }
                assert_eq!(all, sorted, "{q} {sort} {dir}");
            }
            let back = admin.get(&pages[2].link("Previous").unwrap()).await;
            assert_eq!(ids(&back), found[1], "{q} {sort} {dir} back");
            let file = admin.get(&pages[0].link("Export CSV").unwrap()).await;
            assert_eq!(file.body.lines().count(), sought + 1, "{q} {sort} {dir}");
        }
    }
    // Narrowed further, they are found as before.
    app.set_active(crowd[7], false).await;
    let page = list(
        &admin,
        &home(&acme),
        &[("q", "crowd"), ("status", "inactive"), ("sort", "last")],
    )
    .await;
    assert_eq!(ids(&page), [crowd[7]]);
    let page = list(
        &admin,
        &home(&acme),
        &[("q", "crowd"), ("status", "active"), ("sort", "last")],
    )
    .await;
    assert_eq!(page.find(".pager .hint"), ["50 of more than 1,000"]);
}

#[actix_web::test]
async fn everybody_is_counted_as_they_come_and_go() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let other = app.organization("Other").await;
    let branch = acme.account("Branch").await.id;
    let admin = acme.org_admin().await;
    let counted = async |account: i64| {
        let page = admin.get(&format!("/security/accounts/{account}")).await;
        page.find(".pager .hint").concat()
    };
    acme.crowd(branch, "Crowd", 60).await;
    let zoe = acme.user(branch, "Zoë Müller", "zoe@acme.example").await;
    other.crowd(other.account, "Others", 7).await;
    assert_eq!(counted(branch).await, "50 of 61");
    assert_eq!(counted(acme.account).await, "1 of 1");

    let deletion = format!("/security/accounts/{branch}/users/{zoe}/deletion");
    let page = admin.get(&format!("{deletion}/new")).await;
    admin.submit(&page, &deletion, &[("confirm", "on")]).await;
    assert_eq!(counted(branch).await, "50 of 60");

    let deletion = format!("/security/accounts/{branch}/deletion");
    let page = admin.get(&format!("{deletion}/new")).await;
    admin.submit(&page, &deletion, &[("name", "Branch")]).await;
    assert!(
        admin
            .get(&format!("/security/accounts/{branch}"))
            .await
            .text()
            .contains("No users yet")
    );
    let (of_accounts, of_organizations) = app
        .ask(|db| {
            let of_accounts: Vec<i64> = accounts::table
                .order(accounts::id)
                .select(accounts::user_count)
                .load(db)?;
            let of_organizations: Vec<i64> = organizations::table
                .order(organizations::id)
                .select(organizations::user_count)
                .load(db)?;
            Ok((of_accounts, of_organizations))
        })
        .await;
    assert_eq!(of_accounts, [1, 8, 0]);
    assert_eq!(of_organizations, [1, 8]);
}

#[actix_web::test]
async fn a_page_that_emptied_leads_to_the_first_with_what_was_to_be_said() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 50).await;
    let admin = acme.org_admin().await;
    let first = admin.get(&home(&acme)).await;
    let next = first.link("Next").unwrap();
    let second = admin.get(&next).await;
    assert_eq!(ids(&second), [crowd[49]]);
    let confirm = second.link("Delete First 0049 Crowd 0049").unwrap();
    let confirm = admin.follow(&confirm, &next).await;
    assert_eq!(confirm.field("back"), next);
    let action = format!("{}/users/{}/deletion", home(&acme), crowd[49]);
    let page = admin.submit(&confirm, &action, &[]).await;
    assert!(
        page.notice()
            .starts_with("First 0049 Crowd 0049 was deleted."),
        "{}",
        page.notice()
    );
    assert_eq!(ids(&page), ids(&first));
    assert_eq!(admin.get(&next).await.location(), home(&acme));
}

#[actix_web::test]
async fn an_account_without_users_says_so() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let admin = acme.org_admin().await;
    let page = admin.get(&format!("/security/accounts/{branch}")).await;
    assert_eq!(page.find(".empty h3"), ["No users yet"]);
    assert_eq!(
        page.find(".empty p"),
        [
            "Branch is ready. Add a user and give them the password; nobody can sign in to this account until then."
        ]
    );
    assert_eq!(
        page.link("Add User").unwrap(),
        format!("/security/accounts/{branch}/users/new")
    );
    assert!(page.table().is_empty());
}

#[actix_web::test]
async fn the_locked_the_inactive_and_the_admins_of_an_account_are_paged_in_the_order_of_ids() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let branch = acme.account("Branch").await.id;
    let crowd = acme.crowd(branch, "Crowd", 180).await;
    app.change({
        let crowd = crowd.clone();
        move |tx| {
            for (place, user) in crowd.iter().enumerate() {
                let user = diesel::update(users::table.find(user));
                match place % 3 {
                    0 => user.set(users::active.eq(false)).execute(tx.db())?,
                    1 => user.set(users::account_admin.eq(true)).execute(tx.db())?,
                    _ => user
                        .set(users::locked_until.eq(tenantry::domain::lockout::until_unlocked()))
                        .execute(tx.db())?,
                };
            }
            // Of another account, and locked no longer.
            diesel::update(users::table.filter(users::account_id.eq(acme.account)))
                .set((
                    users::account_admin.eq(true),
                    users::locked_until.eq(tenantry::domain::user::never()),
                ))
                .execute(tx.db())?;
            diesel::update(users::table.find(crowd[0]))
                .set(users::locked_until.eq(tenantry::domain::user::never()))
                .execute(tx.db())?;
            Ok(())
        }
    })
    .await;
    let admin = acme.org_admin().await;
    for (rest, filter) in ["status=inactive", "role=admin", "status=locked"]
        .into_iter()
        .enumerate()
    {
        for dir in ["asc", "desc"] {
            let mut expected: Vec<i64> = crowd.iter().copied().skip(rest).step_by(3).collect();
            if dir == "desc" {
                expected.reverse();
            }
            let path = format!("/security/accounts/{branch}?dir={dir}&{filter}");
            let first = admin.get(&path).await;
            let second = admin.get(&first.link("Next").unwrap()).await;
            assert_eq!(first.find(".pager .hint"), ["50 of 60"], "{path}");
            assert_eq!(second.find(".pager .hint"), ["10 of 60"], "{path}");
            assert_eq!([ids(&first), ids(&second)].concat(), expected, "{path}");
            assert!(second.link("Next").is_none(), "{path}");
            let back = admin.get(&second.link("Previous").unwrap()).await;
            assert_eq!(ids(&back), expected[..50], "{path}");
        }
    }
}

#[actix_web::test]
async fn the_few_whom_a_filter_finds_are_in_the_order_of_any_column() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 1_100).await;
    let locked = [crowd[1_050], crowd[7], crowd[500]];
    for user in locked {
        app.lock(user).await;
    }
    let admin = acme.org_admin().await;
    let path = format!("/security/accounts/{}", acme.account);
    for (sort, dir, order) in [
        ("last", "asc", [1, 2, 0]),
        ("email", "desc", [1, 2, 0]),
        ("created", "asc", [1, 2, 0]),
    ] {
        for q in ["", "crowd"] {
            let page = admin
                .get(&format!("{path}?status=locked&sort={sort}&dir={dir}&q={q}"))
                .await;
            let ids: Vec<i64> = page
                .table()
                .iter()
                .map(|row| row[7].parse().unwrap())
                .collect();
            assert_eq!(ids, order.map(|place: usize| locked[place]), "{sort} {q}");
        }
    }
}
