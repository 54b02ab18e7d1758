//! The Accounts tab: an account's card and its users.

pub mod activation;
pub mod deactivation;
pub mod deletion;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use serde::Deserialize;

use super::forms::{Form, Query};
use super::page::{Notice, Page, see_other};
use super::panel::{self, Panel};
use super::paths;
use crate::app::App;
use crate::domain::account::{self, Account, EditAccount};
use crate::domain::actor::Actor;
use crate::domain::listing::{self, ListQuery, Listing, SORTS, Total};
use crate::domain::lockout::holds;
use crate::domain::panel::PanelQuery;
use crate::domain::permit::{
    AddAccounts, AddUsers, DeleteAccounts, DeleteUsers, EditAccounts, EditUsers, Permit, Reach,
    ViewAccounts, ViewUsers,
};
use crate::domain::role::{Held, Role};
use crate::domain::text::thousands;
use crate::domain::user::{may_change, never};
use crate::error::{Error, FieldErrors};

#[derive(Template)]
#[template(path = "accounts/show.html")]
struct Show<'a> {
    page: &'a Page,
    panel: Panel,
    account: Card<'a>,
    users: Option<Users>,
}

struct Card<'a> {
    /// The roles that everybody in it holds through it, in words.
    held: &'static str,
    id: i64,
    version: i64,
    name: String,
    /// The name in the form, as typed.
    typed_name: String,
    description: String,
    created: NaiveDate,
    active: bool,
    default: bool,
    may_edit: bool,
    may_delete: bool,
    errors: &'a FieldErrors,
}

struct Users {
    any: bool,
    rows: Vec<Row>,
    heads: Vec<Head>,
    filter: ListQuery,
    /// The state of list and panel, to come back to.
    state: String,
    total: String,
    export: String,
    previous: Option<String>,
    next: Option<String>,
    may_add: bool,
    may_edit: bool,
    may_delete: bool,
}

struct Head {
    key: &'static str,
    label: &'static str,
    href: String,
    /// The direction, on the sorted column.
    sorted: Option<bool>,
}

struct Row {
    user: listing::Row,
    you: bool,
    may_change: bool,
    locked: bool,
}

impl Row {
    fn last_login(&self) -> Option<NaiveDate> {
        let at = self.user.last_login_at;
        (at != never()).then(|| at.date())
    }
}

/// What the page is asked for, and what it has to say.
pub struct Request {
    account: i64,
    list: ListQuery,
    panel: PanelQuery,
    /// The card as typed, when it was refused.
    typed: Option<EditAccount>,
    errors: FieldErrors,
    status: StatusCode,
}

impl Request {
    /// The page of an account in a state of its list and panel.
    #[must_use]
    pub fn new(account: i64, list: ListQuery, panel: PanelQuery) -> Self {
        Self {
            account,
            list,
            panel,
            typed: None,
            errors: FieldErrors::default(),
            status: StatusCode::OK,
        }
    }

    /// The same page with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// The two permits that the tab needs.
pub type Viewing = (Permit<ViewAccounts>, Permit<ViewUsers>);

/// GET /security/accounts
pub async fn index(app: Data<App>, (_, users): Viewing) -> Result<HttpResponse, Error> {
    let id = match users.reach {
        Reach::Account { account, .. } => account,
        Reach::Organization(organization) => {
            app.read(move |db| account::default_id(db, organization))
                .await?
        }
    };
    Ok(see_other(&paths::account(id)))
}

/// GET /security/accounts/{account}
pub async fn show(
    app: Data<App>,
    page: Page,
    permits: Viewing,
    id: Path<i64>,
    list: Query<ListQuery>,
    panel: Query<PanelQuery>,
) -> Result<HttpResponse, Error> {
    let request = Request::new(id.into_inner(), list.0, panel.0);
    render(&app, &page, permits, request).await
}

/// POST /security/accounts/{account}
pub async fn update(
    app: Data<App>,
    page: Page,
    permits: Viewing,
    permit: Permit<EditAccounts>,
    id: Path<i64>,
    form: Form<EditAccount>,
) -> Result<HttpResponse, Error> {
    let (id, typed) = (id.into_inner(), form.0);
    let input = typed.clone();
    let outcome = app
        .write(move |tx| {
            let account = account::update(tx, &permit, id, &(&input).into())?;
            // The default account's switch is disabled, so it is not sent.
            let reactivated = input.active && !account.active;
            if reactivated {
                account::activate(tx, &permit, id)?;
            }
            Ok((account, reactivated))
        })
        .await;
    let mut request = Request::new(id, ListQuery::default(), PanelQuery::default());
    request.status = StatusCode::UNPROCESSABLE_ENTITY;
    match outcome {
        Ok((account, _)) if account.active && !account.is_default && !typed.active => {
            let path = format!("{}/deactivation/new", paths::account(id));
            Ok(see_other(&path))
        }
        Ok((account, reactivated)) => {
            let deed = if reactivated { "activated" } else { "updated" };
            let notice = Notice::done(format!("{} was {deed}.", account.name));
            page.see_other(&paths::account(id), &notice)
        }
        Err(Error::Invalid(errors)) => {
            request.typed = Some(typed);
            request.errors = errors;
            render(&app, &page, permits, request).await
        }
        Err(Error::Changed(name)) => {
            let notice = Notice::refused("Nothing was changed.").rest(format!(
                "{name} was changed by somebody else since you opened this page. \
                 What you typed is still here; press Update Account again to keep it."
            ));
            request.typed = Some(typed);
            render(&app, &page.with(notice), permits, request).await
        }
        Err(error) => Err(error),
    }
}

/// Shows the page again with why a deed was refused, and status 422.
pub async fn refuse(
    app: &App,
    page: Page,
    permits: Viewing,
    id: i64,
    sentence: String,
) -> Result<HttpResponse, Error> {
    let request = Request::new(id, ListQuery::default(), PanelQuery::default())
        .with_status(StatusCode::UNPROCESSABLE_ENTITY);
    render(app, &page.with(Notice::refused(sentence)), permits, request).await
}

/// Reads and sends the page.
pub async fn render(
    app: &App,
    page: &Page,
    (accounts, users): Viewing,
    request: Request,
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let Request {
        account: id,
        list,
        panel: panel_query,
        typed,
        errors,
        status,
    } = request;
    let listing = list.parse(&keys, id, app.clock.now())?;
    let state = (list.clone(), panel_query.clone());
    let (account, panel, found, listing) = app
        .read(move |db| {
            let account = account::find(db, accounts.reach, id)?;
            let panel = panel::read(
                db,
                &keys,
                &accounts,
                &panel_query,
                Some(&account),
                &paths::account(id),
            )?;
            // Who sees every account may see the users of only one of them.
            let seen = users.reach.covers(account.organization_id, id);
            let found = seen
                .then(|| listing.page(db, &keys, account.user_count))
                .transpose()?;
            Ok((account, panel, found, listing))
        })
        .await?;
    // Everybody on a later page has gone: nobody is left to show there.
    if found.as_ref().is_some_and(|found| found.rows.is_empty()) && !listing.is_first() {
        let first = ListQuery {
            after: String::new(),
            before: String::new(),
            ..state.0
        };
        let path = paths::list(id, &first, &state.1);
        return match &page.notice {
            Some(notice) => page.see_other(&path, notice),
            None => Ok(see_other(&path)),
        };
    }
    let Some(viewer) = &page.viewer else {
        return Err(Error::SignedOut);
    };
    let users =
        found.map(|found| users_card(viewer, &account, &listing, found, (state, app.clock.now())));
    let card = card(viewer, account, typed, &errors);
    page.send(
        status,
        &Show {
            page,
            panel,
            account: card,
            users,
        },
    )
}

fn card<'a>(
    viewer: &Actor,
    account: Account,
    typed: Option<EditAccount>,
    errors: &'a FieldErrors,
) -> Card<'a> {
    let (name, held) = (account.name.clone(), words_for(account.held()));
    let (typed_name, description, active) = match typed {
        Some(typed) => (
            typed.name,
            typed.description,
            typed.active || account.is_default,
        ),
        None => (account.name, account.description, account.active),
    };
    Card {
        held,
        id: account.id,
        version: account.version,
        name,
        typed_name,
        description,
        created: account.created_at.date(),
        active,
        default: account.is_default,
        may_edit: viewer.may::<EditAccounts>(),
        may_delete: viewer.may::<DeleteAccounts>(),
        errors,
    }
}

/// The administrator roles that an account holds as a whole, in words; empty when there are none.
fn words_for(held: Held) -> &'static str {
    match (held.holds(Role::OrgAdmin), held.holds(Role::AccountAdmin)) {
        (true, true) => "Org Admin and Account Admin",
        (true, false) => "Org Admin",
        (false, true) => "Account Admin",
        (false, false) => "",
    }
}

fn users_card(
    viewer: &Actor,
    account: &Account,
    listing: &Listing,
    found: listing::Page,
    ((filter, panel), now): ((ListQuery, PanelQuery), NaiveDateTime),
) -> Users {
    let at = |sort: &str, dir: &str, after: &str, before: &str| {
        let state = ListQuery {
            sort: sort.to_owned(),
            dir: dir.to_owned(),
            after: after.to_owned(),
            before: before.to_owned(),
            ..filter.clone()
        };
        paths::list(account.id, &state, &panel)
    };
    let heads = SORTS
        .into_iter()
        .map(|sort| {
            let sorted = (sort == listing.sort).then_some(listing.descending);
            let dir = if sorted == Some(false) { "desc" } else { "" };
            Head {
                key: sort.key(),
                label: sort.label(),
                href: at(sort.key(), dir, "", ""),
                sorted,
            }
        })
        .collect();
    let here = |reach: Reach| reach.covers(account.organization_id, account.id);
    let shown = found.rows.len();
    let all = match found.total {
        Total::Exactly(all) => thousands(all),
        Total::MoreThan(many) => format!("more than {}", thousands(many)),
    };
    Users {
        any: shown > 0 || listing.is_filtered() || !listing.is_first(),
        heads,
        state: paths::list(account.id, &filter, &panel),
        total: format!("{shown} of {all}"),
        export: paths::users_export(account.id, &filter),
        previous: found
            .previous
            .map(|token| at(&filter.sort, &filter.dir, "", &token)),
        next: found
            .next
            .map(|token| at(&filter.sort, &filter.dir, &token, "")),
        may_add: viewer.reach::<AddUsers>().is_some_and(here),
        may_edit: viewer.reach::<EditUsers>().is_some_and(here),
        may_delete: viewer.reach::<DeleteUsers>().is_some_and(here),
        rows: found
            .rows
            .into_iter()
            .map(|user| Row {
                you: user.id == viewer.id,
                locked: holds(user.locked_until, now),
                may_change: may_change(
                    viewer,
                    user.id,
                    user.own_roles(account).and(account.held()),
                ),
                user,
            })
            .collect(),
        filter,
    }
}

#[derive(Template)]
#[template(path = "accounts/new.html")]
struct New<'a> {
    page: &'a Page,
    panel: Panel,
    errors: &'a FieldErrors,
    typed: &'a str,
}

/// The form Create Account, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewAccount {
    name: String,
}

/// GET /security/accounts/new
pub async fn new(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    _: Permit<AddAccounts>,
    panel: Query<PanelQuery>,
) -> Result<HttpResponse, Error> {
    let (name, errors) = (String::new(), FieldErrors::default());
    render_new(&app, &page, viewing, panel.0, (&name, &errors)).await
}

/// POST /security/accounts
pub async fn create(
    app: Data<App>,
    page: Page,
    viewing: Permit<ViewAccounts>,
    permit: Permit<AddAccounts>,
    form: Form<NewAccount>,
) -> Result<HttpResponse, Error> {
    let typed = form.0.name;
    let input = account::NewAccount {
        name: typed.clone(),
        ..account::NewAccount::default()
    };
    match app.write(move |tx| account::add(tx, &permit, &input)).await {
        Ok(account) => {
            let notice = Notice::done(format!("{} was created.", account.name));
            page.see_other(&paths::account(account.id), &notice)
        }
        Err(Error::Invalid(errors)) => {
            let refused = (typed.as_str(), &errors);
            render_new(&app, &page, viewing, PanelQuery::default(), refused).await
        }
        Err(error) => Err(error),
    }
}

async fn render_new(
    app: &App,
    page: &Page,
    viewing: Permit<ViewAccounts>,
    query: PanelQuery,
    (typed, errors): (&str, &FieldErrors),
) -> Result<HttpResponse, Error> {
    let keys = app.keys.clone();
    let panel = app
        .read(move |db| panel::read(db, &keys, &viewing, &query, None, "/security/accounts/new"))
        .await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.send(
        status,
        &New {
            page,
            panel,
            errors,
            typed,
        },
    )
}
