//! CEQL: the small language of `where`, in which a script says which rows of a list it wants.
//!
//! A text is read by `parser` into the tree of `syntax`; `condition` makes a Diesel expression of the tree and the
//! fields that a resource declares in `resources`. The text itself never becomes SQL: names are looked up in the
//! resource's table of columns, and values are bound.

mod condition;
mod like;
mod parser;
mod resources;
mod syntax;

use std::marker::PhantomData;

use diesel::dsl::sql;
use diesel::sql_types::{Bool, Nullable};

pub use self::condition::{Column, Condition, Field, Resource};
pub use self::resources::{Accounts, Users};

use self::syntax::Expression;
use crate::error::Error;

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("where: at character {character}, {message}.")]
pub struct Wrong {
    /// The character, counted from 1.
    pub character: usize,
    /// The end of a sentence about it.
    pub message: String,
}

/// A filter on the rows of a resource.
#[derive(Debug, Clone)]
pub struct Filter<R> {
    text: String,
    expression: Expression,
    resource: PhantomData<fn() -> R>,
}

/// Reads a filter, and checks it against the fields of its resource.
///
/// # Errors
/// [`Wrong`] for anything but a filter that can be asked of the database.
pub fn filter<R: Resource>(text: &str) -> Result<Filter<R>, Wrong> {
    let expression =
        parser::parse(text).map_err(|(byte, message)| Wrong::at(text, byte, message))?;
    let filter = Filter {
        text: text.to_owned(),
        expression,
        resource: PhantomData,
    };
    filter.condition()?;
    Ok(filter)
}

impl<R: Resource> Filter<R> {
    /// The filter as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the resource's query is filtered by.
    ///
    /// # Errors
    /// None that [`filter`] has not answered before.
    pub fn condition(&self) -> Result<Condition<R::Rows>, Wrong> {
        let condition = condition::condition(R::FIELDS, &self.expression)
            .map_err(|(byte, message)| Wrong::at(&self.text, byte, message))?;
        // Prepared statements are kept for ever, but none that holds `sql`: filters could be put together in any number.
        Ok(condition::and(
            condition,
            Box::new(sql::<Nullable<Bool>>("TRUE")),
        ))
    }
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        Self::Unread(wrong.to_string())
    }
}

impl Wrong {
    fn at(text: &str, byte: usize, message: impl Into<String>) -> Self {
        Self {
            character: text.get(..byte).unwrap_or(text).chars().count() + 1,
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Users, filter};

    fn refused(cases: &[(&str, usize, &str)]) {
        for (text, character, message) in cases {
            let wrong = filter::<Users>(text).unwrap_err();
            assert_eq!(
                (wrong.character, &*wrong.message),
                (*character, *message),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_understood_is_named_at_its_place() {
        refused(&[
            ("", 1, "a field or an opening parenthesis is expected"),
            ("  ", 3, "a field or an opening parenthesis is expected"),
            (
                "'a' = id",
                1,
                "a field or an opening parenthesis is expected",
            ),
            (
                "id = 1 AND",
                11,
                "a field or an opening parenthesis is expected",
            ),
            (
                "id = 1 OR ()",
                12,
                "a field or an opening parenthesis is expected",
            ),
            (
                "NOT active = true",
                5,
                "=, !=, <, >, <=, >=, LIKE, IN or IS is expected",
            ),
            ("id", 3, "=, !=, <, >, <=, >=, LIKE, IN or IS is expected"),
            (
                "id NOT IN (1)",
                4,
                "=, !=, <, >, <=, >=, LIKE, IN or IS is expected",
            ),
            ("id = 1 id = 2", 8, "AND, OR or the end is expected"),
            ("id = 1)", 7, "AND, OR or the end is expected"),
            (
                "id = 1 ORactive = true",
                8,
                "AND, OR or the end is expected",
            ),
            ("id IS NULLL", 7, "NULL or NOT NULL is expected"),
            (
                "id = 1; DROP TABLE users",
                7,
                "AND, OR or the end is expected",
            ),
            ("(id = 1", 8, "AND, OR or a closing parenthesis is expected"),
            (
                "firstName = 'Zoë' AND lastName = 'é",
                36,
                "a closing quote is expected",
            ),
            (
                "firstName = \"Zoë\"",
                13,
                "a text in single quotes, a number, true or false is expected",
            ),
            (
                "firstName = lastName",
                13,
                "a text in single quotes, a number, true or false is expected",
            ),
            (
                "id <> 1",
                5,
                "a text in single quotes, a number, true or false is expected",
            ),
            (
                "firstName LIKE 5",
                16,
                "a text in single quotes is expected",
            ),
            ("id IN 5", 7, "an opening parenthesis is expected"),
            (
                "id IN ()",
                8,
                "a text in single quotes, a number, true or false is expected",
            ),
            (
                "id IN (1 2)",
                10,
                "a comma or a closing parenthesis is expected",
            ),
            ("id IS 5", 7, "NULL or NOT NULL is expected"),
            ("id IS NOT 5", 11, "NULL is expected"),
            ("`id = 1", 4, "a closing back-tick is expected"),
            ("`` = 1", 2, "a field is expected"),
            ("id = 1.5", 7, "a whole number of 64 bits is expected"),
            (
                "id = 9223372036854775808",
                6,
                "a whole number of 64 bits is expected",
            ),
            (
                "firstName = 'a\0'",
                15,
                "there is a character that no text can have",
            ),
        ]);
    }

    #[test]
    fn fields_and_types_that_do_not_fit_are_named_at_their_place() {
        refused(&[
            ("active = true AND nam = 'x'", 19, "there is no field nam"),
            (
                "password_hash LIKE '%'",
                1,
                "there is no field password_hash",
            ),
            ("ID = 1", 1, "there is no field ID"),
            ("id = '1'", 6, "id is compared with a number"),
            (
                "firstName = 1",
                13,
                "firstName is compared with a text in single quotes",
            ),
            (
                "email = true",
                9,
                "email is compared with a text in single quotes",
            ),
            ("active = 1", 10, "active is compared with true or false"),
            ("active < true", 10, "active is compared with = or !="),
            (
                "createdDate > '2026-1-31'",
                15,
                "createdDate is compared with a date as '2026-01-31'",
            ),
            (
                "createdDate > '2026-02-30'",
                15,
                "createdDate is compared with a date as '2026-01-31'",
            ),
            (
                "createdDate > 20260131",
                15,
                "createdDate is compared with a date as '2026-01-31'",
            ),
            ("id LIKE '1%'", 9, "id is no text, as LIKE needs"),
        ]);
        let wrong = filter::<Users>("id == 1").unwrap_err().to_string();
        assert_eq!(
            wrong,
            "where: at character 5, a text in single quotes, a number, true or false is expected."
        );
    }
}
