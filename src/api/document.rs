//! The OpenAPI document: every call of the table, told by the types of its handler.

use std::sync::LazyLock;

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use utoipa::PartialSchema as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::link::LinkBuilder;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, Content, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref, RefOr,
    Required, Response, ResponseBuilder, Server,
};

use super::call::{Answers, Call, Description, header};
use super::errors::Refusal;
use super::json::JSON;
use super::{BASE, names, sections};
use crate::error::Error;

/// The name of the scheme of the two secrets.
const SECRETS: &str = "secrets";
/// The name of the scheme of the token.
const TOKEN: &str = "token";
/// The id of the request, in every answer.
const REQUEST_ID: &str = "Elements-Request-Id";

static TEXT: LazyLock<Result<String, String>> =
    LazyLock::new(|| whole().to_json().map_err(|error| error.to_string()));

/// The document, as it is sent.
pub struct Document(&'static str);

impl Responder for Document {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().content_type(JSON).body(self.0)
    }
}

impl Answers for Document {
    fn describe(description: &mut Description) {
        let object = ObjectBuilder::new().schema_type(Type::Object);
        description.answer = ResponseBuilder::new()
            .description("This document.")
            .content(JSON, Content::new(Some(object)))
            .build();
    }
}

/// GET /openapi.json. It is made once, and tells nothing of the installation.
///
/// # Errors
/// When the document cannot be put together.
pub async fn show() -> Result<Document, Error> {
    match &*TEXT {
        Ok(text) => Ok(Document(text)),
        Err(error) => Err(Error::internal(error)),
    }
}

/// The document.
#[must_use]
pub fn whole() -> OpenApi {
    let sections = sections();
    let mut components = components();
    let mut paths = Paths::new();
    let all: Vec<_> = sections.iter().flat_map(|section| &section.calls).collect();
    for section in &sections {
        for call in &section.calls {
            let schemas = call.description.schemas.iter().cloned();
            components.schemas.extend(schemas);
            let operation = operation(section.name, call, &all);
            let item = PathItem::new(method(call), operation);
            match paths.paths.get_mut(call.entry.path) {
                Some(known) => known.merge_operations(item),
                None => drop(paths.paths.insert(call.entry.path.to_owned(), item)),
            }
        }
    }
    let tags = sections.iter().map(|section| {
        TagBuilder::new()
            .name(section.name)
            .description(Some(section.about))
            .build()
    });
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Tenantry")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT))
                .build(),
        )
        .servers(Some([Server::new(BASE)]))
        .tags(Some(tags))
        .paths(paths)
        .components(Some(components))
        .build()
}

/// What there is to know before the first call.
const ABOUT: &str = "Accounts, users and their work, in JSON. Every success is 200. Every refusal has \
one shape of body, with a message that names what is wrong, and the id that is also in the header \
Elements-Request-Id. A key of a body that a call does not know is ignored, but in the password policy; a parameter that it does \
not know is refused. Lists are read a page at a time, by offset or with the token of the page before. No text \
holds a NUL character.\nFormats that the document names: line is one line of text that is not blank, text may be empty, lines may \
have line ends, ceql is the language of where, quartz a cron expression with seconds, date-or-time a day or a time with its zone, \
symbols are signs that are no letters, numbers or blanks, new-password is what the password policy accepts, and page-token \
what the page before answered.";

fn method(call: &Call) -> HttpMethod {
    match call.entry.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// `List accounts` is `listAccounts`; articles are left out.
fn id_of(call: &Call) -> String {
    let mut id = String::new();
    for word in call.description.summary.split([' ', '\u{2019}', '-']) {
        match word {
            "a" | "an" | "the" | "s" => {}
            _ if id.is_empty() => id.push_str(&word.to_lowercase()),
            _ => id.push_str(&crate::domain::text::capital(word)),
        }
    }
    id
}

fn operation(section: &str, call: &Call, all: &[&Call]) -> Operation {
    let it = &call.description;
    let mut operation = OperationBuilder::new()
        .tag(section)
        .operation_id(Some(id_of(call)))
        .summary(Some(it.summary))
        .description(it.about)
        .build();
    let mut parameters = it.parameters.clone();
    if it.identified {
        operation.security = Some(vec![
            SecurityRequirement::new(SECRETS, [""; 0]),
            SecurityRequirement::new(TOKEN, [""; 0]),
        ]);
    } else {
        operation.security = Some(Vec::new());
    }
    let repeatable = it.identified && call.entry.method == "POST";
    if repeatable {
        let key = ObjectBuilder::new().schema_type(Type::String);
        let key = key.pattern(Some("^[!-~]{1,255}$"));
        let about = "Makes a repetition harmless: within a day, the same call with the same key is \
                     answered as before, and not done again.";
        parameters.push(header("Idempotency-Key", about, key));
    }
    operation.parameters = Some(parameters.into_iter().map(RefOr::T).collect());
    operation.request_body = it.body.as_ref().map(|name| {
        RefOr::T(
            RequestBodyBuilder::new()
                .required(Some(Required::True))
                .content(JSON, Content::new(Some(Ref::from_schema_name(name))))
                .build(),
        )
    });
    let mut answer = it.answer.clone();
    answer
        .headers
        .insert(REQUEST_ID.into(), RefOr::Ref(header_ref("RequestId")));
    if repeatable {
        let name = "Idempotency-Replayed".to_owned();
        answer
            .headers
            .insert(name, RefOr::Ref(header_ref("Replayed")));
    }
    for (name, link) in links(call, all) {
        answer.links.insert(name, RefOr::T(link.build()));
    }
    let mut responses = operation.responses;
    responses.responses.insert("200".into(), RefOr::T(answer));
    for (status, reasons) in &it.refusals {
        let refusal = refusal(&reasons.join(" "));
        responses
            .responses
            .insert(status.to_string(), RefOr::T(refusal));
    }
    if it.identified && !it.refusals.contains_key(&401) {
        responses
            .responses
            .insert("401".into(), response_ref("Unknown"));
    }
    if repeatable {
        let conflict = responses.responses.entry("409".into());
        conflict.or_insert_with(|| response_ref("Repeated"));
    }
    for (status, name) in [("429", "TooMany"), ("500", "Fault"), ("503", "Busy")] {
        responses
            .responses
            .insert(status.into(), response_ref(name));
    }
    operation.responses = responses;
    operation
}

/// What can be done with what a POST has made: all that stands under its id.
fn links<'a>(
    call: &'a Call,
    all: &'a [&'a Call],
) -> impl Iterator<Item = (String, LinkBuilder)> + 'a {
    let made = call.entry.method == "POST" && call.description.body.is_some();
    let path = call.entry.path;
    let word = path.rsplit('/').next().unwrap_or_default();
    all.iter().filter_map(move |other| {
        let (parent, rest) = other.entry.path.split_once("/{").filter(|_| made)?;
        let under = other
            .entry
            .path
            .strip_prefix(path)
            .and_then(|rest| rest.strip_prefix("/{"));
        let rest = under.or((parent.strip_prefix('/') == Some(word)).then_some(rest))?;
        let name = rest.split('}').next()?;
        let mut link = LinkBuilder::new().operation_id(id_of(other));
        for inherited in names::of_path(other.entry.path) {
            if inherited == name {
                link = link.parameter(name, "$response.body#/id");
            } else if path.contains(&format!("{{{inherited}}}")) {
                link = link.parameter(inherited, format!("$request.path.{inherited}"));
            }
        }
        Some((id_of(other), link))
    })
}

fn header_ref(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

fn response_ref(name: &str) -> RefOr<Response> {
    RefOr::Ref(Ref::from_response_name(name))
}

fn refusal(reasons: &str) -> Response {
    let schema = Ref::from_schema_name("Refusal");
    ResponseBuilder::new()
        .description(reasons)
        .content(JSON, Content::new(Some(schema)))
        .header_ref(REQUEST_ID, header_ref("RequestId"))
        .build()
}

/// What every call has in common.
fn components() -> Components {
    let told = |pattern, about| {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let schema = schema.pattern(Some(pattern));
        HeaderBuilder::new()
            .schema(Some(schema))
            .description(Some(about))
            .build()
    };
    let later = |reasons| {
        let mut response = refusal(reasons);
        response
            .headers
            .insert("Retry-After".into(), RefOr::Ref(header_ref("RetryAfter")));
        RefOr::T(response)
    };
    let mut components = Components::new();
    components
        .schemas
        .insert("Refusal".into(), Refusal::schema());
    components.headers.extend([
        (
            "RequestId".into(),
            RefOr::T(told(
                "^[0-9a-f]{24}$",
                "The id of the request, in the server's log, too.",
            )),
        ),
        (
            "RetryAfter".into(),
            RefOr::T(told("^[0-9]+$", "Seconds after which to try again.")),
        ),
        (
            "Replayed".into(),
            RefOr::T(told("^true$", "There when this was answered before.")),
        ),
    ]);
    components.responses.extend([
        ("Unknown".into(), RefOr::T(refusal("No active user of an active account belongs to the credentials, or there are none."))),
        ("Repeated".into(), RefOr::T(refusal("The first call with this Idempotency-Key is under way, or was another."))),
        ("TooMany".into(), later("You have made too many calls.")),
        ("Fault".into(), RefOr::T(refusal("Something went wrong here. Nothing was changed."))),
        ("Busy".into(), later("The server is busy, or its database is away. Nothing was changed.")),
    ]);
    components.add_security_scheme(
        SECRETS,
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "Authorization",
            "The pair of secrets: `User <user secret>, Organization <organization secret>`.",
        ))),
    );
    components.add_security_scheme(
        TOKEN,
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(
                    "The token that POST /authentication answers, good for an hour.",
                ))
                .build(),
        ),
    );
    components
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::sections;

    #[test]
    fn no_two_schemas_share_a_name() {
        let mut known = BTreeMap::new();
        for call in sections().into_iter().flat_map(|section| section.calls) {
            for (name, schema) in call.description.schemas {
                let schema = serde_json::to_string(&schema).unwrap();
                let first = known.entry(name.clone()).or_insert_with(|| schema.clone());
                assert_eq!(*first, schema, "{name}");
            }
        }
    }
}
