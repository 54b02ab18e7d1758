//! Set-up: the first organization and its first org admin, by the one-time link from the terminal.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::forms::{Form, Query};
use super::page::{Notice, Page};
use super::profile::password::Checklist;
use crate::app::App;
use crate::auth::origin;
use crate::domain::organization::{self, SetUp};
use crate::domain::password_policy::Policy;
use crate::error::{Error, FieldErrors};

#[derive(Template)]
#[template(path = "setup/new.html")]
struct New<'a> {
    page: &'a Page,
    form: &'a SetUp,
    errors: &'a FieldErrors,
    checklist: Checklist,
}

/// What the link holds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Link {
    token: String,
}

/// GET /setup
pub async fn new(app: Data<App>, page: Page, query: Query<Link>) -> Result<HttpResponse, Error> {
    let form = SetUp {
        token: query.0.token,
        ..SetUp::default()
    };
    check_open(&app, &form.token).await?;
    page.ok(&New {
        page: &page,
        form: &form,
        errors: &FieldErrors::default(),
        checklist: Checklist::of_new_user(&Policy::default()),
    })
}

/// POST /setup
pub async fn create(
    app: Data<App>,
    page: Page,
    request: HttpRequest,
    form: Form<SetUp>,
) -> Result<HttpResponse, Error> {
    let form = form.0;
    check_open(&app, &form.token).await?;
    let accepted = match form.check() {
        Ok(accepted) => accepted,
        Err(Error::Invalid(errors)) => {
            return page.refused(&New {
                page: &page,
                form: &form,
                errors: &errors,
                checklist: Checklist::of_new_user(&Policy::default()),
            });
        }
        Err(error) => return Err(error),
    };
    let hash = app.hash(accepted).await?;
    let (keys, origin) = (app.keys.clone(), origin::of(&request));
    let name = form.organization.trim().to_owned();
    app.write(move |tx| organization::set_up(tx, &keys, &origin, &form, &hash))
        .await?;
    let notice =
        Notice::done(format!("{name} is set up.")).rest("Sign in with your email and password.");
    page.see_other("/login", &notice)
}

/// The page is there only for the holder of the link, and only while there is no organization.
async fn check_open(app: &App, token: &str) -> Result<(), Error> {
    let digest = |token: &str| app.keys.digest("compared", token);
    if app.read(organization::any_exists).await? || digest(token) != digest(&app.setup_token()) {
        return Err(Error::NotFound);
    }
    Ok(())
}
