//! Roles: those of the organization with what they allow, and how a role looks everywhere else.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use crate::app::App;
use crate::domain::permit::{ConfigureRoles, Permit};
use crate::domain::privilege;
use crate::domain::role::{self, Stored};
use crate::error::Error;

/// A role.
#[derive(Serialize)]
pub struct Role {
    id: i64,
    name: &'static str,
    key: &'static str,
    active: bool,
    description: &'static str,
    /// Something of the original's, which there is none of here.
    features: Vec<String>,
    privileges: Vec<Privilege>,
}

/// A privilege of a role.
#[derive(Serialize)]
pub struct Privilege {
    key: &'static str,
    name: &'static str,
    description: &'static str,
}

impl From<&Stored> for Role {
    fn from(stored: &Stored) -> Self {
        let held = privilege::ALL
            .into_iter()
            .filter(|privilege| stored.privileges.contains(*privilege));
        Self {
            id: stored.id,
            name: stored.role.name(),
            key: stored.role.key(),
            active: true,
            description: stored.role.description(),
            features: Vec::new(),
            privileges: held
                .map(|privilege| Privilege {
                    key: privilege.key(),
                    name: privilege.words(),
                    description: privilege.words(),
                })
                .collect(),
        }
    }
}

/// GET /organizations/roles
pub async fn index(app: Data<App>, permit: Permit<ConfigureRoles>) -> Result<HttpResponse, Error> {
    let stored = app
        .read(move |db| role::stored(db, permit.actor.organization_id))
        .await?;
    let roles: Vec<_> = stored.iter().map(Role::from).collect();
    Ok(HttpResponse::Ok().json(roles))
}
