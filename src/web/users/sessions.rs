//! Ending all open sessions of a user.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::UserPath;
use crate::app::App;
use crate::domain::permit::{EditUsers, Permit};
use crate::domain::session;
use crate::domain::text::{capital, counted};
use crate::error::Error;
use crate::web::page::{Notice, Page};
use crate::web::paths;

/// POST /security/accounts/{account}/users/{user}/sessions/end
pub async fn destroy(
    app: Data<App>,
    page: Page,
    permit: Permit<EditUsers>,
    path: Path<UserPath>,
) -> Result<HttpResponse, Error> {
    let path = *path;
    let (name, ended) = app
        .write(move |tx| session::end_of_user(tx, &permit, path.account, path.user))
        .await?;
    let ended = i64::try_from(ended).unwrap_or(i64::MAX);
    let sessions = counted(ended, "session of", "sessions of");
    let were = if ended == 1 { "was" } else { "were" };
    let notice = Notice::done(capital(&format!("{sessions} {name} {were} ended.")));
    let edit = format!("{}/users/{}/edit", paths::account(path.account), path.user);
    page.see_other(&edit, &notice)
}
