//! What PostgreSQL has and SQLite is taught at every connection, so that one statement means the same on both.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::trigrams::teach_in_share;

diesel::postfix_operator!(InCodePoints, " COLLATE \"C\"", Nullable<Text>);

/// The text ordered by code point, whatever the collation of the database is.
pub fn in_code_points<E>(text: E) -> InCodePoints<E>
where
    E: Expression<SqlType = Nullable<Text>>,
{
    InCodePoints::new(text)
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// How many characters the text has. Both databases know this one.
    fn length(text: Nullable<Text>) -> Nullable<Integer>;

    /// The text with every character of `from` replaced by the one at the same place in `to`.
    fn translate(text: Nullable<Text>, from: Text, to: Text) -> Nullable<Text>;
}

/// Teaches a SQLite connection the collation and the functions.
pub(super) fn teach_sqlite(connection: &mut SqliteConnection) -> QueryResult<()> {
    // Diesel hands over the right side first.
    connection.register_collation("C", |right, left| left.cmp(right))?;
    teach_in_share(connection)?;
    translate_utils::register_impl(
        connection,
        |text: Option<String>, from: String, to: String| {
            text.map(|text| translated(&text, &from, &to))
        },
    )
}

fn translated(text: &str, from: &str, to: &str) -> String {
    let replaced = |character| {
        let mut pairs = from.chars().zip(to.chars());
        pairs
            .find(|(from, _)| *from == character)
            .map_or(character, |(_, to)| to)
    };
    text.chars().map(replaced).collect()
}
