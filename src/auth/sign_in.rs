//! One attempt to sign in with a password, from either front end: throttled, checked off the async threads, audited.

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::origin;
use super::throttle::Throttle;
use crate::app::App;
use crate::domain::session;
use crate::domain::sign_in::{self, Outcome, Typed};
use crate::error::Error;

/// Tries, and answers what came of it with the token of the session that was begun, if one was. `agent` is what called,
/// in a few words.
///
/// # Errors
/// [`Error::TooMany`] when the address has failed too often.
pub async fn attempt(
    request: &HttpRequest,
    typed: Typed,
    agent: String,
) -> Result<(Outcome, String), Error> {
    let Typed {
        email,
        password,
        code,
    } = typed;
    let missing = || Error::Internal("no app".to_owned());
    let app = request.app_data::<Data<App>>().ok_or_else(missing)?;
    let throttle = request.app_data::<Data<Throttle>>().ok_or_else(missing)?;
    let (address, now) = (origin::address_of(request), app.clock.now());
    let admitted = throttle.admit(address, now).map_err(Error::TooMany)?;

    let candidate = app.read(move |db| sign_in::candidate(db, &email)).await?;
    let (checked, tried) = (candidate.clone(), password.clone());
    let verdict = app
        .hashing(move |hasher| sign_in::verify(hasher, checked.as_ref(), &tried))
        .await?;
    let attempt = sign_in::Attempt {
        origin: origin::of(request),
        agent,
        candidate: candidate.clone(),
        verdict,
        code,
    };
    let token = session::token();
    let (keys, started) = (app.keys.clone(), token.clone());
    let outcome = app
        .write(move |tx| sign_in::finish(tx, &keys, &attempt, &started))
        .await?;
    if outcome == Outcome::Refused {
        admitted.failed();
        return Ok((outcome, token));
    }
    drop(admitted);
    if let (Some(candidate), Some(accepted)) = (candidate, sign_in::renewable(verdict, &password)) {
        let hash = app.hash(accepted).await?;
        app.write(move |tx| sign_in::renew(tx, &candidate, &hash))
            .await?;
    }
    Ok((outcome, token))
}
