//! An HTTP client with cookies that acts like a browser on our own pages, and never follows a redirect by itself.

use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;

use super::{Page, TestApp};

/// A browser of one person.
#[derive(Clone)]
pub struct Client {
    address: String,
    http: reqwest::Client,
    jar: Arc<Jar>,
}

impl Client {
    pub fn new(address: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let http = reqwest::Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            address: address.to_owned(),
            http,
            jar,
        }
    }

    /// The same browser, sent by a load balancer to another server of the same product.
    pub fn at(&self, server: &TestApp) -> Self {
        Self {
            address: server.address.clone(),
            ..self.clone()
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.http.get(self.url(path))).await
    }

    /// Opens a page by a link on another.
    pub async fn follow(&self, path: &str, from: &str) -> Page {
        let request = self
            .http
            .get(self.url(path))
            .header("referer", self.url(from));
        self.send(request).await
    }

    /// Sends a form as a page of ours does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self
            .http
            .post(self.url(path))
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        self.send(request).await
    }

    /// Signs in by the form.
    pub async fn sign_in(&self, email: &str, password: &str) -> Page {
        self.post("/login", &[("email", email), ("password", password)])
            .await
    }

    /// Sends the form of a page that has this action, with some fields changed, and goes where it leads. A box is
    /// selected by `on` and cleared by `off`.
    pub async fn submit(&self, page: &Page, action: &str, changes: &[(&str, &str)]) -> Page {
        let mut fields = page.form(action);
        for (name, value) in changes {
            fields.retain(|(field, _)| field != name);
            if *value != "off" {
                fields.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self.post(action, &fields).await;
        self.arrive(answer).await
    }

    /// Presses Update under a table of users, after the Active boxes of these people were set, and goes where it leads.
    pub async fn update_active(&self, page: &Page, boxes: &[(&str, bool)]) -> Page {
        let action = page.activations();
        let mut fields = page.form(&action);
        for (name, selected) in boxes {
            let (id, _, _) = page.active_box(name);
            fields.retain(|(field, value)| !(field == "active" && *value == id));
            if *selected {
                fields.push(("active".to_owned(), id));
            }
        }
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self.post(&action, &fields).await;
        self.arrive(answer).await
    }

    /// Follows redirects until a page is there.
    pub async fn arrive(&self, mut page: Page) -> Page {
        while page.status == 303 {
            page = self.get(&page.location()).await;
        }
        page
    }

    /// Any request, to be built further.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, self.url(path))
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let headers: HeaderMap = answer.headers().clone();
        let body = answer.bytes().await.unwrap();
        Page::new(status, headers, String::from_utf8_lossy(&body).into_owned())
    }

    /// What the browser would send as its cookies.
    pub fn cookies(&self) -> String {
        let url = self.address.parse().unwrap();
        self.jar
            .cookies(&url)
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}
