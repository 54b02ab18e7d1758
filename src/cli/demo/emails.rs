//! Makes email addresses out of names, each one once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::people::Person;

/// Which addresses exist. One number stands for an address, so that a million cost little memory; if two ever share
/// it, the second address merely gets a number it did not need.
#[derive(Default)]
pub struct Emails(HashMap<u64, u32>);

impl Emails {
    /// Notes an address that was chosen by hand; its local part ends with no digit.
    pub fn note(&mut self, email: &str) {
        self.count(email);
    }

    /// An address for `person` at `domain`, in the `style` of the account. The second of its kind gets a 2, and so on;
    /// as names have no digits, that is unique.
    pub fn make(&mut self, person: &Person, style: usize, domain: &str) -> String {
        let local = local(person, style);
        match self.count(&format!("{local}@{domain}")) {
            1 => format!("{local}@{domain}"),
            count => format!("{local}{count}@{domain}"),
        }
    }

    fn count(&mut self, email: &str) -> u32 {
        let mut hasher = DefaultHasher::new();
        email.hash(&mut hasher);
        let count = self.0.entry(hasher.finish()).or_default();
        *count += 1;
        *count
    }
}

fn local(person: &Person, style: usize) -> String {
    let (first, last) = (&person.first.latin, &person.last.latin);
    match style % 4 {
        0 => format!("{first}.{last}"),
        1 => format!("{}.{last}", initial(first)),
        2 => format!("{last}.{first}"),
        _ => format!("{first}{}", initial(last)),
    }
}

fn initial(latin: &str) -> &str {
    latin.get(..1).unwrap_or(latin)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::Emails;
    use crate::cli::demo::people::People;
    use crate::domain::email;

    #[test]
    fn no_address_is_made_twice() {
        let people = People::new();
        let mut emails = Emails::default();
        let mut rng = StdRng::seed_from_u64(1);
        emails.note("alice.abbott@alder.example");
        let mut keys = HashSet::from([email::key("alice.abbott@alder.example")]);
        for style in 0..40_000 {
            let person = people.person(&mut rng);
            let made = emails.make(&person, style, "alder.example");
            let key = email::key(&made);
            assert!(key.is_some() && keys.insert(key), "{made}");
        }
    }
}
