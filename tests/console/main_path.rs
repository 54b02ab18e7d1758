//! The way of an org admin, from sign-in to a deleted user.

use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn add_edit_deactivate_reactivate_delete() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = app.anonymous();
    let page = admin.get("/login").await;
    let fields = [("email", acme.admin_email.as_str()), ("password", PASSWORD)];
    let page = admin.submit(&page, "/login", &fields).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.heading(), "Dana Whitfield’s Company Default Account");
    let account = format!("/security/accounts/{}", acme.account);

    let page = admin.get(&page.link("Add User").unwrap()).await;
    let users = format!("{account}/users");
    let typed = [
        ("first_name", "Zoë"),
        ("last_name", "Müller"),
        ("email", "zoe@acme.example"),
        ("password", "Falsch-Batterie-9"),
        ("account_admin", "on"),
    ];
    let page = admin.submit(&page, &users, &typed).await;
    assert!(
        page.notice().starts_with("Zoë Müller was added."),
        "{}",
        page.notice()
    );
    assert_eq!(page.last_names(), ["Whitfield", "Müller"]);
    assert_eq!(page.table()[1][4], "Account Admin");

    let page = admin.get(&page.link("Edit Zoë Müller").unwrap()).await;
    let action = page.find("form.card").len();
    assert_eq!(action, 1);
    let (id, _, _) = admin.get(&account).await.active_box("Zoë Müller");
    let user: i64 = id.parse().unwrap();
    let page = admin
        .submit(&page, &format!("{users}/{id}"), &[("last_name", "Möller")])
        .await;
    assert_eq!(page.notice(), "Zoë Möller was saved.");

    app.give(user, 2, 3).await;
    let zoe = app.anonymous();
    let secret = [
        ("email", "zoe@acme.example"),
        ("password", "Falsch-Batterie-9"),
    ];
    assert_eq!(zoe.post("/login", &secret).await.status, 303);

    // Clear the box, press Update, confirm.
    let activations = format!("{account}/activations");
    let page = admin.get(&account).await;
    let mut fields = page.form(&activations);
    fields.retain(|(name, value)| !(name == "active" && *value == id));
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = admin.post(&activations, &fields).await;
    let page = admin.arrive(answer).await;
    assert_eq!(page.heading(), "Deactivate Zoë Möller?");
    assert!(page.text().contains("2 jobs stop"), "{}", page.text());
    let page = admin.submit(&page, &activations, &[]).await;
    assert_eq!(
        page.notice(),
        "Zoë Möller was deactivated. 2 jobs were stopped."
    );
    assert_eq!(app.holdings(user).await, (0, 3, 0));
    assert_eq!(zoe.get("/profile").await.status, 303);
    assert_eq!(zoe.post("/login", &secret).await.status, 422);

    // Select it again: nothing to confirm.
    let mut fields = page.form(&activations);
    fields.push(("active".to_owned(), id.clone()));
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = admin.post(&activations, &fields).await;
    let page = admin.arrive(answer).await;
    assert!(
        page.notice().starts_with("Zoë Möller was activated."),
        "{}",
        page.notice()
    );
    assert_eq!(zoe.post("/login", &secret).await.status, 303);

    let page = admin.get(&page.link("Delete Zoë Möller").unwrap()).await;
    let page = admin
        .submit(&page, &format!("{users}/{id}/deletion"), &[])
        .await;
    assert_eq!(
        page.notice(),
        "Zoë Möller was deleted. No jobs and 3 instances went too."
    );
    assert_eq!(page.last_names(), ["Whitfield"]);
    assert_eq!(zoe.get("/profile").await.status, 303);
    assert_eq!(
        app.codes().await,
        [
            "organization.created",
            "user.signed-in",
            "user.created",
            "user.updated",
            "user.signed-in",
            "user.deactivated",
            "user.sign-in-refused",
            "user.activated",
            "user.signed-in",
            "user.deleted",
        ]
    );
}
