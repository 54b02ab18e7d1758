//! Pages of the API's lists: the array is the body, and headers tell the rest.

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Content, ResponseBuilder};
use utoipa::{IntoParams, ToSchema};

use super::call::{Answers, Description};
use super::json::JSON;
use crate::domain::paging::{Asked, Page};

const RETURNED: &str = "Elements-Returned-Count";
const TOTAL: &str = "Elements-Total-Count";
const NEXT: &str = "Elements-Next-Page-Token";

/// What a list takes that only pages.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct List {
    /// Rows to pass over.
    #[param(minimum = 0, nullable = false)]
    offset: Option<i64>,
    /// The token of a page, as the page before it told it; instead of `offset`.
    #[param(format = "page-token", nullable = false)]
    next_page: Option<String>,
    /// Rows of a page; 200 when nothing is said.
    #[param(minimum = 1, maximum = 2000, nullable = false)]
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
pub struct Listed<S> {
    rows: Vec<S>,
    total: Option<i64>,
    next: Option<String>,
}

impl<S> Listed<S> {
    /// A page in the shape of its rows.
    pub fn of<T>(page: Page<T>, shape: impl FnMut(T) -> S) -> Self {
        Self {
            rows: page.rows.into_iter().map(shape).collect(),
            total: page.total,
            next: page.next,
        }
    }
}

impl<S: Serialize> Responder for Listed<S> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header((RETURNED, self.rows.len()));
        if let Some(total) = self.total {
            response.insert_header((TOTAL, total));
        }
        if let Some(next) = self.next {
            response.insert_header((NEXT, next));
        }
        response.json(self.rows)
    }
}

impl<S: Serialize + ToSchema> Answers for Listed<S> {
    fn describe(description: &mut Description) {
        let rows = ArrayBuilder::new().items(description.schema::<S>());
        let whole = || {
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(0))
        };
        let header = |schema: ObjectBuilder, about| {
            HeaderBuilder::new()
                .schema(Some(schema))
                .description(Some(about))
        };
        description.answer = ResponseBuilder::new()
            .description("A page of the list.")
            .content(JSON, Content::new(Some(rows)))
            .header(RETURNED, header(whole(), "Rows of this page.").build())
            .header(
                TOTAL,
                header(
                    whole(),
                    "Rows in all. Left out where finding it would mean reading more than 10,000.",
                )
                .build(),
            )
            .header(
                NEXT,
                header(
                    ObjectBuilder::new().schema_type(Type::String),
                    "What to send as nextPage. Left out on the last page.",
                )
                .build(),
            )
            .build();
    }
}
