//! Setting up a second factor at sign-in, where the organization demands one.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::auth::authenticate::TOKEN;
use crate::auth::permit::Enrolling;
use crate::domain::session;
use crate::domain::two_factor::{self, Pending};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::Page;
use crate::web::profile::two_factor::Setup;

#[derive(Template)]
#[template(path = "sessions/enrolment.html")]
struct New<'a> {
    page: &'a Page,
    errors: FieldErrors,
    setup: Setup,
}

#[derive(Template)]
#[template(path = "sessions/recovery_codes.html")]
struct Done<'a> {
    page: &'a Page,
    codes: Vec<String>,
}

/// The form, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Enrolment {
    pending: String,
    code: String,
}

/// GET /login/enrolment
pub async fn new(
    app: Data<App>,
    page: Page,
    Enrolling(actor): Enrolling,
) -> Result<HttpResponse, Error> {
    page.ok(&New {
        page: &page,
        errors: FieldErrors::default(),
        setup: Setup::new(&Pending::new(&app.keys, &actor), &actor.email)?,
    })
}

/// POST /login/enrolment. Answers with the recovery codes: a redirect would have to carry them.
pub async fn create(
    app: Data<App>,
    page: Page,
    cookie: Session,
    Enrolling(actor): Enrolling,
    form: Form<Enrolment>,
) -> Result<HttpResponse, Error> {
    let Enrolment { pending, code } = form.0;
    let pending = Pending::open_or_new(&app.keys, &actor, &pending);
    let setup = Setup::new(&pending, &actor.email)?;
    let (keys, token) = (app.keys.clone(), session::token());
    let fresh = token.clone();
    let outcome = app
        .write(move |tx| {
            let codes = two_factor::enrol(tx, &keys, &actor, &pending, &code)?;
            two_factor::complete_sign_in(tx, &keys, &actor, &fresh)?;
            Ok(codes)
        })
        .await;
    match outcome {
        Ok(codes) => {
            cookie.renew();
            cookie.insert(TOKEN, token).map_err(Error::internal)?;
            page.ok(&Done { page: &page, codes })
        }
        Err(Error::Invalid(errors)) => page.refused(&New {
            page: &page,
            errors,
            setup,
        }),
        Err(error) => Err(error),
    }
}
