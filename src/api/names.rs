//! What the document tells of the names in braces that paths have, and of keys.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Required};

use crate::domain::role::{ROLES, Role};

/// Those of a path, in their order.
pub fn of_path(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// What stands for `name`.
pub fn parameter(name: &str) -> Parameter {
    let (about, schema) = match name {
        "user" => ("The id or email of a user.", text()),
        "role" => ("The key of a role.", role_key()),
        "account" => ("The id of an account.", id()),
        "organization" => ("The id of your own organization.", id()),
        "instance" => ("The id of an instance.", id()),
        "job" => ("The id of a job.", id()),
        _ => ("An id.", id()),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

fn id() -> RefOr<Schema> {
    let id = ObjectBuilder::new().schema_type(Type::Integer);
    let id = id.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
    Schema::from(id.minimum(Some(1))).into()
}

fn text() -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    Schema::from(text.min_length(Some(1)).max_length(Some(254))).into()
}

/// A role that can be named, by its key.
pub fn role_key() -> RefOr<Schema> {
    let keys = ObjectBuilder::new().schema_type(Type::String);
    Schema::from(keys.enum_values(Some(ROLES.map(Role::key)))).into()
}

/// The schema of an object, with these keys required, and none of them null.
pub fn required(schema: RefOr<Schema>, keys: &[&str]) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = schema else {
        return schema;
    };
    for key in keys {
        object.required.push((*key).to_owned());
        if let Some(RefOr::T(Schema::Object(property))) = object.properties.get_mut(*key) {
            property.schema_type = SchemaType::Type(Type::String);
        }
    }
    RefOr::T(Schema::Object(object))
}
