//! Signing in for an hour, the secrets of whoever calls, and changing one's own password.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{Body, Done, Json};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::auth::throttle::Throttle;
use crate::auth::{origin, sign_in};
use crate::domain::actor::Channel;
use crate::domain::password::Verdict;
use crate::domain::session::Stage;
use crate::domain::sign_in::{Outcome, Typed};
use crate::domain::{confirmation, credentials, former_password, lockout, profile};
use crate::error::{Error, FieldErrors};

/// Who signs in.
#[derive(Default, Deserialize, ToSchema)]
pub struct SignIn {
    /// The user's email.
    #[schema(required, nullable = false)]
    username: Option<String>,
    /// The user's password.
    #[schema(required, nullable = false)]
    password: Option<String>,
    /// A code of the second factor, when one is set: six digits, or a recovery code.
    code: Option<String>,
}

impl Body for SignIn {}

/// A bearer token, good for an hour.
#[derive(Serialize, ToSchema)]
pub struct Token {
    token: String,
}

/// POST /authentication
pub async fn create(request: HttpRequest, body: Json<SignIn>) -> Result<Json<Token>, Error> {
    let SignIn {
        username,
        password,
        code,
    } = body.0;
    let typed = Typed {
        email: username.ok_or(Error::Malformed("username is missing."))?,
        password: password.ok_or(Error::Malformed("password is missing."))?,
        code,
    };
    let (outcome, token) = sign_in::attempt(&request, typed, "API token".to_owned()).await?;
    match outcome {
        Outcome::Begun(_) => Ok(Json(Token { token })),
        Outcome::Waits(Stage::Password) => Err(Error::Barred(
            "The password has to be changed first: with POST /authentication/passwords, or by signing in to the console."
                .to_owned(),
        )),
        Outcome::Waits(Stage::Code) => Err(Error::Barred(
            "This user has a second factor: send its code, too.".to_owned(),
        )),
        Outcome::Waits(_) => Err(Error::Barred(
            "A second factor has to be set up first, by signing in to the console.".to_owned(),
        )),
        Outcome::Refused => Err(Error::SignedOut),
    }
}

/// The pair of secrets that authorizes calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secrets {
    organization_secret: String,
    user_secret: String,
}

/// GET /authentication/secrets
pub async fn secrets(app: Data<App>, SignedIn(actor): SignedIn) -> Result<Json<Secrets>, Error> {
    let keys = app.keys.clone();
    let (user_secret, organization_secret) = app
        .write(move |tx| credentials::reveal(tx, &keys, &actor))
        .await?;
    Ok(Json(Secrets {
        organization_secret,
        user_secret,
    }))
}

/// A change of one's own password.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordChange)]
pub struct Change {
    /// The new one, as the organization's policy wants it.
    #[schema(
        required,
        nullable = false,
        min_length = 8,
        max_length = 256,
        format = "new-password"
    )]
    password: Option<String>,
    /// The present one.
    #[schema(required, nullable = false)]
    old_password: Option<String>,
}

impl Body for Change {}

/// POST /authentication/passwords. A wrong old password counts as a failed sign-in.
pub async fn change_password(
    request: HttpRequest,
    app: Data<App>,
    throttle: Data<Throttle>,
    SignedIn(actor): SignedIn,
    body: Json<Change>,
) -> Result<Done, Error> {
    let Change {
        password,
        old_password,
    } = body.0;
    let password = password.ok_or(Error::Malformed("password is missing."))?;
    let typed = old_password.ok_or(Error::Malformed("oldPassword is missing."))?;
    let address = origin::address_of(&request);
    let admitted = throttle
        .admit(address, app.clock.now())
        .map_err(Error::TooMany)?;
    let who = actor.clone();
    let change = app
        .read(move |db| profile::prepare_change(db, &who, &password))
        .await?;
    let stored = change.present.clone();
    let verdict = app
        .hashing(move |hasher| hasher.verify(&typed, stored.as_deref()))
        .await?;
    if verdict == Verdict::Wrong {
        app.write(move |tx| confirmation::refuse(tx, &actor))
            .await?;
        admitted.failed();
        return Err(Error::SignedOut);
    }
    // What is wrong with the new one tells that the old one was right, which nobody is told while the user is locked.
    let id = actor.id;
    app.write(move |tx| lockout::ensure_unlocked(tx, id))
        .await
        .inspect_err(|_| admitted.failed())?;
    let refused = |sentence: String| {
        let mut errors = FieldErrors::default();
        errors.add("password", sentence);
        Error::Invalid(errors)
    };
    let accepted = change.accepted;
    let accepted = accepted.map_err(|it| refused(it.said_through(Channel::Api)))?;
    let hash = app
        .hash_unless_used(accepted, change.forbidden)
        .await?
        .ok_or_else(|| refused(former_password::refusal(change.forbidden_count)))?;
    let present = change.present;
    app.write(move |tx| profile::change_password(tx, &actor, present.as_deref(), &hash))
        .await?;
    Ok(Done)
}
