//! The floor: bare handlers on the product's own pool and database. One query for as many rows, one rendering, no
//! session, no checks. What the product takes more is what it does more.

use actix_web::web::{Data, get};
use actix_web::{App, HttpResponse, HttpServer};
use askama::Template;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;
use tenantry::db::schema::users;
use tenantry::db::{Db, Pools};
use tokio::task::spawn_blocking;

/// What the floor is told on its command line.
#[derive(clap::Args, Clone)]
pub struct Arguments {
    /// The database
    #[arg(long)]
    url: String,
    /// The account of which users are shown
    #[arg(long)]
    account: i64,
    /// The size of a page, in bytes
    #[arg(long)]
    bytes: usize,
}

#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = users)]
#[serde(rename_all = "camelCase")]
struct User {
    id: i64,
    first_name: String,
    last_name: String,
    email: String,
    active: bool,
    org_admin: bool,
    account_admin: bool,
    version: i64,
    created_at: NaiveDateTime,
    last_login_at: NaiveDateTime,
    locked_until: Option<NaiveDateTime>,
}

#[derive(Template)]
#[template(
    source = "<!DOCTYPE html><title>Users</title><table>{% for user in users %}<tr><td>{{ user.first_name }}<td>{{ user.last_name }}\
<td>{{ user.email }}<td>{{ user.active }}<td>{{ user.org_admin }}<td>{{ user.account_admin }}<td>{{ user.id }}<td>{{ user.version }}\
<td>{{ user.created_at }}<td>{{ user.last_login_at }}<td>{{ user.locked_until.is_some() }}{% endfor %}</table><p>{{ filler|safe }}",
    ext = "html"
)]
struct Page<'a> {
    users: Vec<User>,
    filler: &'a str,
}

struct Floor {
    pools: Pools,
    account: i64,
    bytes: usize,
}

async fn users(floor: &Data<Floor>, limit: i64) -> Vec<User> {
    let floor = floor.clone();
    spawn_blocking(move || {
        let db: &mut Db = &mut floor.pools.reader().unwrap();
        users::table
            .filter(users::account_id.eq(floor.account))
            .order(users::id)
            .limit(limit)
            .select(User::as_select())
            .load(db)
            .unwrap()
    })
    .await
    .unwrap()
}

async fn page(floor: Data<Floor>, filler: Data<String>) -> HttpResponse {
    let mut html = String::with_capacity(floor.bytes);
    let mut page = Page {
        users: users(&floor, 50).await,
        filler: "",
    };
    // What the rows leave free, filled with what needs no work, so that both send the same number of bytes.
    let rows = page.users.iter().map(|user| 150 + user.email.len()).sum();
    page.filler = &filler[..floor.bytes.saturating_sub(rows)];
    page.render_into(&mut html).unwrap();
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html)
}

async fn list(floor: Data<Floor>) -> HttpResponse {
    HttpResponse::Ok().json(users(&floor, 200).await)
}

/// Serves until it is ended.
pub fn run(arguments: Arguments) {
    let filler = Data::new(".".repeat(arguments.bytes));
    let floor = Data::new(Floor {
        pools: Pools::open(&arguments.url, 8).unwrap(),
        account: arguments.account,
        bytes: arguments.bytes,
    });
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(floor.clone())
                .app_data(filler.clone())
                .route("/page", get().to(page))
                .route("/users", get().to(list))
        })
        .workers(2)
        .bind("127.0.0.1:0")
        .unwrap();
        println!("http://{}", server.addrs()[0]);
        server.run().await.unwrap();
    });
}
