//! Schedules: Quartz expressions with seconds, in UTC. Quartz's notation is read here; the calendar is croner's.

use chrono::NaiveDateTime;
use croner::Cron;
use croner::parser::{CronParser, Seconds};

use crate::error::FieldErrors;

/// Characters that an expression has at most.
const LONGEST: usize = 200;
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What one of the seven fields may hold.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

const fn field(name: &'static str, least: u32, most: u32, words: &'static [&'static str]) -> Field {
    Field {
        name,
        least,
        most,
        words,
    }
}

const FIELDS: [Field; 7] = [
    field("seconds", 0, 59, &[]),
    field("minutes", 0, 59, &[]),
    field("hours", 0, 23, &[]),
    field("day of the month", 1, 31, &[]),
    field("month", 1, 12, &MONTHS),
    field("day of the week", 1, 7, &DAYS),
    field("year", 1970, 2099, &[]),
];
const DAY_OF_MONTH: usize = 3;
const DAY_OF_WEEK: usize = 5;
const YEAR: usize = 6;

/// When something fires: `0 0/15 * 1/1 * ? *`, for example.
#[derive(Debug, Clone)]
pub struct Schedule {
    text: String,
    cron: Cron,
}

impl Schedule {
    /// Reads a Quartz expression: seconds, minutes, hours, day of the month, month, day of the week and, if wanted, the
    /// year. One of the two days is `?`. `L`, `W` and `#` mean what they mean in Quartz; `L-3` is not understood.
    ///
    /// # Errors
    /// A sentence that names the field which is wrong.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let text = typed.trim();
        if text.len() > LONGEST {
            return Err(format!("Enter a schedule of at most {LONGEST} characters."));
        }
        let upper = text.to_ascii_uppercase();
        let mut fields: Vec<&str> = upper.split_ascii_whitespace().collect();
        if fields.len() == YEAR {
            fields.push("*");
        }
        if fields.len() != FIELDS.len() {
            return Err(
                "Enter a Quartz expression of six or seven fields, like 0 0/15 * 1/1 * ? *."
                    .to_owned(),
            );
        }
        if (fields[DAY_OF_MONTH] == "?") == (fields[DAY_OF_WEEK] == "?") {
            return Err(
                "Enter ? for one of the two, day of the month or day of the week.".to_owned(),
            );
        }
        let wrong = |place: usize| {
            format!(
                "The {} in the schedule, {}, is not understood.",
                FIELDS[place].name, fields[place]
            )
        };
        let pattern: Vec<String> = fields
            .iter()
            .enumerate()
            .map(|(place, field)| translate(place, field).ok_or_else(|| wrong(place)))
            .collect::<Result<_, _>>()?;
        let cron = CronParser::builder()
            .seconds(Seconds::Required)
            .alternative_weekdays(true)
            .build()
            .parse(&pattern.join(" "))
            .map_err(|_| "The schedule is not understood.".to_owned())?;
        let text = text.to_owned();
        Ok(Self { text, cron })
    }

    /// Reads an expression that fires after `now`, or notes under `name` what is wrong with it.
    pub fn accept(
        name: &'static str,
        typed: &str,
        now: NaiveDateTime,
        errors: &mut FieldErrors,
    ) -> Option<(Self, NaiveDateTime)> {
        let schedule = Self::parse(typed)
            .map_err(|sentence| errors.add(name, sentence))
            .ok()?;
        let next = schedule.next(now);
        if next.is_none() {
            errors.add(
                name,
                "Enter a schedule that fires again. This one never does.",
            );
        }
        Some((schedule, next?))
    }

    /// The first time it fires after `now`; none when it never does again.
    #[must_use]
    pub fn next(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        self.cron.find_next_occurrence(&now, false).ok()
    }

    /// The expression as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A field as croner writes it.
fn translate(place: usize, text: &str) -> Option<String> {
    let parts: Option<Vec<String>> = text
        .split(',')
        .map(|part| special(place, part).or_else(|| range(&FIELDS[place], part)))
        .collect();
    Some(parts?.join(","))
}

/// What only days know: `?`, `L`, `W` and `#`.
fn special(place: usize, part: &str) -> Option<String> {
    let days = &FIELDS[place];
    match place {
        DAY_OF_MONTH | DAY_OF_WEEK if part == "?" => Some("*".to_owned()),
        DAY_OF_MONTH if matches!(part, "L" | "LW") => Some(part.to_owned()),
        DAY_OF_MONTH => Some(format!("{}W", number(days, part.strip_suffix('W')?)?)),
        DAY_OF_WEEK if part == "L" => Some("7".to_owned()),
        DAY_OF_WEEK => {
            if let Some((day, nth @ ("1" | "2" | "3" | "4" | "5"))) = part.split_once('#') {
                return Some(format!("{}#{nth}", number(days, day)?));
            }
            Some(format!("{}#L", number(days, part.strip_suffix('L')?)?))
        }
        _ => None,
    }
}

/// `*`, `5`, `5-20`, `*/15`, `5/15`, `5-20/15`, and ranges that go over the end, like `22-2` or `FRI-MON`.
fn range(field: &Field, part: &str) -> Option<String> {
    let size = field.most - field.least + 1;
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(digits(step)?)),
        None => (part, None),
    };
    let by = step.unwrap_or(1);
    if by == 0 || by > size {
        return None;
    }
    let (from, to) = match (range, range.split_once('-')) {
        ("*", _) => (field.least, field.most),
        ("", _) if step.is_some() => (field.least, field.most),
        (_, Some((from, to))) => (number(field, from)?, number(field, to)?),
        (_, None) => {
            let from = number(field, range)?;
            (from, if step.is_some() { field.most } else { from })
        }
    };
    if from < to {
        return Some(format!("{from}-{to}/{by}"));
    }
    let end = if from == to { to } else { to + size };
    let over: Vec<String> = (from..=end)
        .step_by(usize::try_from(by).ok()?)
        .map(|value| (field.least + (value - field.least) % size).to_string())
        .collect();
    Some(over.join(","))
}

/// A number of the field, or one of its words.
fn number(field: &Field, text: &str) -> Option<u32> {
    let word = (field.least..)
        .zip(field.words)
        .find(|(_, word)| **word == text);
    let number = word.map_or_else(|| digits(text), |(number, _)| Some(number))?;
    (field.least..=field.most)
        .contains(&number)
        .then_some(number)
}

fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;

    use super::Schedule;

    fn time(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    /// The next two times after Wednesday, 2026-03-04, 10:00 UTC, as `03-04T10:15:00 03-04T10:30:00`.
    fn next(cron: &str) -> String {
        let schedule = Schedule::parse(cron).unwrap_or_else(|why| panic!("{cron}: {why}"));
        let mut at = time("2026-03-04T10:00:00");
        let mut times = Vec::new();
        while let Some(next) = schedule.next(at)
            && times.len() < 2
        {
            times.push(next.format("%y-%m-%d %H:%M:%S").to_string());
            at = next;
        }
        times.join(" | ")
    }

    #[test]
    fn fires_as_quartz_does() {
        for (cron, times) in [
            // Steps, also those that begin somewhere, and the notation of the original.
            (
                "0 0/15 * 1/1 * ? *",
                "26-03-04 10:15:00 | 26-03-04 10:30:00",
            ),
            ("0 */7 * * * ?", "26-03-04 10:07:00 | 26-03-04 10:14:00"),
            ("0 /20 * * * ?", "26-03-04 10:20:00 | 26-03-04 10:40:00"),
            ("0 50/20 * * * ?", "26-03-04 10:50:00 | 26-03-04 11:50:00"),
            ("0 5-20/5 * * * ?", "26-03-04 10:05:00 | 26-03-04 10:10:00"),
            ("15,45 * * * * ?", "26-03-04 10:00:15 | 26-03-04 10:00:45"),
            // Sunday is 1, Saturday is 7, and L alone is Saturday.
            ("0 0 12 ? * 1", "26-03-08 12:00:00 | 26-03-15 12:00:00"),
            ("0 0 12 ? * 7", "26-03-07 12:00:00 | 26-03-14 12:00:00"),
            ("0 0 12 ? * L", "26-03-07 12:00:00 | 26-03-14 12:00:00"),
            ("0 0 12 ? * fri", "26-03-06 12:00:00 | 26-03-13 12:00:00"),
            ("0 0 12 ? JUL WED", "26-07-01 12:00:00 | 26-07-08 12:00:00"),
            ("0 0 12 ? * 2/2", "26-03-04 12:00:00 | 26-03-06 12:00:00"),
            // The last of a month, the nth of a month, the nearest weekday.
            ("0 0 12 ? * 6L", "26-03-27 12:00:00 | 26-04-24 12:00:00"),
            ("0 0 12 ? * FRI#2", "26-03-13 12:00:00 | 26-04-10 12:00:00"),
            ("0 0 12 ? * 6#5", "26-05-29 12:00:00 | 26-07-31 12:00:00"),
            ("0 0 12 L * ?", "26-03-31 12:00:00 | 26-04-30 12:00:00"),
            ("0 0 12 LW 5 ?", "26-05-29 12:00:00 | 27-05-31 12:00:00"),
            ("0 0 12 15W * ?", "26-03-16 12:00:00 | 26-04-15 12:00:00"),
            ("0 0 12 1W 8 ?", "26-08-03 12:00:00 | 27-08-02 12:00:00"),
            ("0 0 12 1,15,L * ?", "26-03-15 12:00:00 | 26-03-31 12:00:00"),
            // Ranges over the end.
            ("0 0 22-2/2 * * ?", "26-03-04 22:00:00 | 26-03-05 00:00:00"),
            (
                "0 0 12 ? * FRI-MON",
                "26-03-06 12:00:00 | 26-03-07 12:00:00",
            ),
            ("0 0 0 1 NOV-FEB ?", "26-11-01 00:00:00 | 26-12-01 00:00:00"),
            // Years, counted from 1970.
            ("0 0 0 1 1 ? */2", "28-01-01 00:00:00 | 30-01-01 00:00:00"),
            (
                "0 0 0 1 1 ? 2025/5",
                "30-01-01 00:00:00 | 35-01-01 00:00:00",
            ),
            ("0 0 0 1 1 ? 2027", "27-01-01 00:00:00"),
            ("0 0 0 29 2 ?", "28-02-29 00:00:00 | 32-02-29 00:00:00"),
            ("0  0\t12 ? * MON", "26-03-09 12:00:00 | 26-03-16 12:00:00"),
        ] {
            assert_eq!(next(cron), times, "{cron}");
        }
    }

    #[test]
    fn fires_on_whole_seconds_and_never_at_once() {
        let every_second = Schedule::parse("* * * * * ?").unwrap();
        for (after, fires) in [
            ("2026-03-04T10:00:00", "2026-03-04T10:00:01"),
            ("2026-03-04T10:00:00.25", "2026-03-04T10:00:01"),
            ("2026-12-31T23:59:59.999999", "2027-01-01T00:00:00"),
        ] {
            assert_eq!(every_second.next(time(after)), Some(time(fires)), "{after}");
        }
    }

    #[test]
    fn what_never_fires_again() {
        for cron in [
            "0 0 0 30 2 ?",
            "0 0 0 1 1 ? 2020",
            "0 0 0 29 2 ? 2027",
            "0 0 0 1 1 ? 1970-2025",
        ] {
            let schedule = Schedule::parse(cron).unwrap();
            assert_eq!(schedule.next(time("2026-03-04T10:00:00")), None, "{cron}");
        }
        let last = Schedule::parse("0 0 0 1 1 ?").unwrap();
        assert_eq!(last.next(time("2099-06-01T00:00:00")), None);
    }

    #[test]
    fn what_is_no_quartz_expression() {
        for cron in [
            "",
            "?",
            "* * * * *",
            "0 0 0 1 1 ? 2027 *",
            "0 0 12 * * *",
            "0 0 12 ? * ?",
            "0 0 12 5 * MON",
            "0 ? * * * ?",
            "60 * * * * ?",
            "0 60 * * * ?",
            "0 0 24 * * ?",
            "-1 * * * * ?",
            "+1 * * * * ?",
            "1- * * * * ?",
            ", * * * * ?",
            "0 0/0 * * * ?",
            "0 0/61 * * * ?",
            "0 0/ * * * ?",
            "0 / * * * ?",
            "0 0//5 * * * ?",
            "0 0 0 0 * ?",
            "0 0 0 32 * ?",
            "0 0 0 L-3 * ?",
            "0 0 0 32W * ?",
            "0 0 0 1 0 ?",
            "0 0 0 1 13 ?",
            "0 0 0 1 JANUARY ?",
            "0 0 0 ? * 0",
            "0 0 0 ? * 8",
            "0 0 0 ? * MONDAY",
            "0 0 0 ? * 6#6",
            "0 0 0 ? * 6#0",
            "0 0 0 ? * #2",
            "0 0 0 ? * +MON",
            "0 0 0 1 1 ? 1969",
            "0 0 0 1 1 ? 2100",
            "0 0 0 1 1 ? 99999999999999999999",
            "@daily",
            "@reboot",
            "0 0 0 ١ * ?",
            &"0,".repeat(200),
        ] {
            assert!(Schedule::parse(cron).is_err(), "{cron}");
        }
    }
}
