//! What is sealed opens only whole, under its own key and for its own purpose.

use tenantry::domain::keys::Keys;
use tenantry::domain::secret::Secret;

#[test]
fn seal_opens_only_for_its_key_and_purpose() {
    let keys = Keys::derive(&[7; 32]);
    let sealed = keys.seal("one", b"hello");
    assert_eq!(keys.open("one", &sealed).as_deref(), Some(&b"hello"[..]));
    assert_eq!(keys.open("two", &sealed), None);
    assert_eq!(Keys::derive(&[8; 32]).open("one", &sealed), None);
    assert_eq!(keys.open("one", &sealed[1..]), None);
    for junk in ["", "A", "not base64!", "ÄÖÜ\0"] {
        assert_eq!(keys.open("one", junk), None);
    }
    assert_ne!(
        sealed,
        keys.seal("one", b"hello"),
        "a fresh nonce each time"
    );
}

#[test]
fn secrets_have_the_shape_that_scripts_expect() {
    let keys = Keys::derive(&[7; 32]);
    let user = Secret::for_user(&keys);
    let organization = Secret::for_organization(&keys);
    assert_eq!(user.plain.len(), 44);
    assert_eq!(organization.plain.len(), 32);
    assert!(
        organization
            .plain
            .chars()
            .all(|c| matches!(c, '0'..='9' | 'a'..='f'))
    );
    assert_eq!(user.digest, keys.digest("user-secret", &user.plain));
    assert_ne!(
        user.digest,
        keys.digest("user-secret", &user.plain.to_lowercase())
    );
    assert_eq!(
        keys.open("user-secret", &user.sealed),
        Some(user.plain.into_bytes())
    );
}
