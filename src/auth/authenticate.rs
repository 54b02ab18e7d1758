//! From the cookie's token to the actor: once per request, before any handler.

use std::rc::Rc;

use actix_session::SessionExt as _;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};

use super::origin;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::session::{self, Live, Stage};
use crate::error::Error;

/// The one thing that the session cookie holds.
pub const TOKEN: &str = "token";

/// Somebody whose sign-in has come so far, and no further yet.
struct Halfway(Rc<Actor>, Stage);

/// A cookie named a session that does not hold any more.
struct Ended;

/// Middleware: finds who is signed in. Nobody is an answer too: it is the handlers that need somebody.
///
/// # Errors
/// What the inner service answers.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let session = request.get_session();
    if let Ok(Some(token)) = session.get::<String>(TOKEN) {
        match find(&request, token).await {
            Ok(Some(Live { actor, stage, .. })) => {
                let actor = Rc::new(actor);
                match stage {
                    Stage::Full => drop(request.extensions_mut().insert(actor)),
                    // A token of the API opens no page.
                    Stage::Api => drop(request.extensions_mut().insert(Ended)),
                    // Not signed in, as far as every page but one is concerned.
                    _ => drop(request.extensions_mut().insert(Halfway(actor, stage))),
                }
            }
            Ok(None) => {
                request.extensions_mut().insert(Ended);
                // Not purged: after that a sign-in in the same request could not set its cookie.
                session.clear();
            }
            Err(error) => return Ok(request.error_response(error)),
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn find(request: &ServiceRequest, token: String) -> Result<Option<Live>, Error> {
    let app = request
        .app_data::<Data<App>>()
        .ok_or_else(|| Error::Internal("no app".to_owned()))?;
    let origin = origin::of(request.request());
    let keys = app.keys.clone();
    let now = app.clock.now();
    let found = app
        .look_up(move |db| session::authenticate(db, &keys, &token, now, &origin))
        .await?;
    let Some(live) = found else { return Ok(None) };
    if live.stale {
        let actor = live.actor.clone();
        app.write(move |tx| session::touch(tx, &actor)).await?;
    }
    Ok(Some(live))
}

/// Who is signed in, if somebody is.
#[must_use]
pub fn actor(request: &HttpRequest) -> Option<Rc<Actor>> {
    request.extensions().get::<Rc<Actor>>().cloned()
}

/// Who is halfway through signing in, if somebody is, and what comes next for them.
#[must_use]
pub fn halfway(request: &HttpRequest) -> Option<(Rc<Actor>, Stage)> {
    let extensions = request.extensions();
    let halfway = extensions.get::<Halfway>();
    halfway.map(|Halfway(actor, stage)| (Rc::clone(actor), *stage))
}

/// Whether the request came with a session that has ended.
#[must_use]
pub fn has_ended(request: &HttpRequest) -> bool {
    request.extensions().contains::<Ended>()
}
