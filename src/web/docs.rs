//! The API's document as a page for people. Everybody may read it, as they may the document.

mod contents;
mod schemas;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::page::Page;
use crate::app::App;
use crate::error::Error;

pub use self::contents::Contents;

/// The document as the server hands it over; read when the page is first opened.
pub type Docs = LazyLock<Contents>;

#[derive(Template)]
#[template(path = "docs/show.html")]
struct Show<'a> {
    page: &'a Page,
    contents: &'a Contents,
    origin: &'a str,
}

/// GET /docs/api
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, docs: Data<Docs>, page: Page) -> Result<HttpResponse, Error> {
    page.ok(&Show {
        page: &page,
        contents: &docs,
        origin: &app.public_origin,
    })
}

/// A text of the document in parts, each with whether it is code, which stands between back-ticks there. What is not has
/// the apostrophes of pages.
fn parts(text: &str) -> impl Iterator<Item = (bool, String)> {
    text.split('`')
        .enumerate()
        .map(|(place, part)| match place % 2 {
            0 => (false, part.replace('\'', "\u{2019}")),
            _ => (true, part.to_owned()),
        })
}
