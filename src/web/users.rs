//! Adding and editing a user.

mod confirmation;
pub mod deletion;
pub mod export;
pub mod sessions;
pub mod two_factor;
pub mod unlock;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use serde::Deserialize;

use super::back;
use super::forms::{Form, Query};
use super::page::{Notice, Page};
use super::panel::{self, Panel};
use super::paths;
use super::profile::password::Checklist;
use crate::app::App;
use crate::domain::account;
use crate::domain::activity::{self, Line};
use crate::domain::lockout::until_unlocked;
use crate::domain::overview::{self, Overview};
use crate::domain::panel::PanelQuery;
use crate::domain::password_policy::Policy;
use crate::domain::permit::{AddUsers, EditUsers, Permit, Reach, ViewAccounts};
use crate::domain::role::Role;
use crate::domain::text::{capital, counted};
use crate::domain::user::{self, Added, EditUser, NewUser, User};
use crate::error::{Error, FieldErrors};

/// Events beside the form.
const EVENTS: usize = 10;

/// The two ids of a user's address.
#[derive(Clone, Copy, Deserialize)]
pub struct UserPath {
    /// The account.
    pub account: i64,
    /// The user in it.
    pub user: i64,
}

#[derive(Template)]
#[template(path = "users/new.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    errors: &'a FieldErrors,
    form: &'a NewUser,
    back: &'a str,
    checklist: Checklist,
    account_id: i64,
    account_name: &'a str,
    account_active: bool,
    account_default: bool,
    organization_name: &'a str,
    may_org_admin: bool,
    may_account_admin: bool,
    mail_off: bool,
}

/// GET /security/accounts/{account}/users/new
pub async fn new(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<AddUsers>,
    id: Path<i64>,
    panel: Query<PanelQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let back = back::from_referer(&request, id);
    let (form, errors) = (NewUser::default(), FieldErrors::default());
    let asked = (id, permit.reach, panel.0);
    render_new(&app, &page, viewing, asked, (&form, &errors, &back)).await
}

/// POST /security/accounts/{account}/users
pub async fn create(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<AddUsers>,
    id: Path<i64>,
    form: Form<NewUser>,
) -> Result<HttpResponse, Error> {
    let (id, reach) = (id.into_inner(), permit.reach);
    let mut form = form.0;
    // Users of the API only are added through the API.
    form.password.get_or_insert_default();
    let back = back::checked(&form.back, id);
    match add(&app, permit, id, form.clone()).await {
        Ok(Added { user, .. }) => {
            let or = if app.mailer.is_off() {
                ""
            } else {
                ", or let them use Forgot Password"
            };
            let notice = Notice::done(format!("{} was added.", user.full_name())).rest(format!(
                "No mail was sent: give {} the password{or}.",
                user.first_name
            ));
            page.see_other(&back, &notice)
        }
        Err(Error::Invalid(errors)) => {
            let asked = (id, reach, PanelQuery::default());
            render_new(&app, &page, viewing, asked, (&form, &errors, &back)).await
        }
        Err(error) => Err(error),
    }
}

async fn add(
    app: &App,
    permit: Permit<AddUsers>,
    account: i64,
    form: NewUser,
) -> Result<Added, Error> {
    let (accepted, permit, form) = app
        .read(move |db| Ok((form.check(db, &permit, account)?, permit, form)))
        .await?;
    let hash = match accepted {
        Some(accepted) => Some(app.hash(accepted).await?),
        None => None,
    };
    let keys = app.keys.clone();
    app.write(move |tx| user::add(tx, &keys, &permit, account, &form, hash.as_ref()))
        .await
}

async fn render_new(
    app: &App,
    page: &Page,
    viewing: Permit<ViewAccounts>,
    (id, reach, query): (i64, Reach, PanelQuery),
    (form, errors, back): (&NewUser, &FieldErrors, &str),
) -> Result<HttpResponse, Error> {
    let (keys, actor) = (app.keys.clone(), viewing.actor.clone());
    let (account, policy, panel) = app
        .read(move |db| {
            let account = account::find(db, reach, id)?;
            let policy = Policy::of_organization(db, account.organization_id)?;
            let path = format!("{}/users/new", paths::account(id));
            let panel = panel::read(db, &keys, &viewing, &query, Some(&account), &path)?;
            Ok((account, policy, panel))
        })
        .await?;
    page.send(
        status_of(errors),
        &New {
            page,
            panel,
            errors,
            form,
            back,
            checklist: Checklist::of_new_user(&policy),
            account_id: id,
            account_name: &account.name,
            account_active: account.active,
            account_default: account.is_default,
            organization_name: &actor.organization_name,
            may_org_admin: actor.may_give(Role::OrgAdmin),
            may_account_admin: actor.may_give(Role::AccountAdmin),
            mail_off: app.mailer.is_off(),
        },
    )
}

fn status_of(errors: &FieldErrors) -> StatusCode {
    if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// Whether and until when a user is locked.
enum Lock {
    None,
    Until(NaiveDateTime),
    UntilUnlocked,
}

impl Lock {
    fn of(user: &User, now: NaiveDateTime) -> Self {
        match user.locked_until {
            Some(until) if until == until_unlocked() => Self::UntilUnlocked,
            Some(until) if until > now => Self::Until(until),
            _ => Self::None,
        }
    }
}

/// A field that two people changed.
struct Difference {
    label: &'static str,
    yours: String,
    theirs: String,
}

#[derive(Template)]
#[template(path = "users/edit.html")]
struct Edit<'a> {
    page: &'a Page,
    panel: Panel,
    errors: &'a FieldErrors,
    conflict: Option<Vec<Difference>>,
    form: EditUser,
    back: &'a str,
    id: i64,
    name: String,
    account_id: i64,
    account_name: &'a str,
    account_default: bool,
    organization_name: &'a str,
    may_org_admin: bool,
    may_account_admin: bool,
    owns: Overview,
    last_login: Option<NaiveDateTime>,
    lock: Lock,
    second_factor: Option<NaiveDate>,
    created: NaiveDate,
    events: Vec<Line>,
}

/// What is shown again of a refused edit.
#[derive(Default)]
struct Refused {
    form: Option<EditUser>,
    errors: FieldErrors,
    conflict: bool,
}

/// GET /security/accounts/{account}/users/{user}/edit
pub async fn edit(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<EditUsers>,
    path: Path<UserPath>,
    panel: Query<PanelQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    if path.user == permit.actor.id {
        return page.see_other("/profile", &Notice::info(user::THIS_IS_YOU));
    }
    let back = back::from_referer(&request, path.account);
    let asked = (*path, permit.reach, panel.0);
    render_edit(&app, &page, viewing, asked, Refused::default(), &back).await
}

/// POST /security/accounts/{account}/users/{user}
pub async fn update(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<EditUsers>,
    path: Path<UserPath>,
    form: Form<EditUser>,
) -> Result<HttpResponse, Error> {
    let (path, reach) = (*path, permit.reach);
    if path.user == permit.actor.id {
        return Err(Error::Oneself(user::THIS_IS_YOU.to_owned()));
    }
    let form = form.0;
    let back = back::checked(&form.back, path.account);
    let changes = (&form).into();
    let outcome = app
        .write(move |tx| user::edit(tx, &permit, path.account, path.user, &changes))
        .await;
    let mut refused = Refused {
        form: Some(form),
        ..Refused::default()
    };
    match outcome {
        Ok(edited) => {
            let mut notice = Notice::done(format!("{} was saved.", edited.name));
            if let Some(stopped) = edited.stopped {
                let jobs = counted(stopped, "job was", "jobs were");
                notice = Notice::done(format!("{} was deactivated.", edited.name))
                    .rest(capital(&format!("{jobs} stopped.")));
            } else if edited.activated {
                notice = Notice::done(format!("{} was activated.", edited.name))
                    .rest("Earlier jobs do not come back.");
            }
            return page.see_other(&back, &notice);
        }
        Err(Error::Invalid(errors)) => refused.errors = errors,
        Err(Error::Changed(_)) => refused.conflict = true,
        Err(Error::Refused(sentence)) => refused.errors.add("active", sentence),
        Err(error) => return Err(error),
    }
    let asked = (path, reach, PanelQuery::default());
    render_edit(&app, &page, viewing, asked, refused, &back).await
}

async fn render_edit(
    app: &App,
    page: &Page,
    viewing: Permit<ViewAccounts>,
    (path, reach, query): (UserPath, Reach, PanelQuery),
    refused: Refused,
    back: &str,
) -> Result<HttpResponse, Error> {
    let (keys, now, actor) = (app.keys.clone(), app.clock.now(), viewing.actor.clone());
    let viewer = actor.clone();
    let (account, user, owns, events, panel) = app
        .read(move |db| {
            let account = account::find(db, reach, path.account)?;
            let user = user::find(db, reach, path.account, path.user)?;
            if !user::may_change(&viewer, user.id, user.held(&account)) {
                return Err(Error::Forbidden);
            }
            let owns = overview::of_user(db, &viewer, user.id, now)?;
            let events = activity::last_of_user(db, reach, user.id, EVENTS)?;
            let address = format!("{}/users/{}/edit", paths::account(account.id), user.id);
            let panel = panel::read(db, &keys, &viewing, &query, Some(&account), &address)?;
            Ok((account, user, owns, events, panel))
        })
        .await?;
    let status = if refused.conflict {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        status_of(&refused.errors)
    };
    let conflict = match &refused.form {
        Some(form) if refused.conflict => Some(differences(form, &user)),
        _ => None,
    };
    let mut form = refused.form.unwrap_or_else(|| EditUser::from(&user));
    if refused.conflict {
        form.version = user.version;
    }
    page.send(
        status,
        &Edit {
            page,
            panel,
            errors: &refused.errors,
            conflict,
            form,
            back,
            id: user.id,
            name: user.full_name(),
            account_id: account.id,
            account_name: &account.name,
            account_default: account.is_default,
            organization_name: &actor.organization_name,
            may_org_admin: actor.may_give(Role::OrgAdmin),
            may_account_admin: actor.may_give(Role::AccountAdmin),
            owns,
            last_login: user.last_login(),
            lock: Lock::of(&user, now),
            second_factor: user.totp_since.map(|at| at.date()),
            created: user.created_at.date(),
            events,
        },
    )
}

fn differences(form: &EditUser, user: &User) -> Vec<Difference> {
    let word = |yes: bool| if yes { "Yes" } else { "No" };
    [
        (
            "First Name",
            form.first_name.as_str(),
            user.first_name.as_str(),
        ),
        ("Last Name", &form.last_name, &user.last_name),
        ("Email", &form.email, &user.email),
        ("Org Admin", word(form.org_admin), word(user.org_admin)),
        (
            "Account Admin",
            word(form.account_admin),
            word(user.account_admin),
        ),
        ("Active", word(form.active), word(user.active)),
    ]
    .into_iter()
    .filter(|(_, yours, theirs)| yours != theirs)
    .map(|(label, yours, theirs)| Difference {
        label,
        yours: yours.to_owned(),
        theirs: theirs.to_owned(),
    })
    .collect()
}
