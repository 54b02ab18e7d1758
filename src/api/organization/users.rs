//! Users of the organization. Reading, changing and deleting them is what `/users` does.

use actix_web::web::Data;

use crate::api::json::Json;
use crate::api::users::{self, User, Whole};
use crate::app::App;
use crate::domain::account;
use crate::domain::permit::{AddUsers, Permit};
use crate::error::Error;

/// POST /organizations/users: adds a user to the default account.
pub async fn create(
    app: Data<App>,
    permit: Permit<AddUsers>,
    body: Json<Whole>,
) -> Result<Json<User>, Error> {
    let organization = permit.actor.organization_id;
    let account = app
        .read(move |db| account::default_id(db, organization))
        .await?;
    users::add(&app, permit, account, body.0).await
}
