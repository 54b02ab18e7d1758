//! A call of the API as its table holds it: its route, and what the document tells of it. What a call takes and what it
//! answers is written nowhere beside it: the types of its handler say so.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use actix_web::{FromRequest, Handler, HttpRequest, Responder};
use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{Ref, RefOr, Required, Response, Schema};

use super::names;
use crate::auth::permit::SignedIn;
use crate::domain::permit::{Deed, Permit};
use crate::domain::privilege::Privilege;
use crate::error::Error;
use crate::routes::{self, Entry};

/// One call.
pub struct Call {
    /// Its route.
    pub entry: Entry,
    /// What the document tells of it.
    pub description: Description,
}

/// Calls that belong together.
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// What its calls are about.
    pub about: &'static str,
    /// They.
    pub calls: Vec<Call>,
}

/// What the document tells of a call.
#[derive(Default)]
pub struct Description {
    /// What it does, in a few words. The id of the operation is made of them.
    pub summary: &'static str,
    /// What else there is to know.
    pub about: Option<&'static str>,
    /// What stands in its address and headers.
    pub parameters: Vec<Parameter>,
    /// The name of the schema of its body.
    pub body: Option<String>,
    /// Its success.
    pub answer: Response,
    /// Whether it needs credentials.
    pub identified: bool,
    /// Why it is refused, by status.
    pub refusals: BTreeMap<u16, Vec<String>>,
    /// The schemas that it names.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Description {
    /// Notes one more reason for a status.
    pub fn refuse(&mut self, status: u16, reason: impl Into<String>) {
        self.refusals.entry(status).or_default().push(reason.into());
    }

    /// Notes the schema of `T`, and everything that it names.
    pub fn schema<T: ToSchema>(&mut self) -> Ref {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(name)
    }
}

/// Something that a handler takes, and what that asks of a call.
pub trait Takes {
    /// Tells it.
    fn describe(description: &mut Description);
}

/// Something that a handler answers with 200.
pub trait Answers: Responder {
    /// Tells it.
    fn describe(description: &mut Description);
}

impl Call {
    fn new<Args: Takes, T: Answers>(entry: Entry, summary: &'static str) -> Self {
        let mut description = Description {
            summary,
            ..Description::default()
        };
        for name in names::of_path(entry.path) {
            description.parameters.push(names::parameter(name));
        }
        description.refuse(
            400,
            "Something in the call is not understood; the message names it.",
        );
        Args::describe(&mut description);
        T::describe(&mut description);
        Self { entry, description }
    }

    /// What else there is to know.
    pub fn about(mut self, about: &'static str) -> Self {
        self.description.about = Some(about);
        self
    }

    /// Another reason for a refusal.
    pub fn refused(mut self, status: u16, reason: &'static str) -> Self {
        self.description.refuse(status, reason);
        self
    }
}

/// GET, and HEAD with it.
pub fn get<F, Args, T>(path: &'static str, summary: &'static str, handler: F) -> Call
where
    F: Handler<Args, Output = Result<T, Error>>,
    Args: FromRequest + Takes + 'static,
    T: Answers + 'static,
{
    Call::new::<Args, T>(routes::get(path, handler), summary)
}

/// POST.
pub fn post<F, Args, T>(path: &'static str, summary: &'static str, handler: F) -> Call
where
    F: Handler<Args, Output = Result<T, Error>>,
    Args: FromRequest + Takes + 'static,
    T: Answers + 'static,
{
    Call::new::<Args, T>(routes::post(path, handler), summary)
}

/// PUT.
pub fn put<F, Args, T>(path: &'static str, summary: &'static str, handler: F) -> Call
where
    F: Handler<Args, Output = Result<T, Error>>,
    Args: FromRequest + Takes + 'static,
    T: Answers + 'static,
{
    Call::new::<Args, T>(routes::put(path, handler), summary)
}

/// PATCH.
pub fn patch<F, Args, T>(path: &'static str, summary: &'static str, handler: F) -> Call
where
    F: Handler<Args, Output = Result<T, Error>>,
    Args: FromRequest + Takes + 'static,
    T: Answers + 'static,
{
    Call::new::<Args, T>(routes::patch(path, handler), summary)
}

/// DELETE.
pub fn delete<F, Args, T>(path: &'static str, summary: &'static str, handler: F) -> Call
where
    F: Handler<Args, Output = Result<T, Error>>,
    Args: FromRequest + Takes + 'static,
    T: Answers + 'static,
{
    Call::new::<Args, T>(routes::delete(path, handler), summary)
}

/// Ours, not the caller's.
impl<T> Takes for Data<T> {
    fn describe(_: &mut Description) {}
}

/// Where a call comes from, which its address and headers do not show.
impl Takes for HttpRequest {
    fn describe(_: &mut Description) {}
}

/// The names in the path are told by [`names`].
impl<T> Takes for Path<T> {
    fn describe(description: &mut Description) {
        description.refuse(404, "It is not there, or out of your reach.");
    }
}

impl Takes for SignedIn {
    fn describe(description: &mut Description) {
        description.identified = true;
    }
}

impl<D: Deed> Takes for Permit<D> {
    fn describe(description: &mut Description) {
        description.identified = true;
        let organization = D::ORGANIZATION.key();
        let admin = if D::ORG_ADMIN {
            " and be an organization administrator"
        } else {
            ""
        };
        description.refuse(
            403,
            match D::ACCOUNT.map(Privilege::key) {
                Some(account) => format!(
                    "You need the privilege {organization}, or {account} for your own account{admin}."
                ),
                None => format!("You need the privilege {organization}{admin}."),
            },
        );
    }
}

impl Takes for () {
    fn describe(_: &mut Description) {}
}

impl<A: Takes> Takes for (A,) {
    fn describe(description: &mut Description) {
        A::describe(description);
    }
}

impl<A: Takes, B: Takes> Takes for (A, B) {
    fn describe(description: &mut Description) {
        A::describe(description);
        B::describe(description);
    }
}

impl<A: Takes, B: Takes, C: Takes> Takes for (A, B, C) {
    fn describe(description: &mut Description) {
        <(A, B)>::describe(description);
        C::describe(description);
    }
}

impl<A: Takes, B: Takes, C: Takes, D: Takes> Takes for (A, B, C, D) {
    fn describe(description: &mut Description) {
        <(A, B, C)>::describe(description);
        D::describe(description);
    }
}

impl<A: Takes, B: Takes, C: Takes, D: Takes, E: Takes> Takes for (A, B, C, D, E) {
    fn describe(description: &mut Description) {
        <(A, B, C, D)>::describe(description);
        E::describe(description);
    }
}

/// A header that a call may have.
pub fn header(name: &str, about: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}
