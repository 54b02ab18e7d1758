//! Paging of the API's lists: by offset, or by a token that goes on where a page ended.

use super::keys::Keys;
use crate::db::Paged;
use crate::error::Error;

/// Rows of a page when nothing is said.
const SIZE: usize = 200;
/// Rows of a page at most.
const LARGEST: usize = 2_000;
/// Rows are counted up to here. With more, the total is left out, unless the database keeps count.
pub(super) const COUNTED: i64 = 10_000;

/// What a call asks for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Rows of a page, 1 to 2,000.
    pub page_size: Option<i64>,
    /// Rows to pass over.
    pub offset: Option<i64>,
    /// The token of a page.
    pub next_page: Option<String>,
}

/// Which page of a list in the order of ids is wanted.
#[derive(Debug, Clone)]
pub struct Paging {
    size: usize,
    /// Rows to pass over.
    offset: i64,
    /// The last id of the page before; 0 for the first page.
    pub after: i64,
    /// What a token is bound to: the list and all that narrows it.
    purpose: String,
}

/// A page of a list.
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The token of the next page, if there is one.
    pub next: Option<String>,
    /// How many rows there are in all, where that is cheap to know.
    pub total: Option<i64>,
}

impl Asked {
    /// Understands what is asked for of the list that `purpose` names, together with all that narrows it.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a number out of its range, both ways of paging at once, or a token of another list.
    pub fn parse(&self, keys: &Keys, purpose: String) -> Result<Paging, Error> {
        let size = size(self.page_size)?;
        let offset = self.offset.unwrap_or_default();
        if offset < 0 {
            return Err(Error::Malformed("offset is a whole number from 0."));
        }
        let after = match &self.next_page {
            None => 0,
            Some(_) if self.offset.is_some() => {
                return Err(Error::Malformed(
                    "Only one of offset and nextPage can be given.",
                ));
            }
            Some(token) => keys
                .open(&purpose, token)
                .and_then(|plain| Some(i64::from_be_bytes(plain.try_into().ok()?)))
                .ok_or(Error::Malformed("nextPage is not a token of this list."))?,
        };
        Ok(Paging {
            size,
            offset,
            after,
            purpose,
        })
    }
}

impl Paging {
    /// The rows of `query` to read: those of the page, and one to see whether there is a page after it.
    #[must_use]
    pub fn of<Q>(&self, query: Q) -> Paged<Q> {
        let limit = self.size + 1;
        if self.size == SIZE && self.offset == 0 {
            Paged::first(query, limit)
        } else {
            Paged::asked(query, limit, self.offset)
        }
    }

    /// The page that was read with [`Paging::of`]; `id` is what the list is ordered by.
    #[must_use]
    pub fn page<T>(
        &self,
        keys: &Keys,
        mut rows: Vec<T>,
        total: Option<i64>,
        id: impl Fn(&T) -> i64,
    ) -> Page<T> {
        let more = rows.len() > self.size;
        rows.truncate(self.size);
        let last = rows.last().filter(|_| more).map(id);
        Page {
            next: last.map(|last| keys.seal(&self.purpose, &last.to_be_bytes())),
            total,
            rows,
        }
    }
}

/// Rows of a page, where so many are asked for.
///
/// # Errors
/// [`Error::Malformed`] for none, or more than 2,000.
pub(super) fn size(asked: Option<i64>) -> Result<usize, Error> {
    let size = asked.map_or(Some(SIZE), |asked| usize::try_from(asked).ok());
    size.filter(|size| (1..=LARGEST).contains(size))
        .ok_or(Error::Malformed(
            "pageSize is a whole number from 1 to 2000.",
        ))
}

/// A total that was counted up to one more than [`COUNTED`]: with more, it is not known.
#[must_use]
pub(super) fn counted(total: i64) -> Option<i64> {
    (total <= COUNTED).then_some(total)
}

impl<T> Page<T> {
    /// This page, unless it is empty.
    ///
    /// # Errors
    /// [`Error::NoneFound`] with the sentence.
    pub fn or_none(self, sentence: &'static str) -> Result<Self, Error> {
        if self.rows.is_empty() {
            Err(Error::NoneFound(sentence))
        } else {
            Ok(self)
        }
    }
}
