//! Users of one account.

use actix_web::web::{Data, Path};

use crate::api::accounts::Permanence;
use crate::api::json::{Done, Json};
use crate::api::paging::Listed;
use crate::api::query::Query;
use crate::api::users::{self, Known, List, Named, Sent, User, Whole};
use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::domain::permit::{AddUsers, DeleteUsers, EditUsers, Permit, ViewUsers};
use crate::error::Error;

/// GET /accounts/{account}/users
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    id: Path<i64>,
    query: Query<List>,
) -> Result<Listed<User>, Error> {
    users::list(&app, permit, Some(*id), query.0).await
}

/// POST /accounts/{account}/users
pub async fn create(
    app: Data<App>,
    permit: Permit<AddUsers>,
    id: Path<i64>,
    body: Json<Whole>,
) -> Result<Json<User>, Error> {
    users::add(&app, permit, *id, body.0).await
}

/// GET /accounts/{account}/users/{user}
pub async fn show(
    app: Data<App>,
    throttle: Data<Throttle>,
    permit: Permit<ViewUsers>,
    path: Path<(i64, String)>,
    known: Known,
) -> Result<Json<User>, Error> {
    users::read(
        &app,
        &throttle,
        permit,
        Named::from(path.into_inner()),
        known,
    )
    .await
}

/// PATCH /accounts/{account}/users/{user}
pub async fn patch(
    app: Data<App>,
    permit: Permit<EditUsers>,
    path: Path<(i64, String)>,
    query: Query<Permanence>,
    body: Json<Sent>,
) -> Result<Json<User>, Error> {
    users::change(&app, permit, path.into_inner().into(), query.0, body.0).await
}

/// PUT /accounts/{account}/users/{user}
pub async fn update(
    app: Data<App>,
    permit: Permit<EditUsers>,
    path: Path<(i64, String)>,
    query: Query<Permanence>,
    body: Json<Whole>,
) -> Result<Json<User>, Error> {
    let body = body.0.replacing();
    users::change(&app, permit, path.into_inner().into(), query.0, body).await
}

/// DELETE /accounts/{account}/users/{user}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<DeleteUsers>,
    path: Path<(i64, String)>,
) -> Result<Done, Error> {
    users::remove(&app, permit, path.into_inner().into()).await
}
