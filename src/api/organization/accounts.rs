//! Accounts under the id of the caller's organization. Any other id is not found.

use actix_web::web::{Data, Path};

use crate::api::accounts::{self, Account, List, New};
use crate::api::json::Json;
use crate::api::paging::Listed;
use crate::api::query::Query;
use crate::app::App;
use crate::domain::permit::{AddAccounts, Permit, ViewAccounts};
use crate::error::Error;

/// GET /organizations/{organization}/accounts
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewAccounts>,
    organization: Path<i64>,
    query: Query<List>,
) -> Result<Listed<Account>, Error> {
    own(permit.actor.organization_id, *organization)?;
    accounts::index(app, permit, query).await
}

/// POST /organizations/{organization}/accounts
pub async fn create(
    app: Data<App>,
    permit: Permit<AddAccounts>,
    organization: Path<i64>,
    body: Json<New>,
) -> Result<Json<Account>, Error> {
    own(permit.actor.organization_id, *organization)?;
    accounts::create(app, permit, body).await
}

/// GET /organizations/{organization}/accounts/{account}
pub async fn show(
    app: Data<App>,
    permit: Permit<ViewAccounts>,
    path: Path<(i64, i64)>,
) -> Result<Json<Account>, Error> {
    let (organization, account) = path.into_inner();
    own(permit.actor.organization_id, organization)?;
    accounts::show(app, permit, account.into()).await
}

fn own(own: i64, asked: i64) -> Result<(), Error> {
    if own == asked {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
