//! Opens the demo's accounts: when each began, whether it is empty or has ended, and which one a new user joins.

use chrono::NaiveDateTime;
use rand::Rng as _;
use rand::rngs::StdRng;

use super::cast;
use super::companies::{Companies, NAMED, description};
use super::people::People;
use super::rows::AccountRow;
use super::time::Span;
use crate::domain::text::{fold, sort_key};

/// How much larger the first accounts are than the last ones: the smaller, the more uneven.
const EVENNESS: f64 = 12.0;
/// One account of so many, beginning with the third (Bluebird Health), has no users.
const ONE_EMPTY_OF: usize = 20;
const FIRST_EMPTY: usize = 2;
/// One account of so many is inactive; none of those in the pictures.
const ONE_INACTIVE_OF: usize = 25;
const FIRST_INACTIVE: usize = 14;
/// Days between the customers of the pictures.
const BETWEEN_NAMED: i64 = 4;

/// An account, as far as its users depend on it.
pub struct Account {
    /// Id.
    pub id: i64,
    /// The domain of its emails.
    pub domain: String,
    /// How its emails are made of names.
    pub style: usize,
    /// When it was made.
    pub opened: NaiveDateTime,
    /// When it was deactivated.
    pub closed: Option<NaiveDateTime>,
    /// Whether anybody may join.
    pub empty: bool,
    /// Whether somebody has joined.
    pub peopled: bool,
}

impl Account {
    /// The default account, which the cast is in.
    #[must_use]
    pub fn of_cast(id: i64, opened: NaiveDateTime) -> Self {
        Self {
            id,
            domain: cast::DOMAIN.to_owned(),
            style: 0,
            opened,
            closed: None,
            empty: false,
            peopled: true,
        }
    }
}

/// Makes `count` accounts besides the default one, oldest first, with the ids after `last_id`.
pub fn open(
    rng: &mut StdRng,
    people: &People,
    organization: i64,
    last_id: i64,
    count: u64,
    life: Span,
) -> Vec<(Account, AccountRow)> {
    let mut companies = Companies::new(people);
    let growth = life.growth().first_three_quarters();
    let mut made = Vec::new();
    let named = NAMED.len() as u64;
    for (place, id) in (0..count).zip(last_id + 1..) {
        let opened = if place < named {
            life.day(BETWEEN_NAMED * (made.len() as i64 + 1))
        } else {
            growth.step(rng, place - named, count - named)
        };
        let company = companies.next(rng);
        let place = made.len();
        let account = Account {
            id,
            domain: format!("{}.example", company.slug),
            style: place,
            opened,
            closed: (place % ONE_INACTIVE_OF == FIRST_INACTIVE).then(|| closing(rng, opened, life)),
            empty: place % ONE_EMPTY_OF == FIRST_EMPTY,
            peopled: false,
        };
        let row = AccountRow {
            id,
            organization_id: organization,
            name_key: sort_key(&company.name),
            name_search: fold(&company.name),
            name: company.name,
            description: description(rng).to_owned(),
            external_id: format!("{:032x}", rng.random::<u128>()),
            is_default: false,
            active: account.closed.is_none(),
            created_at: opened,
            updated_at: account.closed.unwrap_or(opened),
        };
        made.push((account, row));
    }
    made
}

/// The account that somebody joins at `moment`, out of the first `opened` ones: an early account far more often than a
/// late one. None when nobody can join any.
pub fn join(
    rng: &mut StdRng,
    accounts: &[Account],
    opened: usize,
    moment: NaiveDateTime,
) -> Option<usize> {
    let many = opened as f64;
    let spread = ((many + EVENNESS) / EVENNESS).powf(rng.random::<f64>());
    let wanted = (EVENNESS * spread - EVENNESS) as usize;
    (wanted..opened).chain(0..wanted.min(opened)).find(|place| {
        let account = &accounts[*place];
        !account.empty && account.closed.is_none_or(|closed| moment < closed)
    })
}

/// An account that ends does so in the second half of its time.
fn closing(rng: &mut StdRng, opened: NaiveDateTime, life: Span) -> NaiveDateTime {
    let half = Span {
        start: opened + (life.end - opened) / 2,
        end: life.end,
    };
    half.any(rng)
}
