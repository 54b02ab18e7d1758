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

/// The hash that the typed password was checked against, and what is wrong with it.
pub async fn examine(
    app: &App,
    actor: &Actor,
    form: Confirm,
) -> Result<(Option<String>, FieldErrors), Error> {
    let who = actor.clone();
    let stored = app
        .read(move |db| confirmation::present_hash(db, &who))
        .await?;
    let mut errors = FieldErrors::default();
    let typed = form.present_password;
    check(app, actor, typed, stored.clone(), &mut errors).await?;
    Ok((stored, errors))
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
