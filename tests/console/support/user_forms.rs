//! The forms of a user, as an administrator fills them in.

use super::{Client, Page};

/// What Add User accepts.
pub const GOOD: [(&str, &str); 4] = [
    ("first_name", "Zoë"),
    ("last_name", "Müller"),
    ("email", "zoe@acme.example"),
    ("password", "Falsch-Batterie-9"),
];

/// The address of an account's users.
pub fn users(account: i64) -> String {
    format!("/security/accounts/{account}/users")
}

/// Fills in Add User with [`GOOD`] and some changes.
pub async fn add(client: &Client, account: i64, changes: &[(&str, &str)]) -> Page {
    let page = client.get(&format!("{}/new", users(account))).await;
    client
        .submit(&page, &users(account), &[&GOOD, changes].concat())
        .await
}

/// Opens Edit.
pub async fn open(client: &Client, account: i64, user: i64) -> Page {
    client.get(&format!("{}/{user}/edit", users(account))).await
}

/// Presses Save on it, with some changes.
pub async fn save(
    client: &Client,
    account: i64,
    user: i64,
    page: &Page,
    changes: &[(&str, &str)],
) -> Page {
    client
        .submit(page, &format!("{}/{user}", users(account)), changes)
        .await
}
