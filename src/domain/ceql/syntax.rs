//! The tree of a filter, before anything is known of the fields it names.

/// A part of the text, and the byte at which it begins. Two are equal when they say the same, wherever they stand.
#[derive(Debug, Clone)]
pub(super) struct Placed<V> {
    pub byte: usize,
    pub value: V,
}

impl<V: PartialEq> PartialEq for Placed<V> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Test(Placed<String>, Test),
}

/// What is asked of a field. IN is read as the equalities that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Compare(Operator, Placed<Literal>),
    /// `%` stands for any text, every other character for itself.
    Like(Placed<String>),
    IsNull,
    IsNotNull,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Number(i64),
    Boolean(bool),
}
