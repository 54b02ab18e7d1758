//! Roles of one user.

use actix_web::web::{Data, Path};

use crate::api::json::{Done, Json};
use crate::api::roles::{Role, Roles, named, of};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::permit::{EditUsers, Permit, Reach, ViewUsers};
use crate::domain::{role, user};
use crate::error::Error;

/// GET /users/{user}/roles: those that count, its own and its account's. One's own always.
pub async fn index(
    app: Data<App>,
    SignedIn(actor): SignedIn,
    name: Path<String>,
) -> Result<Json<Roles>, Error> {
    let roles = app
        .read(move |db| {
            let own = Reach::Account {
                organization: actor.organization_id,
                account: actor.account_id,
            };
            let viewing = actor.permit::<ViewUsers>();
            let reach = viewing.as_ref().map_or(own, |permit| permit.reach);
            let found = user::named(db, reach, None, &name);
            let found = found.map(|(profile, account)| (profile.user, account));
            let (user, account) = match (viewing, found) {
                (_, Ok((user, account))) if user.id == actor.id => (user, account),
                (Ok(_), found) => found?,
                (Err(error), _) => return Err(error),
            };
            let stored = role::stored(db, account.organization_id)?;
            Ok(of(&stored, user.held(&account)))
        })
        .await?;
    Ok(Json(roles))
}

/// PUT /users/{user}/roles/{role}
pub async fn create(
    app: Data<App>,
    permit: Permit<EditUsers>,
    path: Path<(String, String)>,
) -> Result<Json<Role>, Error> {
    let (name, key) = path.into_inner();
    let role = named(&key)?;
    let stored = app
        .write(move |tx| {
            user::give(tx, &permit, &name, role)?;
            role::stored(tx.db(), permit.reach.organization())
        })
        .await?;
    let given = stored.iter().find(|stored| stored.role == role);
    Ok(Json(given.map(Role::from).ok_or(Error::NotFound)?))
}

/// DELETE /users/{user}/roles/{role}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<EditUsers>,
    path: Path<(String, String)>,
) -> Result<Done, Error> {
    let (name, key) = path.into_inner();
    let role = named(&key)?;
    app.write(move |tx| user::take(tx, &permit, &name, role))
        .await?;
    Ok(Done)
}
