//! Values as clients write them: a flag or number also as text, and times as they are read.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::NaiveDateTime;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A text, a flag or a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A flag.
    Flag(bool),
    /// A number.
    Number(Number),
}

impl PartialSchema for Scalar {
    fn schema() -> RefOr<Schema> {
        let kinds = vec![Type::String, Type::Boolean, Type::Number];
        let scalar = ObjectBuilder::new().schema_type(SchemaType::Array(kinds));
        let scalar = scalar.format(Some(SchemaFormat::Custom("text".to_owned())));
        Schema::from(scalar.description(Some("A text, a flag or a number."))).into()
    }
}

impl ToSchema for Scalar {}

impl Scalar {
    /// As text.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }

    /// Whether it is `true`, as flag or as text.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => text.eq_ignore_ascii_case("true"),
            Self::Flag(flag) => *flag,
            Self::Number(_) => false,
        }
    }
}

/// Names with their values, as text.
#[must_use]
pub fn texts(values: BTreeMap<String, Scalar>) -> BTreeMap<String, String> {
    values
        .into_iter()
        .map(|(name, value)| (name, value.into_text()))
        .collect()
}

/// An object within a body. An array would else be taken for its values in their order.
#[derive(Debug, Clone, Default)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_map(OfMap(PhantomData)).map(Self)
    }
}

struct OfMap<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OfMap<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// The name of a header or parameter.
#[derive(ToSchema)]
#[schema(min_length = 1, format = "line")]
pub struct Name(#[expect(dead_code, reason = "only the document names it")] String);

/// A whole number, also when it is written with a fraction of zero, which is the same number in JSON.
///
/// # Errors
/// When it is none.
pub fn whole<'de, D: Deserializer<'de>>(value: D) -> Result<Option<i64>, D::Error> {
    let wrong = || D::Error::custom("expected a whole number");
    let Some(number) = Option::<Number>::deserialize(value).map_err(|_| wrong())? else {
        return Ok(None);
    };
    let exact = number.as_f64().filter(|it| it.fract() == 0.0);
    // Up to 2^53, where every whole number is one.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole, and within the range"
    )]
    let exact = exact
        .filter(|it| it.abs() <= 9_007_199_254_740_992.0)
        .map(|it| it as i64);
    let whole = number.as_i64().or(exact);
    whole.map(Some).ok_or_else(wrong)
}

/// A time in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Millis(i64);

impl From<NaiveDateTime> for Millis {
    fn from(time: NaiveDateTime) -> Self {
        Self(time.and_utc().timestamp_millis())
    }
}
