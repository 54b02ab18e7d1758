//! Filters find the same rows on both databases: the ones in a table, and those that a plain evaluator in memory finds.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tenantry::db::schema::{accounts, organizations};
use tenantry::db::{Backend, Db, Manager, migrate};
use tenantry::domain::ceql::{self, Accounts};
use unicode_normalization::is_nfc;

use crate::support::Database;

/// An account of the population. Its place in it, from 1, is its id.
struct Account {
    name: &'static str,
    description: &'static str,
    active: bool,
    created: &'static str,
}

/// Names in several letter cases and scripts, times at the borders of days.
const POPULATION: [Account; 10] = [
    account("Acme", "50%_\\ O'Neil", true, "2026-01-31 00:00:00"),
    account("ACME", "", false, "2026-01-31 23:59:59.999999"),
    account("acme", "a\nb", true, "2026-02-01 00:00:00"),
    account("Évora", "Straße", true, "2026-01-30 23:59:59.999999"),
    account("évora", "STRAẞE", false, "1970-01-01 00:00:00"),
    account("ΣΟΦΟΣ", "a%", true, "9999-12-31 12:00:00"),
    account("Σοφος", "a_", false, "2026-02-01 00:00:00.000001"),
    account("İzmir iſk", "Ａ𐐀", true, "2024-02-29 06:30:00"),
    account("izmir ISK", "ａ𐐨", true, "2024-02-29 06:30:00"),
    account("Ω'`\"", "b\\", false, "2024-03-01 00:00:00"),
];

const fn account(
    name: &'static str,
    description: &'static str,
    active: bool,
    created: &'static str,
) -> Account {
    Account {
        name,
        description,
        active,
        created,
    }
}

impl Account {
    fn created(&self) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(self.created, "%Y-%m-%d %H:%M:%S%.f").unwrap()
    }
}

fn id(index: usize) -> i64 {
    i64::try_from(index + 1).unwrap()
}

/// A database with the population in one organization.
fn populated() -> (Database, Db) {
    let database = Database::empty("ceql");
    migrate(&database.url).unwrap();
    let manager = Manager::new(&database.url, std::sync::Arc::default());
    let mut db = manager.open().unwrap();
    let organization: i64 = diesel::insert_into(organizations::table)
        .values((
            organizations::name.eq("Acme"),
            organizations::created_at.eq(POPULATION[0].created()),
            organizations::secret_digest.eq(""),
            organizations::secret_sealed.eq(""),
        ))
        .returning(organizations::id)
        .get_result(&mut db)
        .unwrap();
    for (index, account) in POPULATION.iter().enumerate() {
        add(&mut db, organization, id(index), account);
    }
    (database, db)
}

fn add(db: &mut Db, organization: i64, id: i64, account: &Account) {
    let row = (
        accounts::id.eq(id),
        accounts::organization_id.eq(organization),
        accounts::name.eq(account.name),
        accounts::name_key.eq(Vec::new()),
        accounts::name_search.eq(""),
        accounts::description.eq(account.description),
        accounts::external_id.eq(id.to_string()),
        accounts::is_default.eq(id == 1),
        accounts::active.eq(account.active),
        accounts::created_at.eq(account.created()),
        accounts::updated_at.eq(account.created()),
    );
    diesel::insert_into(accounts::table)
        .values(row)
        .execute(db)
        .unwrap();
}

fn hits(db: &mut Db, text: &str) -> Vec<i64> {
    let filter = ceql::filter::<Accounts>(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
    accounts::table
        .into_boxed::<Backend>()
        .filter(filter.condition().unwrap())
        .order(accounts::id)
        .select(accounts::id)
        .load(db)
        .unwrap()
}

#[test]
fn a_filter_finds_what_it_says_on_both_databases() {
    let (_database, mut db) = populated();
    for (text, ids) in [
        // Equal is equal to the letter, LIKE is not.
        ("name = 'Acme'", &[1][..]),
        ("name != 'Acme' AND name like 'acme'", &[2, 3]),
        ("name LIKE 'ÉVORA'", &[4, 5]),
        ("name LIKE 'e\u{301}vora'", &[4, 5]),
        ("name = 'E\u{301}vora'", &[4]),
        ("name LIKE 'σοφοσ'", &[6, 7]),
        ("name LIKE '%ISK'", &[8, 9]),
        ("name LIKE 'izmir%'", &[9]),
        ("description LIKE 'straße'", &[4, 5]),
        ("description LIKE 'STRASSE'", &[]),
        ("description LIKE 'ａ𐐀'", &[8, 9]),
        // Only % stands for something else.
        ("description LIKE 'a%'", &[3, 6, 7]),
        ("description LIKE 'a_'", &[7]),
        ("description LIKE '%\\'", &[10]),
        ("description LIKE '%_\\ O''NEIL'", &[1]),
        ("description LIKE ''", &[2]),
        ("description LIKE '%'", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("description LIKE '%%%%' AND description LIKE 'a%b'", &[3]),
        ("name = 'Ω''`\"'", &[10]),
        // Less and greater go by code point: capitals first, other scripts last.
        ("name < 'Acme'", &[2]),
        ("name > 'acme' AND name < 'Σ'", &[4, 5, 8, 9]),
        ("name >= 'Σοφος'", &[7, 10]),
        // A date is its whole day.
        ("createdDate = '2026-01-31'", &[1, 2]),
        (
            "createdDate != '2026-01-31' AND createdDate >= '2026-01-01'",
            &[3, 4, 6, 7],
        ),
        (
            "createdDate < '2026-01-31' AND createdDate > '2024-02-29'",
            &[4, 10],
        ),
        ("createdDate <= '2024-02-29'", &[5, 8, 9]),
        ("createdDate > '2026-01-31'", &[3, 6, 7]),
        ("createdDate >= '9999-12-31'", &[6]),
        (
            "createdDate = '9999-12-31' OR createdDate < '0000-01-01'",
            &[6],
        ),
        ("updatedDate IN ('2024-03-01', '1970-01-01')", &[5, 10]),
        ("id IN (3, 1, 99, -1)", &[1, 3]),
        ("id >= 9 AND id <= 9223372036854775807", &[9, 10]),
        ("id < -9223372036854775808", &[]),
        ("active = true", &[1, 3, 4, 6, 8, 9]),
        (
            "active != TRUE AND defaultAccount in (false)",
            &[2, 5, 7, 10],
        ),
        ("externalId = '10' or externalId LIKE '1' AND id = 2", &[10]),
        (
            "(externalId = '10' or externalId LIKE '1') AND id = 1",
            &[1],
        ),
        ("name IS NULL OR createdDate is null or active IS NULL", &[]),
        ("`name` IS NOT NULL AND `id` Is Not Null AND id = 4", &[4]),
        ("name = 'x'' OR 1=1 --'", &[]),
    ] {
        assert_eq!(hits(&mut db, text), ids, "{text}");
    }
    let companies: Vec<i64> = organizations::table
        .select(organizations::id)
        .load(&mut db)
        .unwrap();
    let text = format!("companyId = {} and id=1", companies[0]);
    assert_eq!(hits(&mut db, &text), [1]);
}

#[test]
fn the_largest_filters_are_answered() {
    let (_database, mut db) = populated();
    let many = vec!["name LIKE '%a%b%c%'"; 64].join(" OR ");
    let deep = format!("{}id = 1{}", "(".repeat(16), ")".repeat(16));
    let wild = format!("description LIKE '{}'", "%a".repeat(990));
    let letters: String = ('\u{400}'..='\u{52f}')
        .chain('\u{10a0}'..='\u{10ff}')
        .collect();
    let letters = format!("description LIKE '{letters}'");
    for (text, ids) in [(many, &[][..]), (deep, &[1]), (wild, &[]), (letters, &[])] {
        assert_eq!(hits(&mut db, &text), ids, "{text}");
    }
}

#[test]
fn every_letter_of_two_cases_is_found_in_the_other() {
    let (_database, mut db) = populated();
    let organization = organizations::table
        .select(organizations::id)
        .first(&mut db)
        .unwrap();
    // Whatever is kept is NFC.
    let kept = |text: &str| text.chars().count() == 1 && is_nfc(text);
    let pairs: Vec<(char, char)> = ('\0'..=char::MAX)
        .filter_map(|small| {
            let large = small.to_uppercase().to_string();
            let back = large.to_lowercase() == small.to_string();
            let both = back && kept(&large) && kept(&small.to_string());
            let large = large.chars().next().filter(|_| both)?;
            (small != large).then_some((small, large))
        })
        .collect();
    assert!(pairs.len() > 1_300, "{}", pairs.len());
    for (index, chunk) in pairs.chunks(900).enumerate() {
        let small: String = chunk.iter().map(|pair| pair.0).collect();
        let large: String = chunk.iter().map(|pair| pair.1).collect();
        let id = id(100 + index);
        let account = Account {
            description: small.leak(),
            ..POPULATION[0]
        };
        add(&mut db, organization, id, &account);
        let text = format!("description LIKE '{large}'");
        assert_eq!(hits(&mut db, &text), [id], "{text}");
    }
}

/// What is asked of an account, in the words of this test.
#[derive(Debug, Clone)]
enum Ask {
    And(Box<Ask>, Box<Ask>),
    Or(Box<Ask>, Box<Ask>),
    Id(&'static str, i64),
    Ids(Vec<i64>),
    Text(bool, &'static str, String),
    Like(bool, String),
    Active(bool, bool),
    Created(&'static str, NaiveDate),
    NotNull(bool),
}

impl Ask {
    fn text(&self) -> String {
        let named = |name: &bool| if *name { "name" } else { "description" };
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        match self {
            Self::And(left, right) => format!("({}) AND ({})", left.text(), right.text()),
            Self::Or(left, right) => format!("({}) OR ({})", left.text(), right.text()),
            Self::Id(sign, number) => format!("id {sign} {number}"),
            Self::Ids(ids) => format!("id IN {ids:?}").replace('[', "(").replace(']', ")"),
            Self::Text(name, sign, text) => format!("{} {sign} {}", named(name), quoted(text)),
            Self::Like(name, text) => format!("{} LIKE {}", named(name), quoted(text)),
            Self::Active(equal, wanted) => {
                format!("active {} {wanted}", if *equal { "=" } else { "!=" })
            }
            Self::Created(sign, day) => format!("createdDate {sign} '{day}'"),
            Self::NotNull(name) => format!("{} IS NOT NULL", named(name)),
        }
    }

    fn holds(&self, id: i64, account: &Account) -> bool {
        let value = |name: &bool| {
            if *name {
                account.name
            } else {
                account.description
            }
        };
        match self {
            Self::And(left, right) => left.holds(id, account) && right.holds(id, account),
            Self::Or(left, right) => left.holds(id, account) || right.holds(id, account),
            Self::Id(sign, number) => compare(sign, &id, number),
            Self::Ids(ids) => ids.contains(&id),
            Self::Text(name, sign, text) => compare(sign, value(name), text),
            Self::Like(name, text) => {
                let value: Vec<String> = value(name).chars().map(folded).collect();
                let text: Vec<String> = text.chars().map(folded).collect();
                is_like(&value, &text)
            }
            Self::Active(equal, wanted) => (account.active == *wanted) == *equal,
            Self::Created(sign, day) => compare(sign, &account.created().date(), day),
            Self::NotNull(_) => true,
        }
    }
}

fn compare<V: Ord + ?Sized>(sign: &str, left: &V, right: &V) -> bool {
    match sign {
        "=" => left == right,
        "!=" => left != right,
        "<" => left < right,
        ">" => left > right,
        "<=" => left <= right,
        _ => left >= right,
    }
}

/// A character without its letter case, by way of the larger letters: `ς` and `σ` have the same.
fn folded(character: char) -> String {
    character
        .to_string()
        .to_lowercase()
        .to_uppercase()
        .to_lowercase()
        .replace('ς', "σ")
}

/// The plainest reading of `%`: it stands for nothing, or for one character and then again for itself.
fn is_like(value: &[String], pattern: &[String]) -> bool {
    match pattern.split_first() {
        None => value.is_empty(),
        Some((first, rest)) if first == "%" => {
            is_like(value, rest) || (!value.is_empty() && is_like(&value[1..], pattern))
        }
        Some((first, rest)) => value.first() == Some(first) && is_like(&value[1..], rest),
    }
}

fn asks() -> impl Strategy<Value = Ask> {
    use proptest::sample::select;
    let sign = || select(vec!["=", "!=", "<", ">", "<=", ">="]);
    let texts: Vec<&str> = POPULATION
        .iter()
        .flat_map(|one| [one.name, one.description])
        .collect();
    let days: Vec<NaiveDate> = POPULATION.iter().map(|one| one.created().date()).collect();
    let text = prop_oneof![
        select(texts.clone()).prop_map(str::to_owned),
        "[a-zA-ZÉéΣ%_\\\\' ]{0,4}"
    ];
    // Parts of what is there, in another letter case and with % here and there.
    let like = (
        select(texts),
        "[%a_\\\\]?",
        0..6_usize,
        0..6_usize,
        any::<bool>(),
    )
        .prop_map(|(text, more, before, after, loud)| {
            let part: String = text.chars().skip(before).collect();
            let part: String = part.chars().take(after).collect();
            let part = if loud {
                part.to_uppercase()
            } else {
                part.to_lowercase()
            };
            format!("%{part}%{more}").split_off(usize::from(before == 0))
        });
    let one = prop_oneof![
        (sign(), -1..12_i64).prop_map(|(sign, number)| Ask::Id(sign, number)),
        proptest::collection::vec(0..12_i64, 1..4).prop_map(Ask::Ids),
        (any::<bool>(), sign(), text).prop_map(|(name, sign, text)| Ask::Text(name, sign, text)),
        (any::<bool>(), like).prop_map(|(name, text)| Ask::Like(name, text)),
        (any::<bool>(), any::<bool>()).prop_map(|(equal, wanted)| Ask::Active(equal, wanted)),
        (sign(), select(days)).prop_map(|(sign, day)| Ask::Created(sign, day)),
        any::<bool>().prop_map(Ask::NotNull),
    ];
    one.prop_recursive(4, 24, 2, |inner| {
        let pair = (inner.clone(), inner);
        prop_oneof![
            pair.clone()
                .prop_map(|(left, right)| Ask::And(Box::new(left), Box::new(right))),
            pair.prop_map(|(left, right)| Ask::Or(Box::new(left), Box::new(right))),
        ]
    })
}

#[test]
fn any_filter_finds_what_a_plain_evaluator_finds() {
    let (_database, mut db) = populated();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let db = std::cell::RefCell::new(&mut db);
    runner
        .run(&asks(), |ask| {
            let wanted: Vec<i64> = POPULATION
                .iter()
                .enumerate()
                .map(|(index, account)| (id(index), account))
                .filter(|(id, account)| ask.holds(*id, account))
                .map(|(id, _)| id)
                .collect();
            let text = ask.text();
            prop_assert_eq!(hits(&mut db.borrow_mut(), &text), wanted, "{}", text);
            Ok(())
        })
        .unwrap();
}
