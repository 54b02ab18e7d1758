//! What the page shows of the document, in its order.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::{
    Components, Content, Header, OpenApi, PathItem, Ref, RefOr, Response, Schema,
};

use super::schemas::{Field, Schemas, name_of};

/// All of it.
pub struct Contents {
    /// Where the API stands.
    pub base: String,
    /// What there is to know before the first call.
    pub about: String,
    /// Calls that belong together.
    pub sections: Vec<Section>,
    /// What most calls may answer.
    pub common: Vec<Answer>,
    /// What is answered.
    pub shapes: Vec<Shape>,
}

/// Calls that belong together.
pub struct Section {
    /// Its anchor.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its calls are about.
    pub about: String,
    /// They.
    pub calls: Vec<Call>,
}

/// A call.
pub struct Call {
    /// Its id in the document, and its anchor.
    pub id: String,
    /// GET, POST and so on.
    pub method: &'static str,
    /// Its path, with names in braces.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// What else there is to know; may be empty.
    pub about: String,
    /// Whether it needs credentials.
    pub identified: bool,
    /// What stands in its address and headers.
    pub parameters: Vec<Field>,
    /// What it is sent.
    pub body: Option<Body>,
    /// What it answers.
    pub answers: Vec<Answer>,
    /// The statuses of what it may answer as most calls may.
    pub common: Vec<String>,
}

impl Call {
    /// Its path as an example: what stands for a name is to be replaced.
    pub fn example(&self) -> String {
        self.path.replace('{', "<").replace('}', ">")
    }
}

/// What a call is sent.
pub struct Body {
    /// What it is; may be empty.
    pub about: String,
    /// Its keys.
    pub fields: Vec<Field>,
    /// One that has what is needed.
    pub example: String,
}

/// An answer.
pub struct Answer {
    /// Its status.
    pub status: String,
    /// What it means.
    pub about: String,
    /// Headers that not every answer has, with what they tell.
    pub headers: Vec<(String, String)>,
    /// What its body is, and whether it is a list of them.
    pub shape: Option<(String, bool)>,
}

/// What is answered.
pub struct Shape {
    /// Its name in the document, and its anchor.
    pub name: String,
    /// What it is; may be empty.
    pub about: String,
    /// Its keys.
    pub fields: Vec<Field>,
}

/// The header of every answer, of which the document tells at its beginning.
const REQUEST_ID: &str = "Elements-Request-Id";

impl Contents {
    /// Reads the document.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let nothing = Components::new();
        let components = document.components.as_ref().unwrap_or(&nothing);
        let reader = Reader {
            components,
            schemas: Schemas(&components.schemas),
        };
        let tags = document.tags.iter().flatten();
        let sections = tags.map(|tag| Section {
            id: tag.name.to_lowercase().replace(' ', "-"),
            name: tag.name.clone(),
            about: tag.description.clone().unwrap_or_default(),
            calls: operations(document)
                .filter(|(.., it)| it.tags.iter().flatten().any(|name| *name == tag.name))
                .map(|(method, path, it)| reader.call(method, path, it))
                .collect(),
        });
        let servers = document.servers.iter().flatten();
        let names = components.schemas.keys();
        let answered: Vec<_> = operations(document)
            .flat_map(|(.., it)| &it.responses.responses)
            .filter_map(|(status, response)| reader.answer(status, response)?.shape)
            .collect();
        Self {
            base: servers.map(|server| server.url.as_str()).collect(),
            about: document.info.description.clone().unwrap_or_default(),
            sections: sections.collect(),
            common: reader.common(document),
            shapes: names
                .filter(|name| answered.iter().any(|(it, _)| it == *name))
                .map(|name| {
                    let schema = Ref::from_schema_name(name).into();
                    Shape {
                        name: name.clone(),
                        about: reader.schemas.about(&schema),
                        fields: reader.schemas.fields(&schema),
                    }
                })
                .collect(),
        }
    }
}

/// Every operation of the document, with its method and path.
fn operations(document: &OpenApi) -> impl Iterator<Item = (&'static str, &str, &Operation)> {
    let paths = document.paths.paths.iter();
    paths.flat_map(|(path, item)| {
        by_method(item).map(move |(method, it)| (method, path.as_str(), it))
    })
}

fn by_method(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PATCH", &item.patch),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, it)| Some((method, it.as_ref()?)))
}

fn body(content: &RefOr<Content>) -> Option<&RefOr<Schema>> {
    match content {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    }
}

/// Reads parts of the document, and what they name elsewhere in it.
struct Reader<'a> {
    components: &'a Components,
    schemas: Schemas<'a>,
}

impl Reader<'_> {
    fn call(&self, method: &'static str, path: &str, it: &Operation) -> Call {
        let sent = match &it.request_body {
            Some(RefOr::T(sent)) => sent.content.values().find_map(body),
            _ => None,
        };
        let parameters = it.parameters.iter().flatten();
        let answers = it.responses.responses.iter();
        let (own, common): (Vec<_>, Vec<_>) =
            answers.partition(|(_, response)| matches!(response, RefOr::T(_)));
        Call {
            id: it.operation_id.clone().unwrap_or_default(),
            method,
            path: path.to_owned(),
            summary: it.summary.clone().unwrap_or_default(),
            about: it.description.clone().unwrap_or_default(),
            identified: it.security.iter().flatten().next().is_some(),
            parameters: parameters
                .filter_map(|it| self.schemas.parameter(it))
                .collect(),
            body: sent.map(|schema| Body {
                about: self.schemas.about(schema),
                fields: self.schemas.fields(schema),
                example: self.schemas.example(schema, ""),
            }),
            answers: own
                .into_iter()
                .filter_map(|(status, response)| self.answer(status, response))
                .collect(),
            common: common
                .into_iter()
                .map(|(status, _)| status.clone())
                .collect(),
        }
    }

    /// What calls answer that is told once for all of them.
    fn common(&self, document: &OpenApi) -> Vec<Answer> {
        let answers = operations(document).flat_map(|(.., it)| &it.responses.responses);
        let common: BTreeMap<_, _> = answers
            .filter(|(_, response)| matches!(response, RefOr::Ref(_)))
            .collect();
        common
            .into_iter()
            .filter_map(|(status, response)| self.answer(status, response))
            .collect()
    }

    fn answer(&self, status: &str, response: &RefOr<Response>) -> Option<Answer> {
        let response = match response {
            RefOr::T(response) => response,
            RefOr::Ref(it) => match self.components.responses.get(name_of(it))? {
                RefOr::T(response) => response,
                RefOr::Ref(_) => return None,
            },
        };
        let body = response.content.values().find_map(body);
        let headers = response.headers.iter();
        Some(Answer {
            status: status.to_owned(),
            about: response.description.clone(),
            headers: headers
                .filter(|(name, _)| *name != REQUEST_ID)
                .map(|(name, header)| (name.clone(), self.told(header)))
                .collect(),
            shape: body.and_then(|schema| self.schemas.shape(schema)),
        })
    }

    /// What a header tells.
    fn told(&self, header: &RefOr<Header>) -> String {
        let header = match header {
            RefOr::T(header) => Some(header),
            RefOr::Ref(it) => match self.components.headers.get(name_of(it)) {
                Some(RefOr::T(header)) => Some(header),
                _ => None,
            },
        };
        header
            .and_then(|header| header.description.clone())
            .unwrap_or_default()
    }
}
