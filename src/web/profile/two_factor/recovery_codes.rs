//! New recovery codes instead of those there are; shown once.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::state;
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::two_factor;
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Page, see_other};
use crate::web::profile::confirmation::{Confirm, examine};

#[derive(Template)]
#[template(path = "profile/recovery_codes.html")]
struct Show<'a> {
    page: &'a Page,
    errors: FieldErrors,
    email: &'a str,
    /// The new codes, once they are there.
    codes: Vec<String>,
}

/// GET /profile/two-factor/recovery-codes/new
pub async fn new(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Error> {
    if state(&app, &actor).await?.since.is_none() {
        return Ok(see_other("/profile"));
    }
    page.ok(&Show {
        page: &page,
        errors: FieldErrors::default(),
        email: &actor.email,
        codes: Vec::new(),
    })
}

/// POST /profile/two-factor/recovery-codes
pub async fn create(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<Confirm>,
) -> Result<HttpResponse, Error> {
    let (_, errors) = examine(&app, &actor, form.0).await?;
    if !errors.is_empty() {
        return page.refused(&Show {
            page: &page,
            errors,
            email: &actor.email,
            codes: Vec::new(),
        });
    }
    let codes = app.write(move |tx| two_factor::renew(tx, &actor)).await?;
    show(&page, codes)
}

/// Shows fresh codes, in the answer itself: a redirect would have to carry them.
pub(super) fn show(page: &Page, codes: Vec<String>) -> Result<HttpResponse, Error> {
    page.ok(&Show {
        page,
        errors: FieldErrors::default(),
        email: "",
        codes,
    })
}
