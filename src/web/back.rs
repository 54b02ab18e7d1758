//! Where a form leads back to: the list it was opened from, with its search, order and page.

use actix_web::HttpRequest;
use actix_web::http::header::REFERER;
use url::Url;

use super::forms::decode;
use super::paths;
use crate::domain::listing::ListQuery;
use crate::domain::panel::PanelQuery;

/// The account's list that the request came from, if it came from there.
#[must_use]
pub fn from_referer(request: &HttpRequest, account: i64) -> String {
    let referer = request.headers().get(REFERER);
    let path = referer
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Url::parse(text).ok())
        .map(|url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        });
    checked(path.as_deref().unwrap_or_default(), account)
}

/// `back` as a form sent it, if it is the account's list in some state; else its first page.
#[must_use]
pub fn checked(back: &str, account: i64) -> String {
    let (list, panel) = state(back, account);
    paths::list(account, &list, &panel)
}

/// The state of list and panel that `back` holds.
#[must_use]
pub fn state(back: &str, account: i64) -> (ListQuery, PanelQuery) {
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    if path != paths::account(account) {
        return Default::default();
    }
    let query = query.as_bytes();
    (
        decode(query).unwrap_or_default(),
        decode(query).unwrap_or_default(),
    )
}
