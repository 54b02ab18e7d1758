//! Email addresses: what is accepted, and the key by which they are unique.

use super::text::{composed, has_control};

/// What is said of something that is no address.
pub const EXAMPLE: &str = "Enter an email address, like name@company.example.";
/// The longest address, in characters.
const LONGEST: usize = 254;

/// The key by which an address is unique: trimmed, NFC, lower-cased, its domain in IDNA form (UTS 46).
/// `None` when it is no address.
#[must_use]
pub fn key(address: &str) -> Option<String> {
    let address = composed(address.trim());
    let (local, domain) = address.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    let whole = address.chars().count() <= LONGEST;
    let local_fits = !local.is_empty()
        && !has_control(local)
        && !local
            .chars()
            .any(|c| c.is_whitespace() || "@<>()[]\\,;:\"".contains(c));
    let labels = domain.split('.').count() >= 2
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    let local = local.to_lowercase();
    (whole && local_fits && labels).then(|| format!("{}@{domain}", composed(&local)))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn folds_case_composition_and_domain_only() {
        assert_eq!(
            key(" Zoë.M+x@Müller.Example ").as_deref(),
            Some("zoë.m+x@xn--mller-kva.example")
        );
        assert_eq!(key("Zoe\u{308}@a.example"), key("ZOË@A.EXAMPLE"));
        assert_ne!(key("a.b@c.example"), key("ab@c.example"));
    }

    #[test]
    fn refuses_what_is_no_address() {
        for wrong in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b",
            "a b@c.example",
            "a@b..example",
            "a\0@b.example",
            "a\u{202e}@b.example",
            "a@-b.example",
        ] {
            assert_eq!(key(wrong), None, "{wrong:?}");
        }
        assert_eq!(key(&format!("{}@b.example", "a".repeat(250))), None);
    }
}
