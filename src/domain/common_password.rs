//! The 10,000 most common passwords, which nobody may use: a sorted text inside the binary, searched where it lies.

use super::text::fold;

/// One on each line, folded, in the order of their bytes. Where it comes from: `lists/common-passwords.LICENSE`.
const LIST: &str = include_str!("../../lists/common-passwords.txt");

/// Whether `password` is one of them, in any letter case.
#[must_use]
pub fn is_common(password: &str) -> bool {
    let sought = fold(password);
    let (mut from, mut to) = (0, LIST.len());
    while from < to {
        // The line around the middle: what starts at `from` and what ends before `to` are whole lines.
        let middle = from + (to - from) / 2;
        let bytes = LIST.as_bytes();
        let start = (from..middle)
            .rev()
            .find(|at| bytes[*at] == b'\n')
            .map_or(from, |at| at + 1);
        let end = (middle..to).find(|at| bytes[*at] == b'\n').unwrap_or(to);
        match bytes[start..end].cmp(sought.as_bytes()) {
            std::cmp::Ordering::Less => from = end + 1,
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Greater => to = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{LIST, is_common};
    use crate::domain::text::fold;

    #[test]
    fn the_list_is_what_the_search_needs() {
        let lines: Vec<_> = LIST.lines().collect();
        assert_eq!(lines.len(), 10_000);
        assert!(lines.is_sorted_by(|one, next| one.as_bytes() < next.as_bytes()));
        assert!(lines.iter().all(|line| fold(line) == **line));
    }

    #[test]
    fn every_line_is_found_and_nothing_else() {
        for line in LIST.lines() {
            assert!(is_common(line), "{line}");
            assert!(!is_common(&format!("{line}\n")), "{line}");
        }
        for common in ["P@ssw0rd", "QWERTY", "Пароль"] {
            assert!(is_common(common), "{common}");
        }
        for other in ["", "p@ssw0rd!", "Correct-Horse-7", "\u{10ffff}", "\0"] {
            assert!(!is_common(other), "{other}");
        }
    }
}
