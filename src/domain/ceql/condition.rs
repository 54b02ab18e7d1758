//! Makes a Diesel expression of a filter, with the types of the fields that a resource declares.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta};
use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, SingleValue, SqlType, Text, Timestamp};

use super::like;
use super::syntax::{Expression, Literal, Operator, Placed, Test};
use crate::db::{Backend, in_code_points};
use crate::domain::email;
use crate::domain::text::{YEARS, composed};

// Diesel's own is never NULL, and so of another type than all other conditions.
diesel::postfix_operator!(IsNull, " IS NULL", Nullable<Bool>);

pub(super) type Boxed<T, S> = Box<dyn BoxableExpression<T, Backend, SqlType = Nullable<S>>>;

/// What a query that reads from `T` can be filtered by; NULL is not a hit.
pub type Condition<T> = Boxed<T, Bool>;

/// A list that can be filtered.
pub trait Resource {
    /// What its query reads from: a table, or several joined.
    type Rows: 'static;
    /// Every field of its JSON that is stored.
    const FIELDS: &'static [Field<Self::Rows>];
}

/// A field: its name in the JSON, and the column that holds it.
pub struct Field<T> {
    /// The name.
    pub name: &'static str,
    /// The column.
    pub column: Column<T>,
}

/// The column of a field. Its type says what the field is compared with.
pub enum Column<T> {
    /// A text. Equal is equal to the letter; less and greater go by code points.
    Text(fn() -> Boxed<T, Text>),
    /// An email. It is compared by the key by which it is unique; LIKE looks at what is shown.
    Email {
        /// As it was typed.
        shown: fn() -> Boxed<T, Text>,
        /// What [`email::key`] made of it.
        key: fn() -> Boxed<T, Text>,
    },
    /// A whole number.
    Number(fn() -> Boxed<T, BigInt>),
    /// `true` or `false`.
    Boolean(fn() -> Boxed<T, Bool>),
    /// A time, which is compared with a whole day, in UTC.
    Date(fn() -> Boxed<T, Timestamp>),
}

/// The byte of a mistake, and what it is.
type Mistake = (usize, String);

/// The condition that `expression` is, among `fields`.
///
/// # Errors
/// A field that is unknown, or a value that is not of its type.
pub(super) fn condition<T: 'static>(
    fields: &[Field<T>],
    expression: &Expression,
) -> Result<Condition<T>, Mistake> {
    match expression {
        Expression::And(left, right) => {
            Ok(and(condition(fields, left)?, condition(fields, right)?))
        }
        Expression::Or(left, right) => Ok(or(condition(fields, left)?, condition(fields, right)?)),
        Expression::Test(name, test) => {
            let field = fields.iter().find(|field| field.name == name.value);
            let unknown = || (name.byte, format!("there is no field {}", name.value));
            field.ok_or_else(unknown)?.test(test)
        }
    }
}

impl<T: 'static> Field<T> {
    fn test(&self, test: &Test) -> Result<Condition<T>, Mistake> {
        match test {
            Test::Compare(operator, value) => self.compare(*operator, value),
            Test::Like(pattern) => self.like(pattern),
            Test::IsNull => Ok(self.is_null()),
            Test::IsNotNull => Ok(Box::new(not(self.is_null()))),
        }
    }

    fn compare(
        &self,
        operator: Operator,
        value: &Placed<Literal>,
    ) -> Result<Condition<T>, Mistake> {
        match (&self.column, &value.value) {
            (Column::Text(column), Literal::Text(text)) => {
                Ok(compare_text(*column, operator, composed(text).into_owned()))
            }
            (Column::Email { key, .. }, Literal::Text(text)) => {
                // What is no email is equal to none.
                let wanted = email::key(text).unwrap_or_else(|| text.clone());
                Ok(compare_text(*key, operator, wanted))
            }
            (Column::Number(column), Literal::Number(number)) => {
                let number = (*number).into_sql::<Nullable<BigInt>>();
                Ok(compare(column(), operator, Box::new(number)))
            }
            (Column::Boolean(column), Literal::Boolean(wanted)) => match operator {
                Operator::Equal | Operator::NotEqual => {
                    let wanted = (*wanted).into_sql::<Nullable<Bool>>();
                    Ok(compare(column(), operator, Box::new(wanted)))
                }
                _ => Err((
                    value.byte,
                    format!("{} is compared with = or !=", self.name),
                )),
            },
            (Column::Date(column), Literal::Text(text)) => {
                let day = day(text).ok_or_else(|| self.wrong_type(value.byte))?;
                Ok(compare_day(*column, operator, day))
            }
            _ => Err(self.wrong_type(value.byte)),
        }
    }

    fn like(&self, pattern: &Placed<String>) -> Result<Condition<T>, Mistake> {
        match self.column {
            Column::Text(column) | Column::Email { shown: column, .. } => {
                Ok(like::like(column, &pattern.value))
            }
            _ => Err((
                pattern.byte,
                format!("{} is no text, as LIKE needs", self.name),
            )),
        }
    }

    fn is_null(&self) -> Condition<T> {
        match self.column {
            Column::Text(column) | Column::Email { shown: column, .. } => {
                Box::new(IsNull::new(column()))
            }
            Column::Number(column) => Box::new(IsNull::new(column())),
            Column::Boolean(column) => Box::new(IsNull::new(column())),
            Column::Date(column) => Box::new(IsNull::new(column())),
        }
    }

    fn wrong_type(&self, byte: usize) -> Mistake {
        let wanted = match self.column {
            Column::Text(_) | Column::Email { .. } => "a text in single quotes",
            Column::Number(_) => "a number",
            Column::Boolean(_) => "true or false",
            Column::Date(_) => "a date as '2026-01-31'",
        };
        (byte, format!("{} is compared with {wanted}", self.name))
    }
}

pub(super) fn and<T: 'static>(left: Condition<T>, right: Condition<T>) -> Condition<T> {
    Box::new(left.and(right))
}

fn or<T: 'static>(left: Condition<T>, right: Condition<T>) -> Condition<T> {
    Box::new(left.or(right))
}

fn compare<T, S>(column: Boxed<T, S>, operator: Operator, value: Boxed<T, S>) -> Condition<T>
where
    T: 'static,
    S: SqlType + SingleValue + 'static,
    Nullable<S>: SqlType<IsNull = diesel::sql_types::is_nullable::IsNullable> + SingleValue,
{
    match operator {
        Operator::Equal => Box::new(column.eq(value)),
        Operator::NotEqual => Box::new(column.ne(value)),
        Operator::Less => Box::new(column.lt(value)),
        Operator::Greater => Box::new(column.gt(value)),
        Operator::LessOrEqual => Box::new(column.le(value)),
        Operator::GreaterOrEqual => Box::new(column.ge(value)),
    }
}

fn compare_text<T: 'static>(
    column: fn() -> Boxed<T, Text>,
    operator: Operator,
    text: String,
) -> Condition<T> {
    let column = match operator {
        // Equal is the same in every order, and an index may answer it.
        Operator::Equal | Operator::NotEqual => column(),
        _ => Box::new(in_code_points(column())),
    };
    compare(
        column,
        operator,
        Box::new(text.into_sql::<Nullable<Text>>()),
    )
}

/// Compares a time with a day: it is within, before or after.
fn compare_day<T: 'static>(
    column: fn() -> Boxed<T, Timestamp>,
    operator: Operator,
    day: NaiveDate,
) -> Condition<T> {
    let first = NaiveDateTime::from(day);
    // Times are kept in microseconds.
    let last = first + TimeDelta::days(1) - TimeDelta::microseconds(1);
    let time = |operator, time: NaiveDateTime| {
        let time = time.into_sql::<Nullable<Timestamp>>();
        compare(column(), operator, Box::new(time))
    };
    match operator {
        Operator::Equal => and(
            time(Operator::GreaterOrEqual, first),
            time(Operator::LessOrEqual, last),
        ),
        Operator::NotEqual => or(time(Operator::Less, first), time(Operator::Greater, last)),
        Operator::Less | Operator::GreaterOrEqual => time(operator, first),
        Operator::Greater | Operator::LessOrEqual => time(operator, last),
    }
}

/// A day in the one form that the JSON has, of the years that both databases know.
fn day(text: &str) -> Option<NaiveDate> {
    let day = text.parse::<NaiveDate>().ok()?;
    (YEARS.contains(&day.year()) && day.to_string() == text).then_some(day)
}
