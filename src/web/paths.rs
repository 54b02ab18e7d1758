//! The addresses of the console's pages.

use url::form_urlencoded::Serializer;

use crate::domain::activity::ActivityQuery;
use crate::domain::listing::ListQuery;
use crate::domain::panel::PanelQuery;
use crate::domain::session::Stage;

/// The page that a mailed link opens. The token stands in the query, which no log line has.
#[must_use]
pub fn recovery(token: &str) -> String {
    with_query("/password/new", &[("token", token)])
}

/// The page of an account.
#[must_use]
pub fn account(id: i64) -> String {
    format!("/security/accounts/{id}")
}

/// The page on which a sign-in goes on that has come to `stage`, and after which it leads to `next`; where none has
/// begun, the page to begin.
#[must_use]
pub fn sign_in(stage: Stage, next: &str) -> String {
    match stage {
        Stage::Full | Stage::Api => with_query("/login", &[("next", next)]),
        Stage::Code if next == "/" => "/login/code".to_owned(),
        Stage::Code => with_query("/login/code", &[("next", next)]),
        Stage::Enrolment => "/login/enrolment".to_owned(),
        Stage::Password => "/login/password".to_owned(),
    }
}

/// An address with its parameters; empty ones are left out.
#[must_use]
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    let mut any = false;
    for (name, value) in parameters {
        if !value.is_empty() {
            query.append_pair(name, value);
            any = true;
        }
    }
    if any {
        format!("{path}?{}", query.finish())
    } else {
        path.to_owned()
    }
}

/// The page of an account with its list and panel in a state.
#[must_use]
pub fn list(account_id: i64, list: &ListQuery, panel: &PanelQuery) -> String {
    with_query(
        &account(account_id),
        &[
            ("q", &list.q),
            ("status", &list.status),
            ("role", &list.role),
            ("idle", &list.idle),
            ("sort", &list.sort),
            ("dir", &list.dir),
            ("after", &list.after),
            ("before", &list.before),
            ("accounts", &panel.accounts),
            ("accounts_after", &panel.accounts_after),
            ("accounts_before", &panel.accounts_before),
        ],
    )
}

/// The file of an account's users in a state of its list.
#[must_use]
pub fn users_export(account_id: i64, list: &ListQuery) -> String {
    with_query(
        &format!("{}/users/export", account(account_id)),
        &[
            ("q", &list.q),
            ("status", &list.status),
            ("role", &list.role),
            ("idle", &list.idle),
            ("sort", &list.sort),
            ("dir", &list.dir),
        ],
    )
}

/// A page of Activity, or its export, with its filter and at a position.
#[must_use]
pub fn activity(path: &str, query: &ActivityQuery, after: &str, before: &str) -> String {
    let [from, to, person, account, event, q] = query.filters();
    let position = [("after", after), ("before", before)];
    with_query(
        path,
        &[
            from,
            to,
            person,
            account,
            event,
            q,
            position[0],
            position[1],
        ],
    )
}

/// Whether `next` leads to a page of ours: a path, and nothing that a browser could read as another host.
#[must_use]
pub fn is_local(next: &str) -> bool {
    let host = "http://local.invalid";
    next.starts_with('/')
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
        && url::Url::parse(host)
            .and_then(|base| base.join(next))
            .is_ok_and(|url| url.origin().ascii_serialization() == host)
}

#[cfg(test)]
mod tests {
    use super::{is_local, with_query};

    #[test]
    fn only_local_paths_are_followed() {
        for good in ["/", "/profile", "/security/accounts/1?q=%2F%2Fx", "/a//b"] {
            assert!(is_local(good), "{good}");
        }
        for bad in [
            "",
            "profile",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "///evil.example",
            " //evil.example",
        ] {
            assert!(!is_local(bad), "{bad}");
        }
    }

    #[test]
    fn empty_parameters_are_left_out() {
        assert_eq!(with_query("/a", &[("q", ""), ("s", "")]), "/a");
        assert_eq!(
            with_query("/a", &[("q", "ü&"), ("s", "")]),
            "/a?q=%C3%BC%26"
        );
    }
}
