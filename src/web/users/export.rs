//! An account's users as a file.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::NaiveDateTime;

use crate::app::App;
use crate::domain::account;
use crate::domain::listing::{self, ListQuery, Row};
use crate::domain::user::never;
use crate::error::Error;
use crate::web::accounts::Viewing;
use crate::web::csv::{self, Sheet};
use crate::web::forms::Query;

const HEAD: [&str; 9] = [
    "First Name",
    "Last Name",
    "Email",
    "Roles",
    "Active",
    "Last Login (UTC)",
    "ID",
    "Created (UTC)",
    "Second Factor",
];

/// GET /security/accounts/{account}/users/export
pub async fn show(
    app: Data<App>,
    (_, permit): Viewing,
    id: Path<i64>,
    query: Query<ListQuery>,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let now = app.clock.now();
    let query = ListQuery {
        after: String::new(),
        before: String::new(),
        ..query.0
    };
    let listing = Arc::new(query.parse(&app.keys, id, now)?);
    let all = app
        .write(move |tx| {
            let account = account::find(tx.db(), permit.reach, id)?;
            listing::note_export(tx, &permit, &account, &query)?;
            Ok(account.user_count)
        })
        .await?;
    let name = format!("users-{id}-{}.csv", now.date());
    csv::send(&name, &HEAD, None, move |after| {
        let (app, listing) = (app.clone(), Arc::clone(&listing));
        async move {
            app.read(move |db| {
                let (rows, next) = listing.chunk(db, all, after)?;
                let mut sheet = Sheet::new();
                for user in &rows {
                    row(&mut sheet, user)?;
                }
                Ok((sheet, next.map(Some)))
            })
            .await
        }
    })
}

fn yes(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

fn row(sheet: &mut Sheet, user: &Row) -> Result<(), Error> {
    let roles = match (user.org_admin, user.account_admin) {
        (true, true) => "Org Admin; Account Admin",
        (true, false) => "Org Admin",
        (false, true) => "Account Admin",
        (false, false) => "",
    };
    let time = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
    let last_login = if user.last_login_at == never() {
        "Never".to_owned()
    } else {
        time(user.last_login_at)
    };
    sheet.row(&[
        &user.first_name,
        &user.last_name,
        &user.email,
        roles,
        yes(user.active),
        &last_login,
        &user.id.to_string(),
        &time(user.created_at),
        yes(user.second_factor),
    ])
}
