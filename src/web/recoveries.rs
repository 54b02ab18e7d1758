//! Forgot Password: asking for a link, and choosing a new password by it.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, REFERRER_POLICY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::forms::{Form, Query};
use super::page::{Notice, Page};
use super::profile::password::{Checklist, new_hash};
use crate::app::App;
use crate::auth::origin;
use crate::auth::throttle::Throttle;
use crate::domain::recovery::{self, Recovery};
use crate::domain::user::User;
use crate::error::{Error, FieldErrors};

#[derive(Template)]
#[template(path = "recoveries/new.html")]
struct New<'a> {
    page: &'a Page,
    errors: FieldErrors,
    email: &'a str,
    mail_off: bool,
}

/// Who asks, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    email: String,
}

/// GET /password/forgotten
pub async fn new(app: Data<App>, page: Page) -> Result<HttpResponse, Error> {
    page.ok(&New {
        page: &page,
        errors: FieldErrors::default(),
        email: "",
        mail_off: app.mailer.is_off(),
    })
}

/// POST /password/forgotten: the same for every address.
pub async fn create(
    app: Data<App>,
    throttle: Data<Throttle>,
    page: Page,
    request: HttpRequest,
    form: Form<Ask>,
) -> Result<HttpResponse, Error> {
    let (address, now) = (origin::address_of(&request), app.clock.now());
    throttle.ask(address, now).map_err(Error::TooMany)?;
    let (keys, origin) = (app.keys.clone(), origin::of(&request));
    let typed = form.0.email.clone();
    match app
        .write(move |tx| recovery::ask(tx, &keys, &origin, &typed))
        .await
    {
        Ok(()) => page.see_other(
            "/login",
            &Notice::info("If this address belongs to a user, a link is on its way.")
                .rest("It works once, for 30 minutes."),
        ),
        Err(Error::Invalid(errors)) => page.refused(&New {
            page: &page,
            errors,
            email: &form.0.email,
            mail_off: app.mailer.is_off(),
        }),
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "recoveries/edit.html")]
struct Edit<'a> {
    page: &'a Page,
    errors: FieldErrors,
    token: &'a str,
    email: &'a str,
    checklist: Checklist,
}

#[derive(Template)]
#[template(path = "recoveries/gone.html")]
struct Gone<'a> {
    page: &'a Page,
}

/// What may not be part of the password.
fn names(user: &User) -> String {
    format!("{} {}", user.full_name(), user.email)
}

/// What the link holds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Link {
    token: String,
}

/// The form, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewPassword {
    token: String,
    password: String,
}

/// GET /password/new: looks only; the link is used up by the form.
pub async fn edit(app: Data<App>, page: Page, link: Query<Link>) -> Result<HttpResponse, Error> {
    let token = link.0.token;
    let (keys, now, sought) = (app.keys.clone(), app.clock.now(), token.clone());
    let found = app
        .read(move |db| {
            let Some(recovery) = Recovery::find(db, &keys, &sought, now)? else {
                return Ok(None);
            };
            let policy = recovery.policy(db)?;
            Ok(Some((recovery, policy)))
        })
        .await?;
    let Some((recovery, policy)) = found else {
        return gone(&page);
    };
    let mut response = page.ok(&Edit {
        page: &page,
        errors: FieldErrors::default(),
        token: &token,
        email: &recovery.user.email,
        checklist: Checklist::of_known(&policy, names(&recovery.user)),
    })?;
    // The address of this page is the link: no request for another thing may carry it.
    response
        .headers_mut()
        .insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    Ok(response)
}

/// POST /password/new
pub async fn update(
    app: Data<App>,
    page: Page,
    request: HttpRequest,
    form: Form<NewPassword>,
) -> Result<HttpResponse, Error> {
    let NewPassword { token, password } = form.0;
    let (keys, now, sought) = (app.keys.clone(), app.clock.now(), token.clone());
    let found = app
        .read(move |db| {
            let Some(recovery) = Recovery::find(db, &keys, &sought, now)? else {
                return Ok(None);
            };
            let (policy, change) = (recovery.policy(db)?, recovery.prepare(db, &password)?);
            Ok(Some((recovery, policy, change)))
        })
        .await?;
    let Some((recovery, policy, change)) = found else {
        return gone(&page);
    };
    let forbidden = (change.forbidden, change.forbidden_count);
    let hash = match new_hash(&app, change.accepted, forbidden).await? {
        Ok(Some(hash)) => hash,
        refused => {
            let mut errors = FieldErrors::default();
            errors.add("password", refused.err().unwrap_or_default());
            return page.refused(&Edit {
                page: &page,
                errors,
                token: &token,
                email: &recovery.user.email,
                checklist: Checklist::of_known(&policy, names(&recovery.user)),
            });
        }
    };
    let (keys, origin, present) = (app.keys.clone(), origin::of(&request), change.present);
    match app
        .write(move |tx| {
            let link = (token.as_str(), present.as_deref());
            recovery.set_password(tx, &keys, &origin, link, &hash)
        })
        .await
    {
        Ok(()) => page.see_other(
            "/login",
            &Notice::done("Your password was changed.").rest("Sign in with the new one."),
        ),
        Err(Error::NotFound) => gone(&page),
        Err(error) => Err(error),
    }
}

/// One page for a link that was used, is void, has run out, or never was.
fn gone(page: &Page) -> Result<HttpResponse, Error> {
    page.send(StatusCode::NOT_FOUND, &Gone { page })
}
