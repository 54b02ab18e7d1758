//! The secret of a user, told to a caller who knows the user's password.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::app::App;
use crate::auth::origin;
use crate::auth::throttle::Throttle;
use crate::domain::password::Verdict;
use crate::domain::permit::{Permit, ViewUsers};
use crate::domain::user::{self, User};
use crate::error::Error;

/// The header that carries the password.
const HEADER: &str = "elements-user-password";

/// The secret, if the header is there. A wrong password counts like one at the sign-in: against the user, and against
/// the address.
///
/// # Errors
/// [`Error::SignedOut`] for a wrong password, and for a right one of somebody who cannot sign in;
/// [`Error::TooMany`] when the address has failed too often.
pub async fn told(
    app: &App,
    permit: &Permit<ViewUsers>,
    user: &User,
    request: &HttpRequest,
) -> Result<Option<String>, Error> {
    let Some(header) = request.headers().get(HEADER) else {
        return Ok(None);
    };
    let password = String::from_utf8_lossy(header.as_bytes()).into_owned();
    let throttle = request
        .app_data::<Data<Throttle>>()
        .ok_or_else(|| Error::Internal("no throttle".to_owned()))?;
    let admitted = throttle
        .admit(origin::address_of(request), app.clock.now())
        .map_err(Error::TooMany)?;
    let id = user.id;
    let stored = app.read(move |db| user::password_hash(db, id)).await?;
    let checked = stored.clone();
    let verdict = app
        .hashing(move |hasher| hasher.verify(&password, checked.as_deref()))
        .await?;
    let (permit, user, keys) = (permit.clone(), user.clone(), app.keys.clone());
    let told = app
        .write(move |tx| match (verdict, stored) {
            (Verdict::Right | Verdict::RightButOld, Some(hash)) => {
                user::tell_secret(tx, &keys, &permit, &user, &hash)
            }
            _ => user::refuse_secret(tx, &permit, &user).map(|()| None),
        })
        .await?;
    if told.is_none() {
        admitted.failed();
        return Err(Error::SignedOut);
    }
    Ok(told)
}
