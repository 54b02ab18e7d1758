//! Permits and the signed-in actor as extractors, and the gate of the Security section.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpRequest};

use super::authenticate::{actor, halfway};
use crate::domain::actor::Actor;
use crate::domain::permit::{Deed, Permit};
use crate::domain::session::Stage;
use crate::error::Error;

impl<D: Deed> FromRequest for Permit<D> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match actor(request) {
            Some(actor) => actor.permit(),
            None => Err(Error::SignedOut),
        })
    }
}

/// Somebody who is signed in, whatever they may do.
pub struct SignedIn(pub Actor);

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match actor(request) {
            Some(actor) => Ok(Self(Rc::unwrap_or_clone(actor))),
            None => Err(Error::SignedOut),
        })
    }
}

/// Somebody who has to enter a code before anything else.
pub struct EnteringCode(pub Actor);

impl FromRequest for EnteringCode {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(waiting(request, Stage::Code).map(Self))
    }
}

/// Somebody who has to set up a second factor before anything else.
pub struct Enrolling(pub Actor);

impl FromRequest for Enrolling {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(waiting(request, Stage::Enrolment).map(Self))
    }
}

/// Somebody who has to choose a new password before anything else.
pub struct ChoosingPassword(pub Actor);

impl FromRequest for ChoosingPassword {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(waiting(request, Stage::Password).map(Self))
    }
}

/// Whose sign-in waits at `stage`.
fn waiting(request: &HttpRequest, stage: Stage) -> Result<Actor, Error> {
    match halfway(request) {
        Some((actor, at)) if at == stage => Ok(Rc::unwrap_or_clone(actor)),
        _ => Err(Error::SignedOut),
    }
}

/// Middleware of the Security section: it opens only to holders of a privilege that reaches the organization.
///
/// # Errors
/// What the inner service answers.
pub async fn security_only(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match actor(request.request()) {
        None => Ok(request.error_response(Error::SignedOut)),
        Some(actor) if !actor.privileges.open_security() => {
            drop(actor);
            Ok(request.error_response(Error::Forbidden))
        }
        Some(actor) => {
            drop(actor);
            Ok(next.call(request).await?.map_into_boxed_body())
        }
    }
}
