//! Roles: those of the organization with what they allow, and how a role looks everywhere else.

use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{Body, Json};
use super::names::{privilege_key, role_key};
use super::values::Object;
use crate::app::App;
use crate::domain::permit::{ConfigureRoles, Permit};
use crate::domain::privilege::{self, Privileges};
use crate::domain::role::{self, Held, ROLES, Stored};
use crate::domain::text::cut;
use crate::error::Error;

/// A role.
#[derive(Serialize, ToSchema)]
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
#[derive(Serialize, ToSchema)]
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
pub async fn index(app: Data<App>, permit: Permit<ConfigureRoles>) -> Result<Json<Roles>, Error> {
    let stored = app
        .read(move |db| role::stored(db, permit.actor.organization_id))
        .await?;
    Ok(Json(Roles(stored.iter().map(Role::from).collect())))
}

/// The role of a key.
///
/// # Errors
/// [`Error::Unread`] when there is none.
pub fn named(key: &str) -> Result<role::Role, Error> {
    role::Role::from_key(key).ok_or_else(|| {
        let keys: Vec<_> = ROLES.into_iter().map(role::Role::key).collect();
        Error::Unread(format!("The key of a role is one of {}.", keys.join(", ")))
    })
}

/// Those of the organization's roles that are held.
#[must_use]
pub fn of(stored: &[Stored], held: Held) -> Roles {
    let held = stored.iter().filter(|stored| held.holds(stored.role));
    Roles(held.map(Role::from).collect())
}

/// A privilege by its key.
#[derive(Deserialize, ToSchema)]
pub struct PrivilegeKey {
    #[schema(schema_with = privilege_key)]
    key: String,
}

/// Roles.
#[derive(Serialize, ToSchema)]
pub struct Roles(Vec<Role>);

/// Roles with what they are to allow.
#[derive(Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<NamedRoleChanges>)]
pub struct AllRoleChanges(Vec<Object<NamedRoleChanges>>);

impl Body for AllRoleChanges {
    const OPENS: char = '[';
}

/// A role, by its key, with what it is to allow.
#[derive(Deserialize, ToSchema)]
pub struct NamedRoleChanges {
    #[schema(schema_with = role_key)]
    key: String,
    /// All that it is to allow.
    #[schema(value_type = Vec<PrivilegeKey>)]
    privileges: Vec<Object<PrivilegeKey>>,
}

/// What a role is to allow.
#[derive(Deserialize, ToSchema)]
pub struct RoleChanges {
    /// All that it is to allow.
    #[schema(value_type = Vec<PrivilegeKey>)]
    privileges: Vec<Object<PrivilegeKey>>,
}

impl Body for RoleChanges {}

fn read(sent: &[Object<PrivilegeKey>]) -> Result<Privileges, Error> {
    sent.iter()
        .map(|Object(sent)| {
            privilege::Privilege::from_key(&sent.key).ok_or_else(|| {
                Error::Unread(format!("There is no privilege {}.", cut(&sent.key, 100)))
            })
        })
        .collect()
}

/// PUT /organizations/roles: those that are sent are replaced, all of them or none.
pub async fn update_all(
    app: Data<App>,
    permit: Permit<ConfigureRoles>,
    body: Json<AllRoleChanges>,
) -> Result<Json<Roles>, Error> {
    let wanted = body
        .0
        .0
        .iter()
        .map(|Object(sent)| Ok((named(&sent.key)?, read(&sent.privileges)?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let stored = app
        .write(move |tx| {
            role::replace(tx, &permit, &wanted)?;
            role::stored(tx.db(), permit.actor.organization_id)
        })
        .await?;
    Ok(Json(Roles(stored.iter().map(Role::from).collect())))
}

/// PUT /organizations/roles/{id}
pub async fn update(
    app: Data<App>,
    permit: Permit<ConfigureRoles>,
    id: Path<i64>,
    body: Json<RoleChanges>,
) -> Result<Json<Role>, Error> {
    let (id, privileges) = (*id, read(&body.0.privileges)?);
    let stored = app
        .write(move |tx| {
            let organization = permit.actor.organization_id;
            let all = role::stored(tx.db(), organization)?;
            let asked = all.into_iter().find(|stored| stored.id == id);
            let role = asked.ok_or(Error::NotFound)?.role;
            role::replace(tx, &permit, &[(role, privileges)])?;
            role::stored(tx.db(), organization)
        })
        .await?;
    let changed = stored.iter().find(|stored| stored.id == id);
    Ok(Json(changed.map(Role::from).ok_or(Error::NotFound)?))
}

/// PUT /organizations/roles/reset
pub async fn reset(app: Data<App>, permit: Permit<ConfigureRoles>) -> Result<Json<Roles>, Error> {
    let stored = app
        .write(move |tx| {
            role::reset(tx, &permit)?;
            role::stored(tx.db(), permit.actor.organization_id)
        })
        .await?;
    Ok(Json(Roles(stored.iter().map(Role::from).collect())))
}
