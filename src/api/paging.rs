//! Pages of the API's lists: the array is the body, and headers tell the rest.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use crate::domain::paging::{Asked, Page};

/// What a list takes that only pages.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct List {
    offset: Option<i64>,
    next_page: Option<String>,
    page_size: Option<i64>,
}

impl From<List> for Asked {
    fn from(list: List) -> Self {
        Self {
            offset: list.offset,
            next_page: list.next_page,
            page_size: list.page_size,
        }
    }
}

/// A page with its headers: how many rows it has, how many there are in all where that is known, and the token of the
/// next page, if there is one.
pub fn reply<T, S: Serialize>(page: Page<T>, shape: impl FnMut(T) -> S) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header(("elements-returned-count", page.rows.len()));
    if let Some(total) = page.total {
        response.insert_header(("elements-total-count", total));
    }
    if let Some(next) = page.next {
        response.insert_header(("elements-next-page-token", next));
    }
    let rows: Vec<S> = page.rows.into_iter().map(shape).collect();
    response.json(rows)
}
