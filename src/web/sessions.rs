//! Signing in and out.

pub mod code;
pub mod enrolment;
pub mod password;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::USER_AGENT;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::forms::{Form, Query};
use super::page::{Notice, Page, see_other};
use super::paths::{is_local, sign_in as sign_in_page};
use crate::app::App;
use crate::auth::authenticate::{TOKEN, actor, halfway};
use crate::auth::sign_in::attempt;
use crate::domain::organization;
use crate::domain::session::{self, Stage};
use crate::domain::sign_in::{Outcome, Typed};
use crate::error::Error;

#[derive(Template)]
#[template(path = "sessions/new.html")]
struct New<'a> {
    page: &'a Page,
    refused: bool,
    next: &'a str,
    email: &'a str,
}

/// What the address of the sign-in page holds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

/// The form, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignIn {
    email: String,
    password: String,
    next: String,
}

/// GET /login
pub async fn new(
    app: Data<App>,
    mut page: Page,
    query: Query<Next>,
) -> Result<HttpResponse, Error> {
    if page.viewer.is_some() {
        return Ok(see_other("/"));
    }
    if !app.read(organization::any_exists).await? {
        let notice = Notice::info("Tenantry is not set up yet.")
            .rest("Open the one-time link that the server printed in its terminal.");
        page = page.with(notice);
    }
    let next = Some(query.0.next.as_str()).filter(|next| is_local(next));
    page.ok(&New {
        page: &page,
        refused: false,
        next: next.unwrap_or_default(),
        email: "",
    })
}

/// POST /login
pub async fn create(
    app: Data<App>,
    page: Page,
    cookie: Session,
    request: HttpRequest,
    form: Form<SignIn>,
) -> Result<HttpResponse, Error> {
    let SignIn {
        email,
        password,
        next,
    } = form.0;
    let typed = Typed {
        email: email.clone(),
        password,
        code: None,
    };
    let (outcome, token) = attempt(&request, typed, agent(&request)).await?;
    let Outcome::Begun(stage) = outcome else {
        return page.send(
            StatusCode::UNPROCESSABLE_ENTITY,
            &New {
                page: &page,
                refused: true,
                next: &next,
                email: &email,
            },
        );
    };
    if let Some(actor) = actor(&request) {
        // This browser's former session would otherwise stay open without anybody holding its token.
        let former = (*actor).clone();
        app.write(move |tx| session::sign_out(tx, &former)).await?;
    }
    cookie.renew();
    cookie.insert(TOKEN, token).map_err(Error::internal)?;
    Ok(go_on(stage, &next))
}

/// Where a sign-in that has come to `stage` goes on: to the page that it waits at, or to where somebody wanted to go.
fn go_on(stage: Stage, next: &str) -> HttpResponse {
    let next = Some(next).filter(|next| is_local(next));
    see_other(&match (stage, next) {
        (Stage::Full, next) => next.unwrap_or("/").to_owned(),
        (stage, next) => sign_in_page(stage, next.unwrap_or_default()),
    })
}

/// POST /logout
pub async fn destroy(
    app: Data<App>,
    page: Page,
    cookie: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let leaving = actor(&request).or_else(|| halfway(&request).map(|(actor, _)| actor));
    let actor = (*leaving.ok_or(Error::SignedOut)?).clone();
    app.write(move |tx| session::sign_out(tx, &actor)).await?;
    cookie.purge();
    page.see_other("/login", &Notice::done("You are signed out."))
}

/// The browser in a few words, like "Firefox on Linux".
fn agent(request: &HttpRequest) -> String {
    let header = request.headers().get(USER_AGENT);
    let text = header
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let parsed = woothee::parser::Parser::new().parse(text);
    match parsed {
        Some(it) if it.name != "UNKNOWN" && it.os != "UNKNOWN" => {
            format!("{} on {}", it.name, it.os)
        }
        Some(it) if it.name != "UNKNOWN" => it.name.to_owned(),
        _ => "Unknown browser".to_owned(),
    }
}
