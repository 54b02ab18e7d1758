//! Routes as a table: what both front ends list, and tests compare with who may do what.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Resource, Responder, Route, guard};

/// One route.
pub struct Entry {
    /// Its method.
    pub method: Method,
    /// Its path, with names in braces.
    pub path: &'static str,
    route: Route,
}

fn entry<F, Args>(method: Method, path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let route = if method == Method::GET {
        Route::new().guard(guard::Any(guard::Get()).or(guard::Head()))
    } else {
        Route::new().method(method.clone())
    };
    Entry {
        method,
        path,
        route: route.to(handler),
    }
}

/// GET, and HEAD with it.
pub fn get<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    entry(Method::GET, path, handler)
}

/// POST.
pub fn post<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    entry(Method::POST, path, handler)
}

/// PUT.
pub fn put<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    entry(Method::PUT, path, handler)
}

/// PATCH.
pub fn patch<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    entry(Method::PATCH, path, handler)
}

/// DELETE.
pub fn delete<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    entry(Method::DELETE, path, handler)
}

/// The table as resources, each path once with all of its methods, in the order in which they are matched: a fixed
/// word stands before a name in braces.
#[must_use]
pub fn resources(entries: Vec<Entry>) -> Vec<(&'static str, Resource)> {
    let mut resources: Vec<(&'static str, Resource)> = Vec::new();
    for entry in entries {
        let place = resources.iter().position(|(path, _)| *path == entry.path);
        let resource = match place {
            Some(place) => resources.remove(place).1,
            None => Resource::new(entry.path),
        };
        let at = place.unwrap_or(resources.len());
        resources.insert(at, (entry.path, resource.route(entry.route)));
    }
    resources
}
