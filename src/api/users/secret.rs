//! The secret of a user, told to a caller who knows the user's password.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use utoipa::openapi::Schema;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::api::call::{Description, Takes, header};
use crate::app::App;
use crate::auth::origin;
use crate::auth::throttle::Throttle;
use crate::domain::password::Verdict;
use crate::domain::permit::{Permit, ViewUsers};
use crate::domain::session::Stage;
use crate::domain::user::{self, Told, User};
use crate::error::Error;

/// The header that carries the password.
const HEADER: &str = "Elements-User-Password";

/// The password of the user that is asked for, if the caller sends it, and where the call comes from.
pub struct Known {
    password: Option<String>,
    address: IpAddr,
}

impl FromRequest for Known {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(HEADER);
        ready(Ok(Self {
            password: header.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()),
            address: origin::address_of(request),
        }))
    }
}

impl Takes for Known {
    fn describe(description: &mut Description) {
        let about = "The password of this user: then the answer has its secret, too.";
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let parameter = header(HEADER, about, Schema::from(schema));
        description.parameters.push(parameter);
        description.refuse(401, "The password is not the one of this user.");
        description.refuse(
            403,
            "The password is right, but does not open the secret alone: this user has a second factor, or has to set one \
             up or change its password first.",
        );
    }
}

/// The secret, if the header is there. A wrong password counts like one at the sign-in: against the user, and against
/// the address.
///
/// # Errors
/// [`Error::SignedOut`] for a wrong password, and for a right one of somebody who cannot sign in; [`Error::Barred`] for
/// somebody whom the password alone does not sign in; [`Error::TooMany`] when the address has failed too often.
pub async fn told(
    app: &App,
    throttle: &Throttle,
    permit: &Permit<ViewUsers>,
    user: &User,
    known: Known,
) -> Result<Option<String>, Error> {
    let Some(password) = known.password else {
        return Ok(None);
    };
    let admitted = throttle
        .admit(known.address, app.clock.now())
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
            _ => user::refuse_secret(tx, &permit, &user).map(|()| Told::Refused),
        })
        .await?;
    match told {
        Told::Secret(secret) => Ok(Some(secret)),
        Told::Waits(stage) => Err(Error::Barred(waits(stage).to_owned())),
        Told::Refused => {
            admitted.failed();
            Err(Error::SignedOut)
        }
    }
}

/// Why a right password does not open the secret.
fn waits(stage: Stage) -> &'static str {
    match stage {
        Stage::Password => "This user has to change its password first.",
        Stage::Enrolment => {
            "This user has to set up its second factor first, by signing in to the console."
        }
        _ => {
            "This user has a second factor, which its password does not replace: it reads its secret itself, \
             with POST /authentication and GET /authentication/secrets."
        }
    }
}
