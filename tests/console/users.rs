//! Adding users: what is accepted, and what is refused in which words.

use crate::support::TestApp;
use crate::support::user_forms::{GOOD, add, save, users};

async fn count(app: &TestApp) -> i64 {
    use diesel::prelude::*;
    app.ask(|db| tenantry::db::schema::users::table.count().get_result(db))
        .await
}

#[actix_web::test]
async fn every_wrong_field_is_named_in_its_words() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let long = "x".repeat(101);
    for (field, typed, sentence) in [
        ("first_name", "", "Enter a first name."),
        ("first_name", " \u{a0} ", "Enter a first name."),
        ("last_name", "", "Enter a last name."),
        ("last_name", "a\u{0}b", ""),
        (
            "last_name",
            "a\nb",
            "Enter a last name without control characters.",
        ),
        (
            "first_name",
            "rev\u{202e}dro",
            "Enter a first name without control characters.",
        ),
        (
            "first_name",
            &long,
            "Enter a first name of at most 100 characters.",
        ),
        (
            "email",
            "",
            "Enter an email address, like name@company.example.",
        ),
        (
            "email",
            "zoe",
            "Enter an email address, like name@company.example.",
        ),
        (
            "email",
            "zoe@localhost",
            "Enter an email address, like name@company.example.",
        ),
        (
            "email",
            "z o@acme.example",
            "Enter an email address, like name@company.example.",
        ),
        ("password", "", "Enter a password."),
        (
            "password",
            "zoë",
            "The password needs at least 8 characters, 1 uppercase letter, 1 number, 1 symbol and no part of the \
             name or email.",
        ),
        ("password", "Correct-Horse", "The password needs 1 number."),
        (
            "password",
            "Correct-MÜLLER-7",
            "The password needs no part of the name or email.",
        ),
    ] {
        let page = add(&admin, acme.account, &[(field, typed)]).await;
        if sentence.is_empty() {
            assert_eq!(page.status, 400, "NUL");
            continue;
        }
        assert_eq!(page.status, 422, "{field}={typed:?}");
        assert_eq!(
            (page.problems(), page.error(field)),
            (vec![sentence.to_owned()], sentence.to_owned())
        );
        assert!(page.title().starts_with("Error: Add User"));
        for (name, value) in GOOD {
            let kept = if name == field { typed } else { value };
            let expected = if name == "password" { "" } else { kept };
            // A browser drops line ends from a field of one line; the page gives back what came.
            assert_eq!(page.field(name), expected, "{name} after {field}={typed:?}");
        }
    }
    let all = [
        ("first_name", ""),
        ("last_name", ""),
        ("email", ""),
        ("password", ""),
    ];
    let page = add(
        &admin,
        acme.account,
        &[&all[..], &[("account_admin", "on")]].concat(),
    )
    .await;
    assert_eq!(
        page.problems(),
        [
            "Enter a first name.",
            "Enter a last name.",
            "Enter an email address, like name@company.example.",
            "Enter a password."
        ]
    );
    assert_eq!(
        (page.field("account_admin"), page.field("org_admin")),
        ("on".to_owned(), String::new())
    );
    let all = [
        ("first_name", ""),
        ("email", "ADMIN@acme.example"),
        ("password", "Correct-Horse"),
    ];
    assert_eq!(
        add(&admin, acme.account, &all).await.problems(),
        [
            "Enter a first name.",
            "ADMIN@acme.example already belongs to a user. Enter a different email.",
            "The password needs 1 number."
        ]
    );
    assert_eq!(count(&app).await, 1);
}

#[actix_web::test]
async fn an_email_belongs_to_one_user_of_the_installation() {
    let app = TestApp::start().await;
    let (acme, other) = (
        app.organization("Acme").await,
        app.organization("Other").await,
    );
    let branch = acme.account("Branch").await.id;
    acme.user(branch, "Max Muster", "Max.Ü+tag@München.example")
        .await;
    other
        .user(other.account, "Other User", "user@other.example")
        .await;
    let admin = acme.org_admin().await;
    for taken in [
        "Max.Ü+tag@München.example",
        "max.ü+TAG@MÜNCHEN.EXAMPLE",
        "max.u\u{308}+tag@xn--mnchen-3ya.example",
        " max.ü+tag@münchen.example ",
        "USER@OTHER.example",
        "admin@acme.example",
    ] {
        let page = add(&admin, acme.account, &[("email", taken)]).await;
        assert_eq!(page.status, 422, "{taken}");
        let typed: String =
            unicode_normalization::UnicodeNormalization::nfc(taken.trim()).collect();
        assert_eq!(
            page.error("email"),
            format!("{typed} already belongs to a user. Enter a different email.")
        );
    }
    // No other folding: no dots, no plus.
    let page = add(&admin, acme.account, &[("email", "maxü@münchen.example")]).await;
    assert!(page.notice().starts_with("Zoë Müller was added."));

    let zoe = admin.get(&page.link("Edit Zoë Müller").unwrap()).await;
    let (id, _, _) = page.active_box("Zoë Müller");
    let id = id.parse().unwrap();
    let page = save(
        &admin,
        acme.account,
        id,
        &zoe,
        &[("email", "ADMIN@acme.example"), ("first_name", "New")],
    )
    .await;
    assert_eq!(
        page.error("email"),
        "ADMIN@acme.example already belongs to a user. Enter a different email."
    );
    assert_eq!(
        (page.status, page.field("first_name")),
        (422, "New".to_owned())
    );
    let page = save(
        &admin,
        acme.account,
        id,
        &page,
        &[("email", "MAXÜ@münchen.example")],
    )
    .await;
    assert_eq!(
        page.notice(),
        "New Müller was saved.",
        "one's own email in another letter case is free"
    );
}

#[actix_web::test]
async fn names_of_any_script_are_kept_and_shown_as_typed() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let (ascii, wide) = ("x".repeat(100), "🙂".repeat(100));
    let names = [
        ascii.as_str(),
        &wide,
        "👩‍👩‍👧 Zoë",
        "محمد",
        "‏שלום‎",
        r#"% _ \ ' " & +"#,
        "<script>alert(1)</script>",
        "{{ 7*7 }} &amp;",
    ];
    for (number, name) in names.iter().enumerate() {
        let email = format!("user{number}@acme.example");
        let page = add(
            &admin,
            acme.account,
            &[("first_name", name), ("last_name", name), ("email", &email)],
        )
        .await;
        let full = format!("{name} {name}");
        assert_eq!(
            page.notice(),
            format!("{full} was added. No mail was sent: give {name} the password.")
        );
        let row = page.table().pop().unwrap();
        assert_eq!(
            (row[0].as_str(), row[1].as_str(), row[2].as_str()),
            (*name, *name, email.as_str())
        );
        let edit = admin
            .get(&page.link(&format!("Edit {full}")).unwrap())
            .await;
        assert_eq!(edit.heading(), format!("Edit {full}"));
        assert_eq!(edit.field("last_name"), *name);
        let delete = admin
            .get(&page.link(&format!("Delete {full}")).unwrap())
            .await;
        assert_eq!(delete.heading(), format!("Delete {full}?"));
        assert_eq!(page.find("script").len(), 1, "only our own");
        let client = app.anonymous();
        let answer = client.sign_in(&email, "Falsch-Batterie-9").await;
        assert_eq!(client.arrive(answer).await.heading(), "My Profile");
    }
}

#[actix_web::test]
async fn a_second_press_of_save_adds_nobody() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    let path = users(acme.account);
    let twice = [admin.post(&path, &GOOD), admin.post(&path, &GOOD)];
    let mut statuses: Vec<_> = futures_util::future::join_all(twice)
        .await
        .iter()
        .map(|page| page.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(count(&app).await, 2);
    assert_eq!(
        app.codes()
            .await
            .iter()
            .filter(|code| *code == "user.created")
            .count(),
        1
    );
}
