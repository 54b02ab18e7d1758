//! Roles of an account as a whole.

use actix_web::web::{Data, Path};

use crate::api::json::{Done, Json};
use crate::api::roles::{Role, Roles, named, of};
use crate::app::App;
use crate::domain::account;
use crate::domain::permit::{EditAccounts, Permit, ViewAccounts};
use crate::domain::role;
use crate::error::Error;

/// GET /accounts/{account}/roles
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewAccounts>,
    id: Path<i64>,
) -> Result<Json<Roles>, Error> {
    let roles = app
        .read(move |db| {
            let account = account::find(db, permit.reach, *id)?;
            let stored = role::stored(db, account.organization_id)?;
            Ok(of(&stored, account.held()))
        })
        .await?;
    Ok(Json(roles))
}

/// PUT /accounts/{account}/roles/{role}
pub async fn create(
    app: Data<App>,
    permit: Permit<EditAccounts>,
    path: Path<(i64, String)>,
) -> Result<Json<Role>, Error> {
    let (id, key) = path.into_inner();
    let role = named(&key)?;
    let stored = app
        .write(move |tx| {
            account::give(tx, &permit, id, role)?;
            role::stored(tx.db(), permit.reach.organization())
        })
        .await?;
    let given = stored.iter().find(|stored| stored.role == role);
    Ok(Json(given.map(Role::from).ok_or(Error::NotFound)?))
}

/// DELETE /accounts/{account}/roles/{role}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<EditAccounts>,
    path: Path<(i64, String)>,
) -> Result<Done, Error> {
    let (id, key) = path.into_inner();
    let role = named(&key)?;
    app.write(move |tx| account::take(tx, &permit, id, role))
        .await?;
    Ok(Done)
}
