//! The search box: an id, an email, names and their parts, in any letter case; every character means itself.

use tenantry::db::share;

use crate::support::{Client, Organization, Page, TestApp};

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

/// SQLite compares its index with the users, and fails where they differ.
pub async fn index_holds(app: &TestApp) {
    app.change(|tx| {
        if tx.db().is_sqlite() {
            diesel::RunQueryDsl::execute(
                diesel::sql_query(
                    "INSERT INTO users_search (users_search, rank) VALUES ('integrity-check', 1)",
                ),
                tx.db(),
            )?;
        }
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn search_finds_id_email_names_and_their_parts_in_any_case() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user(
            acme.account,
            "Zoë Müller-Lüdenscheidt",
            "z.m+tag@MÜNCHEN.example",
        )
        .await;
    let odd = acme
        .user(acme.account, r#"50%_\ O'Neil"&"#, "odd@acme.example")
        .await;
    acme.user(acme.account, "Max Muster", "max@acme.example")
        .await;
    let admin = acme.org_admin().await;
    let (zoe_id, padded) = (zoe.to_string(), format!(" {zoe} "));
    for q in [
        zoe_id.as_str(),
        &padded,
        "z.m+tag@münchen.example",
        "Zoë",
        "ZOË",
        "zoe\u{308}",
        "müller-lüdenscheidt",
        "Zoë Müller",
        "ÜDENS",
        "oë mü",
        "M+TAG@",
        "München",
        "zo",
        "z",
        "mü",
        "MÜLL",
    ] {
        let found = ids(&list(&admin, &home(&acme), &[("q", q)]).await);
        assert_eq!(found, [zoe], "{q}");
    }
    for q in [
        "50%",
        "%_\\",
        "o'n",
        "l\"&",
        "'neil\"&",
        "50%_\\ O'Neil\"&",
        "%_\\ O",
    ] {
        assert_eq!(
            ids(&list(&admin, &home(&acme), &[("q", q)]).await),
            [odd],
            "{q}"
        );
    }
}

#[actix_web::test]
async fn search_finds_nobody_who_does_not_match() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let zoe = acme
        .user(acme.account, "Zoë Müller", "zoe@acme.example")
        .await;
    let admin = acme.org_admin().await;
    for q in [
        // One or two letters match beginnings only.
        "oë",
        "er",
        "ë",
        // Special characters mean themselves.
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "&",
        "+",
        "zo%",
        "z_ë",
        "%%%",
        "___",
        "' OR 1=1 --",
        &format!("+{zoe}"),
        &format!("-{zoe}"),
        &format!("{zoe}0"),
        // No folding of accents, no other fields.
        "zoë mueller",
        "müller zoë",
        "correct-horse",
        "argon2",
        "99999999999999999999",
    ] {
        let page = list(&admin, &home(&acme), &[("q", q)]).await;
        assert_eq!(page.status, 200, "{q}");
        assert_eq!(ids(&page), Vec::<i64>::new(), "{q}");
        assert!(
            page.text()
                .contains(&format!("Nobody in this account matches “{q}”.")),
            "{q}"
        );
        assert_eq!(page.field("q"), q);
    }
    let page = list(
        &admin,
        &home(&acme),
        &[("q", "zzz"), ("status", "inactive")],
    )
    .await;
    assert!(
        page.text()
            .contains("Nobody in this account matches “zzz” with status Inactive."),
        "{}",
        page.text()
    );
    assert_eq!(page.link("Clear filters").unwrap(), home(&acme));
    // How the parts are kept for the search does not show.
    let page = list(&admin, &home(&acme), &[("q", "zoë müller\nmüller")]).await;
    assert_eq!((page.status, ids(&page)), (200, vec![]));
}

/// Last names, with a search for each that finds that one alone.
const LETTERS: [(&str, &str); 19] = [
    ("İzmirli", "İZM"),
    ("Straßer", "aße"),
    ("Åkesson", "åke"),
    ("Évora", "ÉVO"),
    ("Кузнецова", "НЕЦ"),
    ("Παπαδόπουλος", "ΔΌΠ"),
    ("王小明", "王小明"),
    ("李", "李"),
    ("m\u{30c}q\u{323}x", "M\u{30c}Q\u{323}"),
    ("𐐀𐐁𐐂", "𐐨𐐩𐐪"),
    ("a%b_c", "%b_"),
    (r"d\e\f", r"\e\"),
    ("g'h''i", "'h'"),
    (r#"j"k"l"#, r#""k""#),
    ("n* OR o", "* or"),
    ("(p) NEAR", ") ne"),
    ("search:^x", ":^x"),
    ("-y+{z}", "+{z"),
    ("owner 1", "owner"),
];

#[actix_web::test]
async fn letters_and_signs_of_every_kind_are_found_alike_on_both_databases() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let other = acme.account("Other").await.id;
    let mut users = Vec::new();
    for (number, (name, _)) in LETTERS.iter().enumerate() {
        let name = format!("Same {name}");
        users.push(
            acme.user(acme.account, &name, &format!("u{number}@acme.example"))
                .await,
        );
        acme.user(other, &name, &format!("v{number}@acme.example"))
            .await;
    }
    let admin = acme.org_admin().await;
    for (user, (_, q)) in users.iter().zip(LETTERS) {
        let found = ids(&list(&admin, &home(&acme), &[("q", q)]).await);
        assert_eq!(found, [*user], "{q}");
    }
    for q in ["same", "s", "sa", "u"] {
        let path = home(&acme);
        let up = ids(&list(&admin, &path, &[("q", q), ("sort", "id")]).await);
        let mut down = ids(&list(&admin, &path, &[("q", q), ("dir", "desc")]).await);
        down.reverse();
        assert_eq!((&up, &down), (&users, &users), "{q}");
    }
}

#[actix_web::test]
async fn a_search_that_finds_very_many_has_them_in_order_too() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 1_200).await;
    let admin = acme.org_admin().await;
    let path = home(&acme);
    let page = list(&admin, &path, &[("q", "crowd"), ("sort", "last")]).await;
    assert_eq!(ids(&page), crowd[..50]);
    let page = list(&admin, &path, &[("q", "crowd"), ("dir", "desc")]).await;
    assert!(ids(&page).iter().eq(crowd.iter().rev().take(50)));
    let page = list(&admin, &path, &[("q", "rowd 119"), ("status", "active")]).await;
    assert_eq!(ids(&page), crowd[1_190..]);
    assert!(
        list(&admin, &path, &[("q", "crowd")])
            .await
            .text()
            .contains("1,000")
    );
}

#[actix_web::test]
async fn a_part_that_begins_like_everybodys_is_told_from_theirs_in_a_large_account() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let crowd = acme.crowd(acme.account, "Crowd", 1_100).await;
    let other = acme.account("Other").await.id;
    acme.crowd(other, "Crowds", 70).await;
    let admin = acme.org_admin().await;
    let ends_in_99 = (99..1_100).step_by(100).collect();
    for (q, numbers) in [
        ("crowd 1099", vec![1_099]),
        ("user1099@crowd.example", vec![1_099]),
        ("99@crowd.exam", ends_in_99),
        ("rowd 002", (20..30).collect()),
        ("first 0010 crowd 0010", vec![10]),
        ("crowd.examples", vec![]),
        ("1099@crowd.examples", vec![]),
        // All of its trigrams are there, but not in this order.
        ("crowd 0010 crowd", vec![]),
        ("owd 110", vec![]),
    ] {
        let expected: Vec<i64> = numbers
            .iter()
            .map(|number: &usize| crowd[*number])
            .collect();
        let found = ids(&list(&admin, &home(&acme), &[("q", q)]).await);
        assert_eq!(found, expected, "{q}");
    }
}

#[actix_web::test]
async fn accounts_that_share_a_part_of_the_index_find_their_own_users_only() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    acme.crowd(acme.account, "Crowd", 1_100).await;
    let mut small = acme.account("Other").await.id;
    while share(small) != share(acme.account) {
        small = acme.account(&format!("Other {small}")).await.id;
    }
    let few = acme.crowd(small, "Crowding", 12).await;
    // PostgreSQL goes by the size of the table, as it was last seen.
    app.change(|tx| {
        if !tx.db().is_sqlite() {
            diesel::RunQueryDsl::execute(diesel::sql_query("ANALYZE users_search"), tx.db())?;
        }
        Ok(())
    })
    .await;
    let admin = acme.org_admin().await;
    let path = format!("/security/accounts/{small}");
    for (account, q, hint, first) in [
        (home(&acme), "crowd 000", "10 of 10", None),
        (home(&acme), "rowdin", "", None),
        // Both have one.
        (home(&acme), "first 0005", "1 of 1", None),
        (path.clone(), "first 0005", "1 of 1", Some(few[5])),
        (home(&acme), "wd 009", "10 of 10", None),
        (path.clone(), "crowd", "12 of 12", Some(few[0])),
        (path.clone(), "crowding 0011", "1 of 1", Some(few[11])),
        (path.clone(), "crowd 000", "", None),
        (path, "g 0011", "1 of 1", Some(few[11])),
    ] {
        let page = list(&admin, &account, &[("q", q)]).await;
        assert_eq!(page.find(".pager .hint").concat(), hint, "{account} {q}");
        if let Some(first) = first {
            assert_eq!(ids(&page)[0], first, "{account} {q}");
        }
    }
}

#[actix_web::test]
async fn who_was_renamed_is_found_by_the_new_name_only_and_who_is_gone_by_none() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let (renamed, gone) = (
        acme.user(acme.account, "Old Namesake", "old@acme.example")
            .await,
        acme.user(acme.account, "Old Goner", "goner@acme.example")
            .await,
    );
    let admin = acme.org_admin().await;
    let form = [
        ("version", "1"),
        ("first_name", "New"),
        ("last_name", "Bearer"),
        ("email", "new@acme.example"),
        ("active", "on"),
    ];
    let path = home(&acme);
    let saved = admin.post(&format!("{path}/users/{renamed}"), &form).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    app.remove(gone).await;
    for (q, found) in [
        ("namesake", vec![]),
        ("old", vec![]),
        ("bearer", vec![renamed]),
        ("goner", vec![]),
    ] {
        assert_eq!(ids(&list(&admin, &path, &[("q", q)]).await), found, "{q}");
    }
    index_holds(&app).await;
}

#[actix_web::test]
async fn a_wrong_index_shows_nobody_of_another_account() {
    let app = TestApp::start().await;
    let (acme, other) = (
        app.organization("Acme").await,
        app.organization("Other").await,
    );
    let hidden = other
        .user(other.account, "Hidden Needle", "needle@other.example")
        .await;
    let owner = acme.account;
    app.change(move |tx| {
        let wrong = if tx.db().is_sqlite() {
            format!(
                "INSERT INTO users_search (rowid, owner, search) \
                 VALUES ({hidden}, char(983040, 983040, 983040 + {owner}), in_share({owner}, 'hidden needle'))"
            )
        } else {
            format!("UPDATE users_search SET owner = {owner} WHERE id = {hidden}")
        };
        diesel::RunQueryDsl::execute(diesel::sql_query(wrong), tx.db())?;
        Ok(())
    })
    .await;
    let page = acme
        .org_admin()
        .await
        .get(&format!("{}?q=needle", home(&acme)))
        .await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("Hidden"), "{}", page.text());
}
