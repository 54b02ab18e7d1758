//! My Profile: own details, password, sessions and secrets.

pub mod confirmation;
pub mod password;
pub mod secrets;
pub mod sessions;
pub mod two_factor;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;

use self::confirmation::{Confirm, examine};
use self::password::Checklist;
use super::forms::Form;
use super::page::{Notice, Page};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::actor::Actor;
use crate::domain::confirmation::confirm;
use crate::domain::password_policy::Policy;
use crate::domain::profile::{self, EditProfile};
use crate::domain::session::{self, Session};
use crate::domain::text::counted;
use crate::domain::two_factor::State;
use crate::error::{Error, FieldErrors};

#[derive(Template)]
#[template(path = "profile/show.html")]
struct Show<'a> {
    page: &'a Page,
    account_name: String,
    form: EditProfile,
    errors: FieldErrors,
    password_errors: FieldErrors,
    checklist: Checklist,
    two_factor: State,
    sessions: Vec<Line>,
}

struct Line {
    session: Session,
    current: bool,
}

impl Line {
    fn started(&self) -> String {
        minute(self.session.started_at)
    }

    fn seen(&self) -> String {
        minute(self.session.seen_at)
    }
}

/// The sentence for other sessions that a change has ended; empty when there were none.
fn also_ended(sessions: usize) -> String {
    match i64::try_from(sessions).unwrap_or(i64::MAX) {
        0 => String::new(),
        count => {
            let sessions = counted(count, "other session was", "other sessions were");
            format!("{sessions} ended.")
        }
    }
}

fn minute(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}

/// What was refused, to be shown in the page again.
#[derive(Default)]
struct Refused {
    form: Option<EditProfile>,
    errors: FieldErrors,
    password_errors: FieldErrors,
}

/// GET /profile
pub async fn show(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Error> {
    render(&app, &page, actor, Refused::default()).await
}

/// POST /profile
pub async fn update(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<EditProfile>,
) -> Result<HttpResponse, Error> {
    let who = actor.clone();
    let user = app.read(move |db| profile::own(db, &who)).await?;
    let present_password = form.0.email_password.clone();
    let present = if form.0.changes_email(&user.email) && !present_password.is_empty() {
        let (present, wrong) = examine(&app, &actor, Confirm { present_password }).await?;
        if let Some(sentence) = wrong.get("present_password") {
            let mut refused = Refused {
                form: Some(form.0),
                ..Refused::default()
            };
            refused.errors.add("email_password", sentence);
            return render(&app, &page, actor, refused).await;
        }
        Some(present)
    } else {
        None
    };
    let (who, input) = (actor.clone(), form.0.clone());
    let updated = app
        .write(move |tx| {
            let confirmed = match &present {
                Some(present) => Some(confirm(tx, &who, present.as_deref())?),
                None => None,
            };
            profile::update(tx, &who, &input, confirmed.as_ref())
        })
        .await;
    match updated {
        Ok(()) => page.see_other("/profile", &Notice::done("Your details were updated.")),
        Err(Error::Invalid(errors)) => {
            let refused = Refused {
                form: Some(form.0),
                errors,
                ..Refused::default()
            };
            render(&app, &page, actor, refused).await
        }
        Err(error) => Err(error),
    }
}

async fn render(
    app: &App,
    page: &Page,
    actor: Actor,
    refused: Refused,
) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let Refused {
        form,
        errors,
        password_errors,
    } = refused;
    let status = if errors.is_empty() && password_errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let (user, account_name, policy, two_factor, sessions) = app
        .read(move |db| {
            Ok((
                profile::own(db, &actor)?,
                profile::account_name(db, &actor)?,
                Policy::of_organization(db, actor.organization_id)?,
                State::own(db, &actor)?,
                session::own(db, &actor, now)?,
            ))
        })
        .await?;
    let names = format!("{} {}", user.full_name(), user.email);
    let current = page.viewer.as_ref().map(|viewer| viewer.session_id);
    page.send(
        status,
        &Show {
            page,
            account_name,
            form: form.unwrap_or(EditProfile {
                first_name: user.first_name,
                last_name: user.last_name,
                email: user.email,
                email_password: String::new(),
                shortcuts: user.shortcuts,
            }),
            errors,
            password_errors,
            checklist: Checklist::of_known(&policy, names),
            two_factor,
            sessions: sessions
                .into_iter()
                .map(|session| Line {
                    current: current == Some(session.id),
                    session,
                })
                .collect(),
        },
    )
}
