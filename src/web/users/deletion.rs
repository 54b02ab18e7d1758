//! Deleting a user, after a page that counts what goes and offers the milder way.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::UserPath;
use super::confirmation::{Asked, Asking, Confirmation};
use crate::app::App;
use crate::domain::activation::Change;
use crate::domain::overview::{self, Overview};
use crate::domain::permit::{DeleteUsers, EditUsers, Permit};
use crate::domain::text::{capital, counted};
use crate::domain::user;
use crate::error::Error;
use crate::web::accounts::{Viewing, refuse};
use crate::web::back;
use crate::web::forms::Form;
use crate::web::page::{Notice, Page};
use crate::web::panel::Panel;
use crate::web::paths;

#[derive(Template)]
#[template(path = "users/deletion.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    id: i64,
    name: String,
    email: String,
    account_id: i64,
    owns: Overview,
    back: &'a str,
    /// Where the milder way leads, when it is open.
    deactivation: Option<String>,
}

/// GET /security/accounts/{account}/users/{user}/deletion/new
pub async fn new(
    app: Data<App>,
    page: Page,
    asking: Asking<DeleteUsers>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (path, now, keys) = (*asking.2, app.clock.now(), app.keys.clone());
    let (asked, owns, may_deactivate) = app
        .read(move |db| {
            let asked = Asked::read(db, &keys, &asking, "deletion/new")?;
            let actor = &asking.1.actor;
            let owns = overview::of_user(db, actor, asked.user.id, now)?;
            let (organization, account) = (asked.account.organization_id, asked.account.id);
            let may_deactivate = actor
                .reach::<EditUsers>()
                .is_some_and(|edit| edit.covers(organization, account));
            Ok((asked, owns, may_deactivate))
        })
        .await?;
    let user = asked.user;
    let back = back::from_referer(&request, path.account);
    let deactivation = (user.active && may_deactivate).then(|| {
        let change = Change {
            user: user.id,
            version: user.version,
            active: false,
        };
        let address = format!("{}/activations/new", paths::account(path.account));
        paths::with_query(
            &address,
            &[("change", &change.to_string()), ("back", &back)],
        )
    });
    page.ok(&New {
        page: &page,
        panel: asked.panel,
        id: user.id,
        name: user.full_name(),
        email: user.email,
        account_id: path.account,
        owns,
        back: &back,
        deactivation,
    })
}

/// POST /security/accounts/{account}/users/{user}/deletion
pub async fn create(
    app: Data<App>,
    page: Page,
    permits: Viewing,
    permit: Permit<DeleteUsers>,
    path: Path<UserPath>,
    form: Form<Confirmation>,
) -> Result<HttpResponse, Error> {
    let path = *path;
    match app
        .write(move |tx| user::delete(tx, &permit, path.account, path.user))
        .await
    {
        Ok(deleted) => {
            let jobs = counted(deleted.jobs, "job", "jobs");
            let instances = counted(deleted.instances, "instance", "instances");
            let notice = Notice::done(format!("{} was deleted.", deleted.name))
                .rest(capital(&format!("{jobs} and {instances} went too.")));
            page.see_other(&back::checked(&form.0.back, path.account), &notice)
        }
        Err(Error::Refused(sentence) | Error::Oneself(sentence)) => {
            refuse(&app, page, permits, path.account, sentence).await
        }
        Err(error) => Err(error),
    }
}
