//! From the Authorization header of an API call to the actor: once per request, before any handler.

use std::rc::Rc;

use actix_web::HttpMessage as _;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::origin;
use super::rate::Rate;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::credentials;
use crate::domain::session::{self, Stage};
use crate::error::Error;

/// Middleware: finds who calls, and turns away who calls too often. Nobody is an answer too: it is the handlers that need somebody, and whatever is wrong
/// with the header, they answer alike.
///
/// # Errors
/// What the inner service answers.
pub async fn authorize(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let header = headers.next().filter(|_| headers.next().is_none());
    let presented = header.and_then(|value| Presented::parse(value.to_str().ok()?));
    if let Some(presented) = presented {
        match find(&request, presented).await {
            Ok(Some(actor)) => {
                if let Some(rate) = request.app_data::<Data<Rate>>()
                    && let Err(seconds) = rate.admit(actor.id)
                {
                    return Ok(request.error_response(Error::TooMany(seconds)));
                }
                request.extensions_mut().insert(Rc::new(actor));
            }
            Ok(None) => {}
            Err(error) => return Ok(request.error_response(error)),
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn find(request: &ServiceRequest, presented: Presented) -> Result<Option<Actor>, Error> {
    let app = request
        .app_data::<Data<App>>()
        .ok_or_else(|| Error::Internal("no app".to_owned()))?;
    let (keys, origin) = (app.keys.clone(), origin::of(request.request()));
    let now = app.clock.now();
    app.look_up(move |db| match presented {
        Presented::Pair { user, organization } => {
            credentials::authenticate(db, &keys, (&user, &organization), &origin)
        }
        Presented::Bearer(token) => {
            let live = session::authenticate(db, &keys, &token, now, &origin)?;
            let live = live.filter(|live| live.stage == Stage::Api);
            Ok(live.map(|live| live.actor))
        }
    })
    .await
}

/// What an Authorization header presents.
#[derive(Debug, PartialEq, Eq)]
enum Presented {
    Pair { user: String, organization: String },
    Bearer(String),
}

impl Presented {
    /// Reads `User <secret>, Organization <secret>`, the words in any letter case, each once, in either order; or
    /// `Bearer <token>`.
    fn parse(header: &str) -> Option<Self> {
        if let Some((word, token)) = header.trim().split_once(' ')
            && word.eq_ignore_ascii_case("Bearer")
        {
            return Some(Self::Bearer(token.trim().to_owned()));
        }
        let (mut user, mut organization) = (None, None);
        for part in header.split(',') {
            let (word, secret) = part.trim().split_once(' ')?;
            let place = if word.eq_ignore_ascii_case("User") {
                &mut user
            } else if word.eq_ignore_ascii_case("Organization") {
                &mut organization
            } else {
                return None;
            };
            if place.replace(secret.trim().to_owned()).is_some() {
                return None;
            }
        }
        Some(Self::Pair {
            user: user?,
            organization: organization?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Presented;

    #[test]
    fn the_pair_in_its_forms() {
        let pair = Presented::Pair {
            user: "u=".to_owned(),
            organization: "o".to_owned(),
        };
        for header in [
            "User u=, Organization o",
            "User u=,Organization o",
            "user  u= ,  ORGANIZATION  o ",
            "Organization o, User u=",
        ] {
            assert_eq!(Presented::parse(header).as_ref(), Some(&pair), "{header}");
        }
        for header in [
            "",
            "User u=",
            "Organization o",
            "User u=, User u=",
            "User u=, Organization o,",
            "User u=, Organization o, Element e",
            "Useru=, Organization o",
            "User u= Organization o",
            "Basic dTpv",
        ] {
            assert_eq!(Presented::parse(header), None, "{header}");
        }
    }
}
