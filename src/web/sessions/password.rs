//! Choosing a new password at sign-in, when the old one has expired.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::auth::authenticate::TOKEN;
use crate::auth::permit::ChoosingPassword;
use crate::domain::actor::Actor;
use crate::domain::password_policy::Policy;
use crate::domain::profile;
use crate::domain::session::{self, Stage};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};
use crate::web::profile::password::{Checklist, new_hash};

#[derive(Template)]
#[template(path = "sessions/password.html")]
struct Edit<'a> {
    page: &'a Page,
    errors: FieldErrors,
    email: &'a str,
    checklist: Checklist,
}

/// The form, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewPassword {
    password: String,
}

/// What must not be part of the password.
fn names(actor: &Actor) -> String {
    format!("{} {}", actor.name, actor.email)
}

/// GET /login/password
pub async fn edit(
    app: Data<App>,
    page: Page,
    ChoosingPassword(actor): ChoosingPassword,
) -> Result<HttpResponse, Error> {
    let organization = actor.organization_id;
    let policy = app
        .read(move |db| Policy::of_organization(db, organization))
        .await?;
    page.ok(&Edit {
        page: &page,
        errors: FieldErrors::default(),
        email: &actor.email,
        checklist: Checklist::of_known(&policy, names(&actor)),
    })
}

/// POST /login/password
pub async fn update(
    app: Data<App>,
    page: Page,
    cookie: Session,
    ChoosingPassword(actor): ChoosingPassword,
    form: Form<NewPassword>,
) -> Result<HttpResponse, Error> {
    let (who, password) = (actor.clone(), form.0.password);
    let (change, policy) = app
        .read(move |db| {
            let policy = Policy::of_organization(db, who.organization_id)?;
            Ok((profile::prepare_change(db, &who, &password)?, policy))
        })
        .await?;
    let forbidden = (change.forbidden, change.forbidden_count);
    let hash = match new_hash(&app, change.accepted, forbidden).await? {
        Ok(Some(hash)) => hash,
        refused => {
            let mut errors = FieldErrors::default();
            errors.add("password", refused.err().unwrap_or_default());
            return page.refused(&Edit {
                page: &page,
                errors,
                email: &actor.email,
                checklist: Checklist::of_known(&policy, names(&actor)),
            });
        }
    };
    let (keys, token, present) = (app.keys.clone(), session::token(), change.present);
    let fresh = token.clone();
    app.write(move |tx| {
        profile::change_password(tx, &actor, present.as_deref(), &hash)?;
        session::advance(tx, &keys, &actor, (Stage::Password, Stage::Full), &fresh)
    })
    .await?;
    cookie.renew();
    cookie.insert(TOKEN, token).map_err(Error::internal)?;
    page.see_other("/", &Notice::done("Your password was changed."))
}
