//! Security > Roles: which role holds which privilege.

pub mod reset;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::forms::Form;
use super::page::{Notice, Page};
use crate::app::App;
use crate::domain::permit::{ConfigureRoles, Permit};
use crate::domain::privilege::{AREAS, Privilege};
use crate::domain::role::{self, Grant, ROLES, Role, Roles};
use crate::error::Error;

#[derive(Template)]
#[template(path = "roles/show.html")]
struct Show<'a> {
    page: &'a Page,
    seen: String,
    roles: [Role; 4],
    areas: Vec<Area>,
}

struct Area {
    name: &'static str,
    rows: Vec<Row>,
}

struct Row {
    key: &'static str,
    words: &'static str,
    cells: Vec<Cell>,
}

struct Cell {
    role: Role,
    held: bool,
    fixed: bool,
    /// Held anyway, by the form that reaches the whole organization.
    included: bool,
}

/// The table, as sent: `seen` is what the page showed, `grant` each selected box as `role.privilege`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Update {
    seen: String,
    grant: Vec<String>,
}

impl Update {
    fn grants(&self) -> Result<Vec<Grant>, Error> {
        let wrong = Error::Malformed("A box of the table is not understood.");
        let grants: Option<Vec<Grant>> = self
            .grant
            .iter()
            .map(|text| {
                let (role, privilege) = text.split_once('.')?;
                Some((Role::from_key(role)?, Privilege::from_key(privilege)?))
            })
            .collect();
        // A disabled box is never sent, so what may not change is added here.
        let fixed = ROLES.into_iter().flat_map(|role| {
            let all = AREAS.iter().flat_map(|(_, privileges)| privileges.iter());
            all.filter(move |privilege| role.fixed(**privilege) == Some(true))
                .map(move |privilege| (role, *privilege))
        });
        Ok(grants.ok_or(wrong)?.into_iter().chain(fixed).collect())
    }
}

/// GET /security/roles
pub async fn show(page: Page, permit: Permit<ConfigureRoles>) -> Result<HttpResponse, Error> {
    let roles = permit.actor.roles;
    render(&page, roles, StatusCode::OK, |role, privilege| {
        roles.privileges(role).contains(privilege)
    })
}

/// POST /security/roles
pub async fn update(
    app: Data<App>,
    page: Page,
    permit: Permit<ConfigureRoles>,
    form: Form<Update>,
) -> Result<HttpResponse, Error> {
    let grants = form.0.grants()?;
    let seen = Roles::from_text(&form.0.seen)
        .ok_or(Error::Malformed("The table of the form is not understood."))?;
    let (present, wanted) = (permit.actor.roles, grants.clone());
    match app
        .write(move |tx| role::update(tx, &permit, seen, &grants))
        .await
    {
        Ok(()) => page.see_other("/security/roles", &Notice::done("The roles were updated.")),
        Err(Error::Changed(_)) => {
            let notice = Notice::refused("Nothing was changed.").rest(
                "The roles were changed by somebody else since you opened this page. \
                 Your choice is still here; press Update Roles again to keep it.",
            );
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&page.with(notice), present, status, |role, privilege| {
                wanted.contains(&(role, privilege))
            })
        }
        Err(error) => Err(error),
    }
}

fn render(
    page: &Page,
    seen: Roles,
    status: StatusCode,
    held: impl Fn(Role, Privilege) -> bool,
) -> Result<HttpResponse, Error> {
    let cells = |privilege: Privilege| {
        ROLES
            .into_iter()
            .map(|role| Cell {
                role,
                held: role
                    .fixed(privilege)
                    .unwrap_or_else(|| held(role, privilege)),
                fixed: role.fixed(privilege).is_some(),
                included: privilege
                    .included_in()
                    .is_some_and(|wider| held(role, wider)),
            })
            .collect()
    };
    let areas = AREAS
        .iter()
        .map(|(name, privileges)| Area {
            name,
            rows: privileges
                .iter()
                .map(|privilege| Row {
                    key: privilege.key(),
                    words: privilege.words(),
                    cells: cells(*privilege),
                })
                .collect(),
        })
        .collect();
    page.send(
        status,
        &Show {
            page,
            seen: seen.to_text(),
            roles: ROLES,
            areas,
        },
    )
}
