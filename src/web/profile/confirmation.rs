//! Asking for one's own password again, before what a stolen session must not do.

use serde::Deserialize;

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::confirmation;
use crate::domain::password::Verdict;
use crate::error::{Error, FieldErrors};

/// A form that asks for nothing else, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Confirm {
    /// The present password.
    pub present_password: String,
}

/// Asks for the present password before something that a borrowed browser must not do: the errors are empty when it is
/// right.
pub async fn refuse_wrong(app: &App, actor: &Actor, typed: String) -> Result<FieldErrors, Error> {
    let who = actor.clone();
    let stored = app
        .read(move |db| confirmation::present_hash(db, &who))
        .await?;
    let mut errors = FieldErrors::default();
    check(app, actor, typed, stored, &mut errors).await?;
    Ok(errors)
}

/// Checks the present password that was typed against the stored hash; what is wrong with it goes to `errors`. A wrong
/// one counts as a failed sign-in, none at all does not.
pub async fn check(
    app: &App,
    actor: &Actor,
    typed: String,
    stored: Option<String>,
    errors: &mut FieldErrors,
) -> Result<(), Error> {
    if typed.is_empty() {
        errors.add("present_password", "Enter your present password.");
        return Ok(());
    }
    let verdict = app
        .hashing(move |hasher| hasher.verify(&typed, stored.as_deref()))
        .await?;
    if verdict == Verdict::Wrong {
        let who = actor.clone();
        app.write(move |tx| confirmation::refuse(tx, &who)).await?;
        errors.add(
            "present_password",
            "This is not your present password. Enter it again.",
        );
    }
    Ok(())
}
