//! The API's document as a page: nothing of the document is missing there, and everybody may read it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Client, Page, TestApp};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn document(client: &Client) -> Value {
    let answer = client.get("/elements/api-v2/openapi.json").await;
    serde_json::from_str(&answer.body).unwrap()
}

/// Where a value leads that is a reference, else itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

/// The names of the parameters, the keys of the body and the statuses of an operation.
fn names(document: &Value, operation: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let parameters = list(&operation["parameters"]).into_iter();
    let mut names: Vec<_> = parameters
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect();
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = resolved(document, body);
    let body = match body["type"].as_str() {
        Some("array") => resolved(document, &body["items"]),
        _ => body,
    };
    let keys = body["properties"].as_object();
    names.extend(keys.into_iter().flat_map(|keys| keys.keys().cloned()));
    let answers = operation["responses"].as_object().unwrap();
    names.extend(answers.keys().cloned());
    names
}

/// The part of the page that begins like this.
fn part<'a>(parts: &'a [String], beginning: &str) -> &'a str {
    let mut found = parts.iter().filter(|it| it.starts_with(beginning));
    let first = found.next();
    let first = first.unwrap_or_else(|| panic!("{beginning} is not there"));
    assert_eq!(found.next(), None, "{beginning} stands there once");
    first
}

/// Every value of an attribute.
fn values(page: &Page, attribute: &str) -> Vec<String> {
    let all = page.attributes().into_iter();
    all.filter(|(name, _)| name == attribute)
        .map(|(_, value)| value)
        .collect()
}

/// As pages write it: a curly apostrophe, and no marks around what is code.
fn written(text: &str) -> String {
    text.replace('\'', "\u{2019}").replace('`', "")
}

#[actix_web::test]
async fn every_call_and_every_shape_of_the_document_stands_on_the_page() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let page = client.get("/docs/api").await;
    assert_eq!((page.status, page.heading().as_str()), (200, "REST API"));
    let document = document(&client).await;
    let (parts, links) = (page.find("article"), values(&page, "href"));
    let mut calls = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in METHODS.iter().filter_map(|it| Some((it, item.get(it)?))) {
            let text = |key: &str| operation[key].as_str().unwrap_or_default();
            let route = format!("{} {path}", method.to_uppercase());
            let said = part(&parts, &format!("{} {route} ", written(text("summary"))));
            assert!(said.contains(&written(text("description"))), "{route}");
            assert!(links.contains(&format!("#{}", text("operationId"))));
            for name in names(&document, operation) {
                assert!(said.contains(&name), "{route}: {name}");
            }
            let secrets = said.contains("Authorization: User <user secret>, Organization <");
            let identified = operation["security"].as_array().unwrap();
            assert_eq!(secrets, !identified.is_empty(), "{route}");
            calls += 1;
        }
    }
    assert_eq!(page.find("p.aside").len(), calls + 1, "an example for each");
    let user = part(&parts, "User ");
    let properties = &document["components"]["schemas"]["User"]["properties"];
    for key in properties.as_object().unwrap().keys() {
        assert!(user.contains(key), "{key}");
    }
}

#[actix_web::test]
async fn every_link_within_the_page_leads_somewhere() {
    let app = TestApp::start().await;
    let page = app.anonymous().get("/docs/api").await;
    let ids = values(&page, "id");
    let known: BTreeSet<_> = ids.iter().map(String::as_str).collect();
    assert_eq!(known.len(), ids.len(), "no anchor stands twice");
    let links = values(&page, "href");
    let within: Vec<_> = links.iter().filter_map(|it| it.strip_prefix('#')).collect();
    assert!(within.len() > 100, "{}", within.len());
    for link in within {
        assert!(known.contains(link), "#{link}");
    }
}

#[actix_web::test]
async fn it_is_found_beside_the_secrets_and_leads_to_the_document() {
    let app = TestApp::start().await;
    let acme = app.organization("Acme").await;
    let admin = acme.org_admin().await;
    for path in [
        "/profile",
        "/profile/secrets/user",
        "/profile/secrets/organization",
    ] {
        let link = admin.get(path).await.link("REST API");
        assert_eq!(link.as_deref(), Some("/docs/api"), "{path}");
    }
    let page = admin.get("/docs/api").await;
    assert!(page.link("My Profile").is_some(), "in the frame");
    assert!(page.text().contains(&app.address), "with its own address");
    let raw = page.link("OpenAPI 3.1 document").unwrap();
    assert_eq!(admin.get(&raw).await.status, 200);
    let stranger = app.anonymous().get("/docs/api").await;
    assert_eq!(stranger.link("Sign In").as_deref(), Some("/login"));
    assert_eq!(stranger.link("My Profile"), None);
}
