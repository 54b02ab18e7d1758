//! Security > Settings: the organization's name and secret, password policy, second factor, sessions.

pub mod password_policy;
pub mod secret;
pub mod sessions;
pub mod two_factor;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::forms::Form;
use super::page::{Notice, Page};
use crate::app::App;
use crate::domain::organization::{self, Organization, SessionLimits};
use crate::domain::password_policy::{EditPolicy, Policy};
use crate::domain::permit::{ModifySecurity, Permit};
use crate::error::{Error, FieldErrors};

#[derive(Template)]
#[template(path = "settings/show.html")]
struct Show<'a> {
    page: &'a Page,
    organization: Organization,
    typed_name: String,
    policy: EditPolicy,
    limits: SessionLimits,
    errors: FieldErrors,
    mail_off: bool,
}

/// What was refused, to be shown in the page again.
#[derive(Default)]
struct Refused {
    name: Option<String>,
    policy: Option<EditPolicy>,
    limits: Option<SessionLimits>,
    errors: FieldErrors,
}

/// The card Profile, as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Profile {
    name: String,
}

/// GET /security/settings
pub async fn show(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
) -> Result<HttpResponse, Error> {
    render(&app, &page, permit, Refused::default()).await
}

/// POST /security/settings
pub async fn update(
    app: Data<App>,
    page: Page,
    permit: Permit<ModifySecurity>,
    form: Form<Profile>,
) -> Result<HttpResponse, Error> {
    let (name, again) = (form.0.name.clone(), permit.clone());
    let outcome = app
        .write(move |tx| organization::rename(tx, &permit, &name))
        .await;
    let refused = Refused {
        name: Some(form.0.name),
        ..Refused::default()
    };
    let notice = Notice::done("The organization was updated.");
    answer(&app, &page, again, outcome, (refused, notice)).await
}

/// Goes on after a change, or shows what was refused.
async fn answer(
    app: &App,
    page: &Page,
    permit: Permit<ModifySecurity>,
    outcome: Result<(), Error>,
    (mut refused, notice): (Refused, Notice),
) -> Result<HttpResponse, Error> {
    match outcome {
        Ok(()) => page.see_other("/security/settings", &notice),
        Err(Error::Invalid(errors)) => {
            refused.errors = errors;
            render(app, page, permit, refused).await
        }
        Err(error) => Err(error),
    }
}

async fn render(
    app: &App,
    page: &Page,
    permit: Permit<ModifySecurity>,
    refused: Refused,
) -> Result<HttpResponse, Error> {
    let (organization, policy) = app
        .read(move |db| {
            let organization = Organization::find(db, permit.reach.organization())?;
            let policy = Policy::of_organization(db, organization.id)?;
            Ok((organization, policy))
        })
        .await?;
    let status = if refused.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let limits = SessionLimits {
        idle_minutes: organization.idle_minutes.to_string(),
        longest_hours: (organization.longest_minutes / 60).to_string(),
    };
    page.send(
        status,
        &Show {
            page,
            typed_name: refused.name.unwrap_or_else(|| organization.name.clone()),
            policy: refused.policy.unwrap_or_else(|| EditPolicy::from(&policy)),
            limits: refused.limits.unwrap_or(limits),
            errors: refused.errors,
            mail_off: app.mailer.is_off(),
            organization,
        },
    )
}
