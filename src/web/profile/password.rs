//! Changing one's own password, and the checklist that stands under every new password.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{Refused, also_ended, confirmation, render};
use crate::app::App;
use crate::auth::authenticate::TOKEN;
use crate::auth::permit::SignedIn;
use crate::domain::password::Hash;
use crate::domain::password_policy::{Accepted, Policy, Refusal, Rule};
use crate::domain::profile::{self, ChangePassword};
use crate::domain::text::capital;
use crate::domain::{former_password, session};
use crate::error::{Error, FieldErrors};
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};

/// The policy as a page shows it.
pub struct Checklist {
    /// What counts as a symbol.
    pub symbols: String,
    /// Names and email that must not be part of it; empty when the same form asks for them.
    pub names: String,
    /// The rules that the browser can tell while somebody types, in order.
    pub rules: Vec<Rule>,
    /// The rules that only the server knows, as what stands after "Checked when you save:".
    pub later: String,
}

impl Checklist {
    /// For somebody whose names and email the form asks for, and who had no password before.
    #[must_use]
    pub fn of_new_user(policy: &Policy) -> Self {
        let (later, rules): (Vec<_>, Vec<_>) = policy
            .rules()
            .into_iter()
            .partition(|rule| rule.code == "common");
        let rules = rules.into_iter().map(|rule| Rule {
            text: line(&rule, &policy.symbol_character_set),
            ..rule
        });
        Self {
            symbols: policy.symbol_character_set.clone(),
            names: String::new(),
            rules: rules.collect(),
            later: later.into_iter().map(|rule| rule.text).collect(),
        }
    }

    /// For somebody who is known, and takes another password.
    #[must_use]
    pub fn of_known(policy: &Policy, names: String) -> Self {
        let mut checklist = Self::of_new_user(policy);
        checklist.names = names;
        match policy.previous_password_count {
            0 => {}
            1 => checklist.later.push_str(", not the present one"),
            count => {
                let last = format!(", none of your last {count}");
                checklist.later.push_str(&last);
            }
        }
        checklist
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
    cookie: Session,
    SignedIn(actor): SignedIn,
    form: Form<ChangePassword>,
) -> Result<HttpResponse, Error> {
    let (who, password) = (actor.clone(), form.0.password);
    let change = app
        .read(move |db| profile::prepare_change(db, &who, &password))
        .await?;
    let (stored, typed) = (change.present.clone(), form.0.present_password);
    let mut errors = FieldErrors::default();
    confirmation::check(&app, &actor, typed, stored, &mut errors).await?;
    // The former passwords are compared only for somebody who knows the present one: each takes as long as a sign-in.
    let hash = if errors.is_empty() {
        let forbidden = (change.forbidden, change.forbidden_count);
        new_hash(&app, change.accepted, forbidden).await?
    } else {
        change.accepted.map(|_| None).map_err(String::from)
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
    let (keys, token, present) = (app.keys.clone(), session::token(), change.present);
    let fresh = token.clone();
    let ended = app
        .write(move |tx| {
            let ended = profile::change_password(tx, &actor, present.as_deref(), &hash)?;
            session::renew(tx, &keys, &actor, &fresh)?;
            Ok(ended)
        })
        .await?;
    cookie.renew();
    cookie.insert(TOKEN, token).map_err(Error::internal)?;
    let notice = Notice::done("Your password was changed.").rest(also_ended(ended));
    page.see_other("/profile", &notice)
}

/// Hashes a new password, or answers the sentence that says why not. `forbidden` are the hashes of former passwords,
/// and how many of them the policy forbids. There is a hash whenever there is no sentence.
pub async fn new_hash(
    app: &App,
    accepted: Result<Accepted, Refusal>,
    (forbidden, count): (Vec<String>, i32),
) -> Result<Result<Option<Hash>, String>, Error> {
    let accepted = match accepted {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let hash = app.hash_unless_used(accepted, forbidden).await?;
    Ok(if hash.is_some() {
        Ok(hash)
    } else {
        Err(former_password::refusal(count))
    })
}
