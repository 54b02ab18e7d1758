//! Changing one's own password, and the checklist that stands under every new password.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Refused, render};
use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::password::Verdict;
use crate::domain::password_policy::{Policy, Rule};
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
    let (who, input) = (actor.clone(), form.0.clone());
    let (present, accepted) = app
        .read(move |db| profile::prepare_change(db, &who, &input))
        .await?;
    let (stored, typed) = (present.clone(), form.0.present_password);
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
    let accepted = match accepted {
        Ok(accepted) if errors.is_empty() => accepted,
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
    let hash = app.hash(accepted).await?;
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
