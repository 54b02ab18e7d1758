//! One's own second factor: setting it up, new recovery codes, removing it. Each asks for the present password.

pub mod recovery_codes;
pub mod removal;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use serde::Deserialize;

use super::confirmation::{Confirm, examine};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::actor::Actor;
use crate::domain::two_factor::{self, Pending, State};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Page, see_other};

/// What an authenticator app is set up with, as a page shows it.
pub struct Setup {
    /// The secret, sealed, for the form to send back.
    pub pending: String,
    /// To be typed.
    pub key: String,
    /// To be opened by an app on the same device.
    pub address: String,
    /// To be scanned: an image as a `data:` address; none when the address is too long for a QR code.
    pub image: Option<String>,
}

impl Setup {
    /// Prepares `pending` for a page; the app will call it by `email`.
    ///
    /// # Errors
    /// When the email cannot stand in an address.
    pub fn new(pending: &Pending, email: &str) -> Result<Self, Error> {
        let address = pending.secret.address(email)?;
        let code = QRBuilder::new(address.as_str()).build().ok();
        let image = code.map(|code| {
            let svg = SvgBuilder::default().to_str(&code);
            format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
        });
        Ok(Self {
            pending: pending.sealed.clone(),
            key: pending.secret.typed_key()?,
            address,
            image,
        })
    }
}

async fn state(app: &App, actor: &Actor) -> Result<State, Error> {
    let actor = actor.clone();
    app.read(move |db| State::own(db, &actor)).await
}

#[derive(Template)]
#[template(path = "profile/two_factor.html")]
struct New<'a> {
    page: &'a Page,
    errors: FieldErrors,
    email: &'a str,
    setup: Setup,
}

/// The form, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Enrolment {
    pending: String,
    code: String,
    present_password: String,
}

/// GET /profile/two-factor/new
pub async fn new(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Error> {
    if state(&app, &actor).await?.since.is_some() {
        return Ok(see_other("/profile"));
    }
    page.ok(&New {
        page: &page,
        errors: FieldErrors::default(),
        email: &actor.email,
        setup: Setup::new(&Pending::new(&app.keys, &actor), &actor.email)?,
    })
}

/// POST /profile/two-factor. Answers with the recovery codes: a redirect would have to carry them.
pub async fn create(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<Enrolment>,
) -> Result<HttpResponse, Error> {
    let Enrolment {
        pending,
        code,
        present_password,
    } = form.0;
    let (keys, email) = (app.keys.clone(), actor.email.clone());
    let pending = Pending::open_or_new(&keys, &actor, &pending);
    let setup = Setup::new(&pending, &email)?;
    let (_, mut errors) = examine(&app, &actor, Confirm { present_password }).await?;
    if errors.is_empty() {
        let outcome = app
            .write(move |tx| two_factor::enrol(tx, &keys, &actor, &pending, &code))
            .await;
        match outcome {
            Ok(codes) => return recovery_codes::show(&page, codes),
            Err(Error::Invalid(wrong)) => errors = wrong,
            Err(error) => return Err(error),
        }
    }
    page.refused(&New {
        page: &page,
        errors,
        email: &email,
        setup,
    })
}
