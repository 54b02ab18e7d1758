//! The code between the password and being signed in.

use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::{Next, go_on};
use crate::app::App;
use crate::auth::authenticate::TOKEN;
use crate::auth::origin;
use crate::auth::permit::EnteringCode;
use crate::auth::throttle::Throttle;
use crate::domain::{session, two_factor};
use crate::error::{Error, FieldErrors};
use crate::web::forms::{Form, Query};
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "sessions/code.html")]
struct New<'a> {
    page: &'a Page,
    errors: FieldErrors,
    email: &'a str,
    next: &'a str,
}

/// The form, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct EnterCode {
    code: String,
    next: String,
}

/// GET /login/code
pub async fn new(
    page: Page,
    EnteringCode(actor): EnteringCode,
    query: Query<Next>,
) -> Result<HttpResponse, Error> {
    page.ok(&New {
        page: &page,
        errors: FieldErrors::default(),
        email: &actor.email,
        next: &query.0.next,
    })
}

/// POST /login/code
pub async fn create(
    app: Data<App>,
    throttle: Data<Throttle>,
    page: Page,
    cookie: Session,
    request: HttpRequest,
    EnteringCode(actor): EnteringCode,
    form: Form<EnterCode>,
) -> Result<HttpResponse, Error> {
    let EnterCode { code, next } = form.0;
    let email = actor.email.clone();
    let refuse = |sentence: &str| {
        let mut errors = FieldErrors::default();
        errors.add("code", sentence);
        page.refused(&New {
            page: &page,
            errors,
            email: &email,
            next: &next,
        })
    };
    if code.trim().is_empty() {
        // Nothing was guessed, so nothing is counted.
        return refuse("Enter a code.");
    }
    let (keys, token) = (app.keys.clone(), session::token());
    let fresh = token.clone();
    let (address, now) = (origin::address_of(&request), app.clock.now());
    let admitted = throttle.admit(address, now).map_err(Error::TooMany)?;
    let entered = app
        .write(move |tx| two_factor::enter(tx, &keys, &actor, &code, &fresh))
        .await?;
    let Some(stage) = entered else {
        admitted.failed();
        return refuse(
            "This code did not work. Enter the one that the app shows now, or an unused recovery code.",
        );
    };
    drop(admitted);
    cookie.renew();
    cookie.insert(TOKEN, token).map_err(Error::internal)?;
    Ok(go_on(stage, &next))
}
