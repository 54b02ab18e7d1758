//! Values as clients write them: a flag or number also as text, and times as they are read.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// A text, a flag or a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A flag.
    Flag(bool),
    /// A number.
    Number(serde_json::Number),
}

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

/// A time in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Millis(i64);

impl From<NaiveDateTime> for Millis {
    fn from(time: NaiveDateTime) -> Self {
        Self(time.and_utc().timestamp_millis())
    }
}
