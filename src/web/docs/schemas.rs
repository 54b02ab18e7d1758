//! The schemas of the document in words: what a body holds, key by key, and an example of it.

use std::collections::BTreeMap;

use utoipa::Number;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{
    Array, ArrayItems, KnownFormat, Object, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Required, Schema};

/// Something with a name that is sent or answered.
pub struct Field {
    /// Its name; of what stands further in, with those that it stands in.
    pub name: String,
    /// What it holds, in words.
    pub kind: String,
    /// Whether it is always there.
    pub required: bool,
    /// What it means; may be empty.
    pub about: String,
}

/// The schemas of the document by name.
pub struct Schemas<'a>(pub &'a BTreeMap<String, RefOr<Schema>>);

/// The last word of a reference.
pub fn name_of(it: &Ref) -> &str {
    it.ref_location.rsplit('/').next().unwrap_or_default()
}

impl<'a> Schemas<'a> {
    /// The schema itself, wherever it stands, and whether null may stand in its place.
    fn find(&self, it: &'a RefOr<Schema>) -> Option<(&'a Schema, bool)> {
        match it {
            RefOr::Ref(it) => self.find(self.0.get(name_of(it))?),
            RefOr::T(Schema::OneOf(choice)) => {
                let mut items = choice.items.iter().filter_map(|it| self.find(it));
                let (schema, _) = items.find(|(schema, _)| !is_null(schema))?;
                Some((schema, true))
            }
            RefOr::T(schema) => Some((schema, types(schema).contains(&Type::Null))),
        }
    }

    /// What a schema says of itself.
    pub fn about(&self, it: &'a RefOr<Schema>) -> String {
        let about = match self.find(it) {
            Some((Schema::Object(object), _)) => object.description.clone(),
            Some((Schema::Array(array), _)) => array.description.clone(),
            _ => None,
        };
        about.unwrap_or_default()
    }

    /// The schema that a body is named by, and whether the body is a list of it.
    pub fn shape(&self, it: &'a RefOr<Schema>) -> Option<(String, bool)> {
        match (it, self.find(it)?.0) {
            (_, Schema::Array(array)) => Some((self.shape(items(array)?)?.0, true)),
            (RefOr::Ref(it), _) => Some((name_of(it).to_owned(), false)),
            _ => None,
        }
    }

    /// A parameter.
    pub fn parameter(&self, it: &'a RefOr<Parameter>) -> Option<Field> {
        let RefOr::T(it) = it else {
            return None;
        };
        let place = match it.parameter_in {
            ParameterIn::Path => "in the path",
            ParameterIn::Header => "header",
            _ => "in the query",
        };
        let kind = self.kind(it.schema.as_ref()?, true);
        Some(Field {
            name: it.name.clone(),
            kind: format!("{place}, {kind}"),
            required: it.required == Required::True,
            about: it.description.clone().unwrap_or_default(),
        })
    }

    /// The keys of an object, or of the objects of a list, and of what stands in them.
    pub fn fields(&self, it: &'a RefOr<Schema>) -> Vec<Field> {
        let mut fields = Vec::new();
        self.add_fields(it, "", &mut fields);
        fields
    }

    fn add_fields(&self, it: &'a RefOr<Schema>, place: &str, fields: &mut Vec<Field>) {
        match self.find(it) {
            Some((Schema::Object(object), _)) => {
                let dot = if place.is_empty() { "" } else { "." };
                for (key, inner) in &object.properties {
                    let (name, required) =
                        (format!("{place}{dot}{key}"), object.required.contains(key));
                    fields.push(Field {
                        kind: self.kind(inner, !required),
                        about: self.about(inner),
                        required,
                        name: name.clone(),
                    });
                    self.add_fields(inner, &name, fields);
                }
            }
            Some((Schema::Array(array), _)) => {
                if let Some(inner) = items(array) {
                    self.add_fields(inner, &format!("{place}[]"), fields);
                }
            }
            _ => {}
        }
    }

    /// What a schema holds, in words. That null may stand there goes without saying where nothing may stand there, too.
    fn kind(&self, it: &'a RefOr<Schema>, optional: bool) -> String {
        let Some((schema, nullable)) = self.find(it) else {
            return "anything".to_owned();
        };
        let kind = match schema {
            Schema::Array(array) => match items(array).map(|it| self.kind(it, true)) {
                Some(inner) if inner != "object" => format!("list, each {inner}"),
                _ => "list of objects".to_owned(),
            },
            Schema::Object(object) => of_object(object),
            _ => "anything".to_owned(),
        };
        if nullable && !optional {
            kind + ", or null"
        } else {
            kind
        }
    }

    /// An example of what a body has to hold, in JSON; of one that has to hold nothing, its first key. What stands in
    /// angle brackets is to be replaced.
    pub fn example(&self, it: &'a RefOr<Schema>, key: &str) -> String {
        match self.find(it) {
            Some((Schema::Array(array), _)) => {
                let inner = items(array).map(|it| self.example(it, key));
                format!("[{}]", inner.unwrap_or_default())
            }
            Some((Schema::Object(object), _)) if !object.properties.is_empty() => {
                let all = object.properties.iter().map(|(key, inner)| {
                    let pair = format!("\"{key}\": {}", self.example(inner, key));
                    (object.required.contains(key), pair)
                });
                let (needed, other): (Vec<_>, Vec<_>) = all.partition(|(needed, _)| *needed);
                let first = usize::from(needed.is_empty());
                let pairs = needed.into_iter().chain(other.into_iter().take(first));
                let pairs: Vec<_> = pairs.map(|(_, pair)| pair).collect();
                format!("{{{}}}", pairs.join(", "))
            }
            Some((Schema::Object(object), _)) => of_value(object, key),
            _ => "null".to_owned(),
        }
    }
}

fn items(array: &Array) -> Option<&RefOr<Schema>> {
    match &array.items {
        ArrayItems::RefOrSchema(items) => Some(items),
        ArrayItems::False => None,
    }
}

fn types(schema: &Schema) -> &[Type] {
    let kind = match schema {
        Schema::Object(object) => &object.schema_type,
        Schema::Array(array) => &array.schema_type,
        _ => &SchemaType::AnyValue,
    };
    match kind {
        SchemaType::Type(one) => std::slice::from_ref(one),
        SchemaType::Array(several) => several,
        SchemaType::AnyValue => &[],
    }
}

fn is_null(schema: &Schema) -> bool {
    types(schema) == [Type::Null]
}

/// What an object of the document, which may be any value but a list, holds.
fn of_object(object: &Object) -> String {
    let kinds = match &object.schema_type {
        SchemaType::Type(one) => vec![one],
        SchemaType::Array(several) => several.iter().filter(|it| **it != Type::Null).collect(),
        SchemaType::AnyValue => return "any JSON".to_owned(),
    };
    match kinds[..] {
        [Type::String] => text(object),
        [Type::Integer | Type::Number] => {
            let (low, high) = (object.minimum.as_ref(), object.maximum.as_ref());
            within("number", low.map(number), high.map(number), "")
        }
        [Type::Boolean] => "true or false".to_owned(),
        [Type::Object] => "object".to_owned(),
        _ => "text, true or false, or number".to_owned(),
    }
}

/// What a text has to be.
fn text(object: &Object) -> String {
    if let Some(choice) = &object.enum_values {
        let words = choice.iter().filter_map(|it| it.as_str());
        return format!("one of {}", words.collect::<Vec<_>>().join(", "));
    }
    let kind = match &object.format {
        Some(SchemaFormat::KnownFormat(KnownFormat::Date)) => "day, yyyy-MM-dd",
        Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)) => "time",
        Some(SchemaFormat::KnownFormat(KnownFormat::Email)) => "email",
        Some(SchemaFormat::Custom(format)) => match format.as_str() {
            "lines" | "text" => "text",
            "line" => "one line of text",
            "ceql" => "condition in CEQL",
            "quartz" => "Quartz expression",
            "date-or-time" => "day or time",
            "new-password" => "password",
            "page-token" => "token",
            other => other,
        },
        _ => "text",
    };
    let (low, high) = (object.min_length, object.max_length);
    let text = |length: usize| length.to_string();
    within(kind, low.map(text), high.map(text), " characters")
}

fn number(number: &Number) -> String {
    match number {
        Number::Int(it) => it.to_string(),
        Number::UInt(it) => it.to_string(),
        Number::Float(it) => it.to_string(),
    }
}

/// A kind with its range, where it has one.
fn within(kind: &str, low: Option<String>, high: Option<String>, unit: &str) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{kind}, {low} to {high}{unit}"),
        (None, Some(high)) => format!("{kind}, up to {high}{unit}"),
        (Some(low), None) => format!("{kind}, at least {low}{unit}"),
        (None, None) => kind.to_owned(),
    }
}

/// An example of a value.
fn of_value(object: &Object, key: &str) -> String {
    let format = match &object.format {
        Some(SchemaFormat::Custom(format)) => format.as_str(),
        _ => "",
    };
    let first = object.enum_values.iter().flatten().next();
    match (of_object(object).as_str(), format, first) {
        (_, _, Some(first)) => first.to_string(),
        (_, "quartz", _) => "\"0 0/15 * 1/1 * ? *\"".to_owned(),
        (_, "symbols", _) => "\"!#$%&*\"".to_owned(),
        ("true or false", ..) => "true".to_owned(),
        ("object", ..) => "{}".to_owned(),
        (kind, ..) if kind.starts_with("number") => {
            object.minimum.as_ref().map_or("1".to_owned(), number)
        }
        _ => format!("\"<{key}>\""),
    }
}
