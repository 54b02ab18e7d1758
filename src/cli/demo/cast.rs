//! The people of the design's pictures, who found the demo's organization: first in its default account.

use chrono::{NaiveDateTime, TimeDelta};

use super::work::Owned;

/// The organization.
pub const ORGANIZATION: &str = "Alder Freight";

/// The domain of the organization's email.
pub const DOMAIN: &str = "alder.example";

/// One of the founding people.
pub struct Member {
    /// Given name.
    pub first: &'static str,
    /// Surname.
    pub last: &'static str,
    /// Email; unlike drawn ones it may be at any domain.
    pub email: &'static str,
    /// Active.
    pub active: bool,
    /// Org admin.
    pub org_admin: bool,
    /// Account admin.
    pub account_admin: bool,
    /// Days after the organization was made.
    pub joined: i64,
    /// Minutes before now; none for somebody who has never signed in.
    pub last_login: Option<i64>,
    /// Whether an authenticator app was set up after the first sign-in.
    pub second_factor: bool,
    /// Surname and email before a recent change.
    pub formerly: Option<(&'static str, &'static str)>,
    /// What the member owns.
    pub owned: Owned,
}

/// Dana Whitfield, who sets the organization up and signs in.
#[must_use]
pub fn founder() -> Member {
    Member {
        org_admin: true,
        last_login: Some(34),
        ..member("Dana", "Whitfield", "dana@alder.example", 0)
            .admin()
            .owns(5, 2, 4, 1)
    }
}

/// Those who joined after Dana, in that order.
#[must_use]
pub fn members() -> Vec<Member> {
    vec![
        member("Documentation", "Writer", "docs@alder.example", 0),
        member("Chuck", "Norris", "chuck@theoctagon.example", 3)
            .admin()
            .seen(1, 12)
            .second_factor()
            .owns(2, 3, 3, 2),
        member("Zoë", "Müller", "zoe.mueller@alder.example", 5)
            .admin()
            .seen(0, 14)
            .owns(0, 2, 3, 1)
            .formerly("Schmidt", "zoe.schmidt@alder.example"),
        member("Kwame", "Asante", "kwame@alder.example", 8)
            .admin()
            .seen(4, 7)
            .owns(6, 1, 2, 1),
        member(
            "Bartholomew",
            "Fanshawe-Cholmondeley",
            "b.fanshawe-cholmondeley@alder.example",
            9,
        )
        .seen(53, 9)
        .owns(9, 0, 1, 0),
        member("Priya", "Raghunathan", "priya@alder.example", 13)
            .seen(147, 16)
            .owns(4, 0, 2, 2)
            .inactive(),
        member("María-José", "Fernández de la Vega", "mj@alder.example", 17)
            .org_admin()
            .seen(2, 10)
            .second_factor()
            .owns(7, 2, 2, 0),
        member("Łukasz", "Żółkiewski", "lukasz@alder.example", 21)
            .seen(5, 8)
            .owns(10, 1, 1, 1),
        member("Θεοδώρα", "Παπαδοπούλου", "theodora@alder.example", 24)
            .admin()
            .seen(0, 2)
            .second_factor()
            .owns(3, 4, 2, 0),
        member("Siobhán", "O’Sullivan", "siobhan@alder.example", 28)
            .seen(7, 11)
            .second_factor(),
        member("Tom", "Li", "tom@alder.example", 30)
            .seen(1, 6)
            .inactive(),
        member("美咲", "田中", "misaki@alder.example", 33)
            .seen(3, 1)
            .owns(8, 1, 2, 0),
        member("Oluwaseun", "Adébáyò", "seun@alder.example", 36)
            .org_admin()
            .seen(1, 9),
        member("יעל", "בן־דוד", "yael@alder.example", 40)
            .seen(6, 13)
            .owns(1, 2, 1, 1),
        member("Đức Minh", "Nguyễn", "minh@alder.example", 43).seen(12, 4),
        member("Ольга", "Кузнецова", "olga@alder.example", 47)
            .seen(2, 15)
            .owns(11, 1, 1, 0),
        member("أمينة", "الفاسي", "amina@alder.example", 50).seen(9, 10),
        member(
            "Wilhelmina",
            "van Oosterhout-Brandenburg",
            "w.van-oosterhout-brandenburg@alder.example",
            54,
        )
        .seen(19, 9),
        member("आरती", "शर्मा", "aarti@alder.example", 57),
    ]
}

fn member(first: &'static str, last: &'static str, email: &'static str, joined: i64) -> Member {
    Member {
        first,
        last,
        email,
        active: true,
        org_admin: false,
        account_admin: false,
        joined,
        last_login: None,
        second_factor: false,
        formerly: None,
        owned: Owned::default(),
    }
}

impl Member {
    /// Given name, a blank, surname.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// Since when the member, who joined at `joined`, has a second factor.
    #[must_use]
    pub fn second_factor_since(&self, joined: NaiveDateTime) -> Option<NaiveDateTime> {
        self.second_factor.then(|| joined + TimeDelta::minutes(129))
    }

    fn org_admin(self) -> Self {
        Self {
            org_admin: true,
            ..self
        }
    }

    fn admin(self) -> Self {
        Self {
            account_admin: true,
            ..self
        }
    }

    /// Last signed in so many days, hours and some minutes ago.
    fn seen(self, days: i64, hours: i64) -> Self {
        let minutes = (days * 24 + hours) * 60 + self.joined;
        Self {
            last_login: Some(minutes),
            ..self
        }
    }

    /// Owns so many jobs, elements and formulas; `from` is the place in each list, so that not all own the same.
    fn owns(self, from: usize, jobs: usize, elements: usize, formulas: usize) -> Self {
        Self {
            owned: Owned::some(from, jobs, elements, formulas),
            ..self
        }
    }

    fn second_factor(self) -> Self {
        Self {
            second_factor: true,
            ..self
        }
    }

    fn formerly(self, last: &'static str, email: &'static str) -> Self {
        Self {
            formerly: Some((last, email)),
            ..self
        }
    }

    /// Deactivated, which has stopped all jobs.
    fn inactive(self) -> Self {
        Self {
            active: false,
            owned: self.owned.without_jobs(),
            ..self
        }
    }
}
