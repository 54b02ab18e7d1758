//! Secrets, read again by their owners: one's own user secret, and the organization's for who could replace it.

pub mod organization;
pub mod reset;
pub mod user;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::confirmation::{Confirm, examine};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::confirmation;
use crate::error::{Error, FieldErrors};
use crate::web::page::{Page, see_other};

/// One of the two secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Organization,
    User,
}

impl Which {
    fn name(self) -> &'static str {
        match self {
            Self::Organization => "Organization Secret",
            Self::User => "User Secret",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Organization => "/profile/secrets/organization",
            Self::User => "/profile/secrets/user",
        }
    }
}

#[derive(Template)]
#[template(path = "profile/secret.html")]
struct Show<'a> {
    page: &'a Page,
    which: Which,
    /// The secret, once the password was entered again.
    secret: Option<String>,
    email: &'a str,
    errors: FieldErrors,
}

/// Shows the secret, or asks for the password first.
fn render(
    page: &Page,
    which: Which,
    (secret, email): (Option<String>, &str),
    errors: FieldErrors,
) -> Result<HttpResponse, Error> {
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.send(
        status,
        &Show {
            page,
            which,
            secret,
            email,
            errors,
        },
    )
}

/// Opens the secret for five minutes, if the password is right.
async fn confirm(
    app: &App,
    page: &Page,
    which: Which,
    actor: Actor,
    form: Confirm,
) -> Result<HttpResponse, Error> {
    let (stored, errors) = examine(app, &actor, form).await?;
    if !errors.is_empty() {
        return render(page, which, (None, &actor.email), errors);
    }
    app.write(move |tx| confirmation::confirm(tx, &actor, stored.as_deref()).map(drop))
        .await?;
    // The page is opened anew: going back or reloading must not send the password again.
    Ok(see_other(which.path()))
}
