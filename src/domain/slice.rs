//! A piece of a list that is read in the order of its ids.

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// Those beyond this id, in the direction of the list; from its beginning without one.
    pub beyond: Option<i64>,
    /// Rows that are passed over first.
    pub offset: i64,
    /// Rows at most.
    pub limit: i64,
}
