//! A program that calls the API with the secrets of one user, and the answers it gets.

use diesel::prelude::*;
use serde_json::Value;
use tenantry::db::schema::{accounts, organizations, users};
use tenantry::domain::secret;

use crate::support::{Client, TestApp};

/// Where the API stands.
pub const BASE: &str = "/elements/api-v2";

/// A program with credentials, or without.
#[derive(Clone)]
pub struct Caller {
    client: Client,
    pub authorization: String,
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    /// The body; null when it is empty.
    pub json: Value,
}

impl Caller {
    /// Somebody with this Authorization header; with none when it is empty.
    pub fn with(app: &TestApp, authorization: &str) -> Self {
        Self {
            client: app.anonymous(),
            authorization: authorization.to_owned(),
        }
    }

    /// The user of this id, by its own secrets.
    pub async fn of(app: &TestApp, user: i64) -> Self {
        let (user, organization) = secrets(app, user).await;
        Self::with(app, &format!("User {user}, Organization {organization}"))
    }

    /// A request with the credentials, to be built further.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, &format!("{BASE}{path}"));
        if self.authorization.is_empty() {
            request
        } else {
            request.header("authorization", &self.authorization)
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let page = self.client.send(request).await;
        let json = if page.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("no JSON: {}", page.body))
        };
        Answer {
            status: page.status,
            headers: page.headers,
            text: page.body,
            json,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    /// Any method with a JSON body.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = self
            .request(method, path)
            .header("content-type", "application/json")
            .body(body.to_string());
        self.send(request).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, body).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path, body).await
    }
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// The sentence of a refusal.
    pub fn message(&self) -> &str {
        self.json["message"].as_str().unwrap_or_default()
    }

    /// The value of a key in each object of a list.
    pub fn each(&self, key: &str) -> Vec<Value> {
        let list = self.json.as_array().unwrap_or_else(|| panic!("{self:?}"));
        list.iter().map(|it| it[key].clone()).collect()
    }
}

/// A user's secret and its organization's.
pub async fn secrets(app: &TestApp, user: i64) -> (String, String) {
    let (user, organization): (String, String) = app
        .ask(move |db| {
            users::table
                .inner_join(accounts::table.inner_join(organizations::table))
                .filter(users::id.eq(user))
                .select((users::secret_sealed, organizations::secret_sealed))
                .first(db)
        })
        .await;
    (
        secret::open(&app.app.keys, secret::OF_USER, &user).unwrap(),
        secret::open(&app.app.keys, secret::OF_ORGANIZATION, &organization).unwrap(),
    )
}
