//! The audit trail as the API reads it: by user and account, in pages of the size that a program asks for.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime};

use super::{Person, Place, Search};
use crate::domain::keys::Keys;
use crate::domain::paging::{self, COUNTED};
use crate::domain::permit::{Permit, ViewLogs};
use crate::domain::text::YEARS;
use crate::error::Error;

/// The codes that tell of signing in and out.
const AUTHENTICATION: [&str; 9] = [
    "user.signed-in",
    "user.sign-in-refused",
    "user.password-accepted",
    "user.code-refused",
    "user.signed-out",
    "user.sessions-ended",
    "user.password-refused",
    "user.locked",
    "user.unlocked",
];

/// What a call asks for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// From this day, or this time with its zone, on.
    pub from: Option<String>,
    /// To this day, or this time.
    pub to: Option<String>,
    /// Who did it or had it done to them.
    pub user: Option<i64>,
    /// In which account.
    pub account: Option<i64>,
    /// Whether only signing in and out is asked for.
    pub authentication: bool,
    /// The token of a page.
    pub next_page: Option<String>,
    /// Events of a page, 1 to 2,000.
    pub page_size: Option<i64>,
}

impl Asked {
    /// Understands what is asked for by whoever holds the permit.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a time, size or token that is none.
    pub fn parse(&self, keys: &Keys, permit: &Permit<ViewLogs>) -> Result<Search, Error> {
        let size = paging::size(self.page_size)?;
        let time =
            |text: &Option<String>, of_day: Option<NaiveTime>| match text {
                None => Ok(None),
                Some(text) => moment(text, of_day.unwrap_or_default()).map(Some).ok_or(
                    Error::Malformed(
                        "from and to are days like 2026-11-24, or times like 2026-11-24T08:00:00Z.",
                    ),
                ),
            };
        let mut search = Search {
            reach: permit.reach,
            from: time(&self.from, Some(NaiveTime::MIN))?,
            to: time(&self.to, NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999))?,
            person: self.user.map_or(Person::Anyone, Person::Id),
            account: self.account,
            code: None,
            only: if self.authentication {
                &AUTHENTICATION
            } else {
                &[]
            },
            q: String::new(),
            place: Place::First,
            size,
            counted: COUNTED,
            purpose: format!(
                "audit-logs.{:?}.{:?}.{:?}.{:?}.{:?}.{}",
                permit.reach, self.from, self.to, self.user, self.account, self.authentication
            ),
        };
        if let Some(token) = &self.next_page {
            let position = search.open(keys, token);
            search.place = Place::After(
                position.map_err(|_| Error::Malformed("nextPage is not a token of this list."))?,
            );
        }
        Ok(search)
    }
}

/// A day, at the time of day, or a time with its zone (RFC 3339), as UTC; of the years that both databases know.
fn moment(text: &str, of_day: NaiveTime) -> Option<NaiveDateTime> {
    let time = if text.len() == 10 {
        text.parse::<NaiveDate>().ok()?.and_time(of_day)
    } else {
        // A plus sign that was not encoded has become a blank.
        let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).ok()?;
        time.naive_utc()
    };
    YEARS.contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::moment;
    use chrono::NaiveTime;

    #[test]
    fn days_and_times_with_a_zone() {
        let at = |text| moment(text, NaiveTime::MIN).map(|time| time.to_string());
        assert_eq!(at("2026-11-24").as_deref(), Some("2026-11-24 00:00:00"));
        for same in [
            "2026-11-24T08:30:00Z",
            "2026-11-24T10:30:00+02:00",
            "2026-11-24T10:30:00 02:00",
        ] {
            assert_eq!(at(same).as_deref(), Some("2026-11-24 08:30:00"), "{same}");
        }
        for wrong in [
            "",
            "2026-13-01",
            "2026-11-24T08:30:00",
            "yesterday!",
            "-9999-1-01",
            "9999-12-31T23:59:59-23:59",
        ] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }
}
