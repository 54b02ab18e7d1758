//! CEQL: the small language of `where`, in which a script says which rows of a list it wants.
//!
//! A text is read by [`parser`] into the tree of [`syntax`]; [`condition`] makes a Diesel expression of the tree and the
//! fields that a resource declares in [`resources`]. The text itself never becomes SQL: names are looked up in the
//! resource's table of columns, and values are bound.

mod condition;
mod like;
mod parser;
mod resources;
mod syntax;

use std::marker::PhantomData;

pub use self::condition::{Column, Condition, Field, Resource};
pub use self::resources::{Accounts, Users};

use self::syntax::Expression;

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
    /// What a query on the resource's table is filtered by.
    ///
    /// # Errors
    /// None that [`filter`] has not answered before.
    pub fn condition(&self) -> Result<Condition<R::Table>, Wrong> {
        condition::condition(R::FIELDS, &self.expression)
            .map_err(|(byte, message)| Wrong::at(&self.text, byte, message))
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
