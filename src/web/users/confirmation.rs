//! What the pages share that ask before something is done to a user.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::UserPath;
use crate::app::App;
use crate::db::Db;
use crate::domain::account::{self, Account};
use crate::domain::keys::Keys;
use crate::domain::panel::PanelQuery;
use crate::domain::permit::{Deed, Permit, ViewAccounts};
use crate::domain::user::{self, User};
use crate::error::Error;
use crate::web::back;
use crate::web::forms::Query;
use crate::web::page::Page;
use crate::web::panel::{self, Panel};
use crate::web::paths;

/// What such a page is asked with: who may look, who may do it, to whom, beside which accounts.
pub type Asking<D> = (
    Permit<ViewAccounts>,
    Permit<D>,
    Path<UserPath>,
    Query<PanelQuery>,
);

/// The form of such a page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Confirmation {
    /// The list that the page was opened from.
    pub back: String,
}

/// Whom a page asks about, and the panel beside it.
pub struct Asked {
    /// The account.
    pub account: Account,
    /// The user in it, whom the asker may change.
    pub user: User,
    /// The panel.
    pub panel: Panel,
}

impl Asked {
    /// Reads what the page at `deed`, below the user's address, asks about.
    ///
    /// # Errors
    /// [`Error::NotFound`] out of reach; [`Error::Oneself`] for oneself; [`Error::Forbidden`] for somebody above.
    pub fn read<D: Deed>(
        db: &mut Db,
        keys: &Keys,
        (viewing, permit, path, query): &Asking<D>,
        deed: &str,
    ) -> Result<Self, Error> {
        let account = account::find(db, permit.reach, path.account)?;
        let user = user::find(db, permit.reach, path.account, path.user)?;
        user::ensure_may_change(&permit.actor, &user, &account)?;
        let address = format!("{}/users/{}/{deed}", paths::account(account.id), user.id);
        let panel = panel::read(db, keys, viewing, &query.0, Some(&account), &address)?;
        Ok(Self {
            account,
            user,
            panel,
        })
    }
}

/// A question about a user that one sentence answers for.
pub struct Question {
    /// Where the form is sent, below the user's address; the page itself is at `/new` below that.
    pub deed: &'static str,
    /// What its button says, and what is asked.
    pub button: &'static str,
    /// What is asked, up to the name.
    pub ask: &'static str,
    /// What follows from it, for somebody of this name.
    pub consequence: fn(&str) -> String,
}

#[derive(Template)]
#[template(path = "users/confirmation.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    question: &'a Question,
    heading: String,
    consequence: String,
    id: i64,
    email: String,
    account_id: i64,
    back: &'a str,
}

/// Sends the page of a question.
pub async fn ask<D: Deed>(
    app: &Data<App>,
    page: &Page,
    asking: Asking<D>,
    request: &HttpRequest,
    question: &Question,
) -> Result<HttpResponse, Error> {
    let (keys, address) = (app.keys.clone(), format!("{}/new", question.deed));
    let back = back::from_referer(request, asking.2.account);
    let asked = app
        .read(move |db| Asked::read(db, &keys, &asking, &address))
        .await?;
    let name = asked.user.full_name();
    page.ok(&New {
        page,
        panel: asked.panel,
        question,
        heading: format!("{}{name}?", question.ask),
        consequence: (question.consequence)(&name),
        id: asked.user.id,
        email: asked.user.email,
        account_id: asked.account.id,
        back: &back,
    })
}
