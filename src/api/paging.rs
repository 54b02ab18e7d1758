//! Pages of the API's lists: the array is the body, and headers tell the rest.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::domain::paging::Page;

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
