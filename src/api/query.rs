//! Parameters of the address as an extractor. One that the call does not take is refused, not passed over: a list that
//! was to be narrowed would come back whole.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;

use super::call::{Description, Takes};
use crate::domain::text::cut;
use crate::error::Error;

/// The parameters of the address.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(decode(request.query_string()).map(Self))
    }
}

impl<T: IntoParams> Takes for Query<T> {
    fn describe(description: &mut Description) {
        let parameters = T::into_params(|| Some(ParameterIn::Query));
        description.parameters.extend(parameters);
    }
}

fn decode<T: DeserializeOwned>(encoded: &str) -> Result<T, Error> {
    let text = percent_decode_str(encoded)
        .decode_utf8()
        .map_err(|_| Error::Malformed("The address is not UTF-8."))?;
    if text.contains('\0') {
        return Err(Error::Malformed("The address holds a NUL character."));
    }
    // To serde, a number without digits would be the same as none. An empty condition is told by CEQL, with its place.
    let mut all = form_urlencoded::parse(encoded.as_bytes());
    if let Some((name, _)) = all.find(|(name, value)| value.is_empty() && name != "where") {
        let name = cut(&name, 100);
        return Err(Error::Unread(format!("The parameter {name} has no value.")));
    }
    let pairs = serde_html_form::Deserializer::new(form_urlencoded::parse(encoded.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        Error::Unread(if error.inner().to_string().contains("unknown field") {
            format!("The parameter {name} is none of this call.")
        } else {
            format!("The parameter {name} has a value that is not understood.")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::decode;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "camelCase", default, deny_unknown_fields)]
    struct Asked {
        page_size: Option<i64>,
        include_inactive: bool,
    }

    #[test]
    fn the_wrong_parameter_is_named() {
        let asked: Asked = decode("pageSize=5&includeInactive=true").unwrap();
        assert_eq!((asked.page_size, asked.include_inactive), (Some(5), true));
        for (query, told) in [
            ("pageSize=x", "pageSize has a value"),
            ("pageSize=5&pageSize=6", "pageSize has a value"),
            ("includeInactive=maybe", "includeInactive has a value"),
            ("pageSize=5&where=id=1", "where is none"),
            ("pageSize=", "pageSize has no value"),
        ] {
            let error = decode::<Asked>(query).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("The parameter {told}")),
                "{error}"
            );
        }
        for query in ["pageSize=%FF", "pageSize=%00"] {
            assert!(decode::<Asked>(query).is_err(), "{query}");
        }
    }
}
