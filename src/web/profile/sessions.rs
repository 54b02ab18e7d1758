//! Ending one of one's own sessions.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::app::App;
use crate::auth::permit::SignedIn;
use crate::domain::session;
use crate::error::Error;
use crate::web::page::{Notice, Page};

/// POST /profile/sessions/{session}/end
pub async fn destroy(
    app: Data<App>,
    page: Page,
    cookie: Session,
    SignedIn(actor): SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let (id, current) = (id.into_inner(), actor.session_id);
    app.write(move |tx| session::end_own(tx, &actor, id))
        .await?;
    if id == current {
        cookie.purge();
        return page.see_other("/login", &Notice::done("You are signed out."));
    }
    page.see_other("/profile", &Notice::done("The session was ended."))
}
