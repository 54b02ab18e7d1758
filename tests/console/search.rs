//! The search box: an id, an email, names and their parts, in any letter case; every character means itself.

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
}
