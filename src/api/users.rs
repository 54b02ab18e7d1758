//! Users of every account within the caller's reach. What is done here is done under `/accounts/{account}/users` and
//! `/organizations/users` too.

pub mod roles;
mod secret;
mod sent;
mod shape;

use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::shape::{SECURED, Show};
use super::accounts::Permanence;
use super::json::{Done, Json};
use super::paging::Listed;
use super::query::Query;
use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::db::Tx;
use crate::domain::ceql::{self, Users};
use crate::domain::paging::Asked;
use crate::domain::permit::{AddUsers, DeleteUsers, EditUsers, Permit, ViewUsers};
use crate::domain::user::{self, NewPassword, Profile};
use crate::domain::{lockout, role, two_factor};
use crate::error::Error;

pub use self::secret::Known;
pub use self::sent::{Sent, Whole};
pub use self::shape::User;

/// What a list of users takes.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct List {
    /// A condition in CEQL, like `lastName = 'Smith' AND active = true`.
    #[param(format = "ceql", max_length = 2000, nullable = false)]
    r#where: Option<String>,
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

/// A user as an address names it: by id or email, within an account where one is given.
#[derive(Debug, Clone)]
pub struct Named {
    /// The account.
    pub account: Option<i64>,
    /// Id or email.
    pub name: String,
}

impl From<String> for Named {
    fn from(name: String) -> Self {
        Self {
            account: None,
            name,
        }
    }
}

impl From<(i64, String)> for Named {
    fn from((account, name): (i64, String)) -> Self {
        Self {
            account: Some(account),
            name,
        }
    }
}

/// GET /users
pub async fn index(
    app: Data<App>,
    permit: Permit<ViewUsers>,
    query: Query<List>,
) -> Result<Listed<User>, Error> {
    list(&app, permit, None, query.0).await
}

/// The users of one account, or of all within reach.
pub async fn list(
    app: &App,
    permit: Permit<ViewUsers>,
    account: Option<i64>,
    query: List,
) -> Result<Listed<User>, Error> {
    let (keys, now) = (app.keys.clone(), app.clock.now());
    let filter = query.r#where.as_deref().map(ceql::filter::<Users>);
    let filter = filter.transpose()?;
    let asked = Asked {
        page_size: query.page_size,
        offset: query.offset,
        next_page: query.next_page,
    };
    let (show, page) = app
        .read(move |db| {
            let page = user::list(db, &keys, &permit, account, filter.as_ref(), &asked)?;
            let show = Show::to(db, &permit.actor, now)?;
            Ok((show, page.or_none("No users found")?))
        })
        .await?;
    Ok(Listed::of(page, |profile| show.listed(profile)))
}

/// Adds a user to an account.
pub async fn add(
    app: &App,
    permit: Permit<AddUsers>,
    account: i64,
    sent: Whole,
) -> Result<Json<User>, Error> {
    let input = sent.new_user()?;
    let (accepted, permit, input) = app
        .read(move |db| Ok((input.check(db, &permit, account)?, permit, input)))
        .await?;
    let hash = match accepted {
        Some(accepted) => Some(app.hash(accepted).await?),
        None => None,
    };
    let keys = app.keys.clone();
    let user = app
        .write(move |tx| {
            let now = tx.now();
            let added = user::add(tx, &keys, &permit, account, &input, hash.as_ref())?;
            let roles = role::stored(tx.db(), permit.reach.organization())?;
            let roles = super::roles::of(&roles, added.user.held(&added.account));
            let show = Show::to(tx.db(), &permit.actor, now)?;
            let (profile, _) =
                user::named(tx.db(), permit.reach, None, &added.user.id.to_string())?;
            Ok(User {
                secret: Some(added.secret),
                roles: Some(roles),
                ..show.one(profile)
            })
        })
        .await?;
    Ok(Json(user))
}

/// GET /users/{user}
pub async fn show(
    app: Data<App>,
    throttle: Data<Throttle>,
    permit: Permit<ViewUsers>,
    name: Path<String>,
    known: Known,
) -> Result<Json<User>, Error> {
    read(&app, &throttle, permit, name.into_inner().into(), known).await
}

/// One user; with its secret when the caller knows its password.
pub async fn read(
    app: &App,
    throttle: &Throttle,
    permit: Permit<ViewUsers>,
    named: Named,
    known: Known,
) -> Result<Json<User>, Error> {
    let now = app.clock.now();
    let (permit, profile, show) = app
        .read(move |db| {
            let (profile, _) = user::named(db, permit.reach, named.account, &named.name)?;
            let show = Show::to(db, &permit.actor, now)?;
            Ok((permit, profile, show))
        })
        .await?;
    let secret = secret::told(app, throttle, &permit, &profile.user, known).await?;
    Ok(Json(User {
        secret,
        ..show.one(profile)
    }))
}

/// PATCH /users/{user}
pub async fn patch(
    app: Data<App>,
    permit: Permit<EditUsers>,
    name: Path<String>,
    query: Query<Permanence>,
    body: Json<Sent>,
) -> Result<Json<User>, Error> {
    change(&app, permit, name.into_inner().into(), query.0, body.0).await
}

/// PUT /users/{user}
pub async fn update(
    app: Data<App>,
    permit: Permit<EditUsers>,
    name: Path<String>,
    query: Query<Permanence>,
    body: Json<Whole>,
) -> Result<Json<User>, Error> {
    let body = body.0.replacing();
    change(&app, permit, name.into_inner().into(), query.0, body).await
}

/// Changes a user. A new password is hashed before the change begins, for that is slow.
pub async fn change(
    app: &App,
    permit: Permit<EditUsers>,
    named: Named,
    Permanence { permanent }: Permanence,
    sent: Sent,
) -> Result<Json<User>, Error> {
    let mut changes = sent.changes(permanent)?;
    let mut permit = permit;
    if let Some(password) = sent.new_password() {
        let (asked, wanted) = (named.clone(), changes.clone());
        let (prepared, back) = app
            .read(move |db| {
                let (account, name) = (asked.account, &asked.name);
                let prepared = user::prepare(db, &permit, account, name, &wanted, &password)?;
                Ok((prepared, permit))
            })
            .await?;
        permit = back;
        let hash = app
            .hash_unless_used(prepared.accepted, prepared.forbidden)
            .await?
            .ok_or(prepared.used)?;
        changes.password = Some(NewPassword {
            present: prepared.present,
            hash,
        });
    }
    let user = app
        .write(move |tx| {
            let now = tx.now();
            let (Profile { user, .. }, account) =
                user::named(tx.db(), permit.reach, named.account, &named.name)?;
            let edited = user::edit(tx, &permit, account.id, user.id, &changes)?;
            let id = user.id.to_string();
            let (profile, account) = user::named(tx.db(), permit.reach, None, &id)?;
            let show = Show::to(tx.db(), &permit.actor, now)?;
            let roles = if edited.roles_changed {
                let stored = role::stored(tx.db(), account.organization_id)?;
                Some(super::roles::of(&stored, profile.user.held(&account)))
            } else {
                None
            };
            Ok(User {
                roles,
                password: changes.password.is_some().then_some(SECURED),
                ..show.one(profile)
            })
        })
        .await?;
    Ok(Json(user))
}

/// DELETE /users/{user}
pub async fn destroy(
    app: Data<App>,
    permit: Permit<DeleteUsers>,
    name: Path<String>,
) -> Result<Done, Error> {
    remove(&app, permit, name.into_inner().into()).await
}

/// Deletes a user.
pub async fn remove(app: &App, permit: Permit<DeleteUsers>, named: Named) -> Result<Done, Error> {
    app.write(move |tx| {
        let (Profile { user, .. }, account) =
            user::named(tx.db(), permit.reach, named.account, &named.name)?;
        user::delete(tx, &permit, account.id, user.id)
    })
    .await?;
    Ok(Done)
}

/// A new secret, which is told once.
#[derive(Serialize, ToSchema)]
#[schema(as = UserSecret)]
pub struct NewSecret {
    secret: String,
}

/// POST /users/{user}/secret
pub async fn create_secret(
    app: Data<App>,
    permit: Permit<EditUsers>,
    name: Path<String>,
) -> Result<Json<NewSecret>, Error> {
    let keys = app.keys.clone();
    let secret = app
        .write(move |tx| user::reset_secret(tx, &keys, &permit, &name))
        .await?;
    Ok(Json(NewSecret { secret }))
}

/// POST /users/{user}/unlock
pub async fn unlock(
    app: Data<App>,
    permit: Permit<EditUsers>,
    name: Path<String>,
) -> Result<Json<User>, Error> {
    repaired(&app, permit, name, lockout::unlock).await
}

/// POST /users/{user}/two-factor/reset
pub async fn reset_two_factor(
    app: Data<App>,
    permit: Permit<EditUsers>,
    name: Path<String>,
) -> Result<Json<User>, Error> {
    repaired(&app, permit, name, two_factor::reset).await
}

/// What takes away something that keeps a user of an account out, and answers its name.
type Repair = fn(&mut Tx<'_>, &Permit<EditUsers>, i64, i64) -> Result<String, Error>;

/// Does it, and shows the user as it is then.
async fn repaired(
    app: &App,
    permit: Permit<EditUsers>,
    name: Path<String>,
    repair: Repair,
) -> Result<Json<User>, Error> {
    let now = app.clock.now();
    let user = app
        .write(move |tx| {
            let (Profile { user, .. }, account) = user::named(tx.db(), permit.reach, None, &name)?;
            repair(tx, &permit, account.id, user.id)?;
            let id = user.id.to_string();
            let (profile, _) = user::named(tx.db(), permit.reach, None, &id)?;
            Ok(Show::to(tx.db(), &permit.actor, now)?.one(profile))
        })
        .await?;
    Ok(Json(user))
}
