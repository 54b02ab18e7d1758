//! Changing one's own password, and the checklist that stands under every new password.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Refused, also_ended, render};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::actor::Actor;
use crate::domain::former_password;
use crate::domain::password::{Hash, Verdict};
use crate::domain::password_policy::{Accepted, Policy, Rule};
use crate::domain::profile::{self, ChangePassword};
use crate::domain::text::capital;
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

/// The policy as a page shows it.
pub struct Checklist {
    /// What counts as a symbol.
    pub symbols: String,
    /// The rules, in order.
    pub rules: Vec<Rule>,
}

impl From<&Policy> for Checklist {
    fn from(policy: &Policy) -> Self {
        Self {
            symbols: policy.symbol_character_set.clone(),
            rules: policy
                .rules()
                .into_iter()
                .map(|rule| Rule {
                    text: line(&rule, &policy.symbol_character_set),
                    ..rule
                })
                .collect(),
        }
    }
}

/// A rule as a line of the list: with a capital, and some symbols to choose from.
fn line(rule: &Rule, symbols: &str) -> String {
    let mut text = capital(&rule.text);
    if rule.code == "symbols" {
        text.push_str(", such as");
        for symbol in symbols.chars().filter(|it| *it != ' ').take(4) {
            text.extend([' ', symbol]);
        }
    }
    text
}

/// POST /profile/password
pub async fn update(
    app: Data<App>,
    page: Page,
    SignedIn(actor): SignedIn,
    form: Form<ChangePassword>,
) -> Result<HttpResponse, Error> {
    let (who, password) = (actor.clone(), form.0.password);
    let change = app
        .read(move |db| profile::prepare_change(db, &who, &password))
        .await?;
    let (stored, typed) = (change.present.clone(), form.0.present_password);
    let mut errors = refuse_unless(&app, &actor, stored, typed).await?;
    // The former passwords are compared only for somebody who knows the present one: each takes as long as a sign-in.
    let hash = if errors.is_empty() {
        let forbidden = (change.forbidden, change.forbidden_count);
        new_hash(&app, change.accepted, forbidden).await?
    } else {
        change.accepted.map(|_| None)
    };
    let hash = match hash {
        Ok(Some(hash)) => hash,
        refused => {
            if let Err(sentence) = refused {
                errors.add("password", sentence);
            }
            let refused = Refused {
                password_errors: errors,
                ..Refused::default()
            };
            return render(&app, &page, actor, refused).await;
        }
    };
    let present = change.present;
    let ended = app
        .write(move |tx| profile::change_password(tx, &actor, present.as_deref(), &hash))
        .await?;
    let notice = Notice::done("Your password was changed.").rest(also_ended(ended));
    page.see_other("/profile", &notice)
}

/// Asks for the present password before something that a borrowed browser must not do. A wrong one counts as a failed
/// sign-in; the errors are empty when it is right.
pub async fn refuse_wrong(app: &App, actor: &Actor, typed: String) -> Result<FieldErrors, Error> {
    let who = actor.clone();
    let stored = app.read(move |db| profile::present_hash(db, &who)).await?;
    refuse_unless(app, actor, stored, typed).await
}

async fn refuse_unless(
    app: &App,
    actor: &Actor,
    stored: Option<String>,
    typed: String,
) -> Result<FieldErrors, Error> {
    let verdict = app
        .hashing(move |hasher| hasher.verify(&typed, stored.as_deref()))
        .await?;
    let mut errors = FieldErrors::default();
    if verdict == Verdict::Wrong {
        let who = actor.clone();
        app.write(move |tx| profile::refuse_change(tx, &who))
            .await?;
        errors.add(
            "present_password",
            "This is not your present password. Enter it again.",
        );
    }
    Ok(errors)
}

/// Hashes a new password, or answers the sentence that says why not. `forbidden` are the hashes of former passwords,
/// and how many of them the policy forbids. There is a hash whenever there is no sentence.
pub async fn new_hash(
    app: &App,
    accepted: Result<Accepted, String>,
    (forbidden, count): (Vec<String>, i32),
) -> Result<Result<Option<Hash>, String>, Error> {
    let accepted = match accepted {
        Ok(accepted) => accepted,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let hash = app.hash_unless_used(accepted, forbidden).await?;
    Ok(if hash.is_some() {
        Ok(hash)
    } else {
        Err(former_password::refusal(count))
    })
}
