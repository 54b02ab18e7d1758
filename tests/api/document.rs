//! The OpenAPI document: every route is in it, and whatever it names is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::caller::Caller;
use crate::support::TestApp;

async fn document() -> Value {
    let app = TestApp::start().await;
    let answer = Caller::with(&app, "").get("/openapi.json").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    all.collect()
}

/// Calls `see` with every value that stands under `key`, at any depth.
fn each<'a>(value: &'a Value, key: &str, see: &mut impl FnMut(&'a Value)) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                if name == key {
                    see(inner);
                }
                each(inner, key, see);
            }
        }
        Value::Array(all) => all.iter().for_each(|inner| each(inner, key, see)),
        _ => {}
    }
}

#[actix_web::test]
async fn the_document_and_the_route_table_hold_the_same_calls() {
    let document = document().await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["servers"][0]["url"], tenantry::api::BASE);
    let told: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let routes: BTreeSet<_> = tenantry::api::routes()
        .into_iter()
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    assert_eq!(told, routes);
}

#[actix_web::test]
async fn every_operation_is_told_whole() {
    let document = document().await;
    let tags: Vec<_> = document["tags"].as_array().unwrap().iter().collect();
    let mut ids = BTreeMap::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap();
        assert_eq!(ids.insert(id, place.clone()), None, "{place}: {id}");
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|it| !it.is_empty())
        );
        let tag = &operation["tags"][0];
        assert!(tags.iter().any(|known| known["name"] == *tag), "{place}");
        let named = path.matches('{').count();
        let in_path = operation["parameters"]
            .as_array()
            .map_or(0, |all| all.iter().filter(|it| it["in"] == "path").count());
        assert_eq!(named, in_path, "{place}");
        let body = !operation["requestBody"].is_null();
        let identified = operation["security"].as_array().unwrap().len() == 2;
        let responses = operation["responses"].as_object().unwrap();
        for (status, due) in [
            ("200", true),
            ("400", true),
            ("401", identified || path == "/authentication"),
            ("413", body),
            ("415", body),
            ("429", true),
            ("503", true),
        ] {
            assert_eq!(responses.contains_key(status), due, "{place}: {status}");
        }
        assert!(
            named == 0 || responses.contains_key("404"),
            "{place} can be missing"
        );
    }
}

#[actix_web::test]
async fn whatever_is_named_is_there_and_told() {
    let document = document().await;
    let mut references = 0;
    each(&document, "$ref", &mut |reference| {
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        references += 1;
    });
    assert!(references > 500, "{references}");
    let ids: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(_, _, operation)| operation["operationId"].clone().to_string())
        .collect();
    each(&document, "links", &mut |links| {
        for link in links.as_object().unwrap().values() {
            assert!(ids.contains(&link["operationId"].to_string()), "{link}");
        }
    });
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name} is not described");
    }
    for (method, path, operation) in operations(&document) {
        let sent = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let Some(sent) = sent.as_str() else { continue };
        let schema = document.pointer(&sent[1..]).unwrap();
        for (key, told) in schema["properties"].as_object().into_iter().flatten() {
            // What names a schema, alone or beside null, is told by that.
            let named = !told["$ref"].is_null() || !told["oneOf"].is_null();
            let told = named || told["description"].is_string();
            assert!(told, "{method} {path}: {key} is not described");
        }
    }
}
