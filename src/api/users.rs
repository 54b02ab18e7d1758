//! Users of every account within the caller's reach.

mod shape;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use self::shape::Show;

use super::paging;
use super::query::Query;
use crate::app::App;
use crate::domain::paging::Asked;
use crate::domain::permit::{Permit, ViewUsers};
use crate::domain::user;
use crate::error::Error;

/// What a list of users takes.
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

/// GET /users
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    query: Query<List>,
) -> Result<HttpResponse, Error> {
    list(&app, permit, None, query.0).await
}

/// The users of one account, or of all within reach.
pub async fn list(
    app: &App,
    permit: Permit<ViewUsers>,
    account: Option<i64>,
    query: List,
) -> Result<HttpResponse, Error> {
    let (keys, now) = (app.keys.clone(), app.clock.now());
    let (show, page) = app
        .read(move |db| {
            let page = user::list(db, &keys, &permit, account, &query.into())?;
            let show = Show::to(db, &permit.actor, now)?;
            Ok((show, page.or_none("No users found")?))
        })
        .await?;
    Ok(paging::reply(page, |profile| show.listed(profile)))
}

/// GET /users/{user}
pub async fn show(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    name: Path<String>,
) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let user = app
        .read(move |db| {
            let (profile, _) = user::named(db, permit.reach, &name)?;
            Ok(Show::to(db, &permit.actor, now)?.one(profile))
        })
        .await?;
    Ok(HttpResponse::Ok().json(user))
}
