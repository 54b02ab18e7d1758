//! Changing one's own password, and the checklist that stands under every new password.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Refused, render};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::former_password;
use crate::domain::password::{Hash, Verdict};
use crate::domain::password_policy::{Accepted, Policy, Rule};
use crate::domain::profile::{self, ChangePassword};
use crate::domain::text::{capital, counted};
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
    let mut notice = Notice::done("Your password was changed.");
    if ended > 0 {
        let ended = i64::try_from(ended).unwrap_or(i64::MAX);
        let sessions = counted(ended, "other session was", "other sessions were");
        notice = notice.rest(format!("{sessions} ended."));
    }
    page.see_other("/profile", &notice)
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
