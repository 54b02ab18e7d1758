//! What every page has: viewer, notice, asset names; and how it is sent.

use std::rc::Rc;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};

use super::assets;
use crate::app::App;
use crate::auth::authenticate::actor;
use crate::domain::actor::Actor;
use crate::domain::keys::Keys;
use crate::domain::permit::{ConfigureRoles, ModifySecurity, ViewAccounts, ViewLogs, ViewUsers};
use crate::error::Error;

/// Bytes that a page of 50 users takes, about.
const CAPACITY: usize = 48 * 1024;

/// How a notice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Done.
    Success,
    /// Good to know.
    Info,
    /// Refused.
    Danger,
}

impl Kind {
    /// The word of the stylesheet.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Danger => "danger",
        }
    }
}

/// A bold fact, then what follows from it; shown once, at the top of the next page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// How it looks.
    pub kind: Kind,
    /// The fact.
    pub fact: String,
    /// What follows from it; may be empty.
    pub rest: String,
}

impl Notice {
    /// Something was done.
    pub fn done(fact: impl Into<String>) -> Self {
        Self::new(Kind::Success, fact)
    }

    /// Something was refused.
    pub fn refused(fact: impl Into<String>) -> Self {
        Self::new(Kind::Danger, fact)
    }

    /// Something to know.
    pub fn info(fact: impl Into<String>) -> Self {
        Self::new(Kind::Info, fact)
    }

    fn new(kind: Kind, fact: impl Into<String>) -> Self {
        Self {
            kind,
            fact: fact.into(),
            rest: String::new(),
        }
    }

    /// Adds what follows from the fact.
    #[must_use]
    pub fn rest(mut self, rest: impl Into<String>) -> Self {
        self.rest = rest.into();
        self
    }
}

/// Who looks at the page.
pub struct Viewer {
    actor: Rc<Actor>,
    /// Whether they may open Settings.
    pub opens_settings: bool,
    /// Whether they may open the Accounts tab.
    pub opens_accounts: bool,
    /// Whether they may open Roles.
    pub opens_roles: bool,
    /// Whether they may open Activity.
    pub opens_activity: bool,
}

impl Viewer {
    fn new(actor: Rc<Actor>) -> Self {
        let open = actor.privileges.open_security();
        Self {
            opens_settings: open && actor.may::<ModifySecurity>(),
            opens_accounts: open && actor.may::<ViewAccounts>() && actor.may::<ViewUsers>(),
            opens_roles: open && actor.may::<ConfigureRoles>(),
            opens_activity: actor.may::<ViewLogs>(),
            actor,
        }
    }

    /// The page that Security opens with, if it has one for them.
    #[must_use]
    pub fn security(&self) -> Option<&'static str> {
        if self.opens_accounts {
            Some("/security/accounts")
        } else if self.opens_settings {
            Some("/security/settings")
        } else if self.opens_roles {
            Some("/security/roles")
        } else {
            None
        }
    }
}

impl std::ops::Deref for Viewer {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

/// What every template is given as `page`.
pub struct Page {
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// What the page before had to say.
    pub notice: Option<Notice>,
    had_cookie: bool,
    https: bool,
    keys: Keys,
}

impl FromRequest for Page {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Page {
    /// The page that answers `request`.
    ///
    /// # Errors
    /// Only when the server was put together wrongly.
    pub fn of(request: &HttpRequest) -> Result<Self, Error> {
        let app = request
            .app_data::<Data<App>>()
            .ok_or_else(|| Error::Internal("no app".to_owned()))?;
        let cookie = request.cookie(cookie_name(app.https));
        let notice = cookie
            .as_ref()
            .and_then(|cookie| app.keys.open("notice", cookie.value()))
            .and_then(|json| serde_json::from_slice(&json).ok());
        Ok(Self {
            viewer: actor(request).map(Viewer::new),
            notice,
            had_cookie: cookie.is_some(),
            https: app.https,
            keys: app.keys.clone(),
        })
    }

    /// The address of an asset.
    #[must_use]
    #[expect(
        clippy::unused_self,
        reason = "templates call it on the page that they have"
    )]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    /// This page with a notice of its own.
    #[must_use]
    pub fn with(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }

    /// Sends the page.
    ///
    /// # Errors
    /// When the template fails.
    pub fn ok(&self, template: &impl Template) -> Result<HttpResponse, Error> {
        self.send(StatusCode::OK, template)
    }

    /// Sends a refused form again.
    ///
    /// # Errors
    /// When the template fails.
    pub fn refused(&self, template: &impl Template) -> Result<HttpResponse, Error> {
        self.send(StatusCode::UNPROCESSABLE_ENTITY, template)
    }

    /// Sends the page with a status.
    ///
    /// # Errors
    /// When the template fails.
    pub fn send(
        &self,
        status: StatusCode,
        template: &impl Template,
    ) -> Result<HttpResponse, Error> {
        let mut html = String::with_capacity(CAPACITY);
        template.render_into(&mut html)?;
        let mut response = HttpResponse::build(status);
        response.content_type("text/html; charset=utf-8");
        if self.had_cookie {
            let mut gone = self.cookie("");
            gone.make_removal();
            response.cookie(gone);
        }
        Ok(response.body(html))
    }

    /// Sends the browser on, with something to say there.
    ///
    /// # Errors
    /// When the notice cannot be written down.
    pub fn see_other(&self, path: &str, notice: &Notice) -> Result<HttpResponse, Error> {
        let json = serde_json::to_vec(notice).map_err(Error::internal)?;
        let mut cookie = self.cookie(&self.keys.seal("notice", &json));
        cookie.set_max_age(Duration::minutes(1));
        Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, path))
            .cookie(cookie)
            .finish())
    }

    fn cookie(&self, value: &str) -> Cookie<'static> {
        Cookie::build(cookie_name(self.https), value.to_owned())
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .finish()
    }
}

fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-notice" } else { "notice" }
}

/// Sends the browser on.
#[must_use]
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, path))
        .finish()
}
