//! Paging of the API's lists: by offset, or by a token that goes on where a page ended.

use super::keys::Keys;
use crate::error::Error;

/// Rows of a page when nothing is said.
pub(super) const SIZE: i64 = 200;
/// Rows of a page at most.
pub(super) const LARGEST: i64 = 2_000;
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
    size: i64,
    /// Rows to pass over.
    pub offset: i64,
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
        let size = self.page_size.unwrap_or(SIZE);
        if !(1..=LARGEST).contains(&size) {
            return Err(Error::Malformed(
                "pageSize is a whole number from 1 to 2000.",
            ));
        }
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
    /// Rows to read: those of the page, and one to see whether there is a page after it.
    #[must_use]
    pub fn limit(&self) -> i64 {
        self.size + 1
    }

    /// The page that was read with [`Paging::limit`]; `id` is what the list is ordered by.
    #[must_use]
    pub fn page<T>(
        &self,
        keys: &Keys,
        mut rows: Vec<T>,
        total: Option<i64>,
        id: impl Fn(&T) -> i64,
    ) -> Page<T> {
        let size = usize::try_from(self.size).unwrap_or_default();
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more).map(id);
        Page {
            next: last.map(|last| keys.seal(&self.purpose, &last.to_be_bytes())),
            total,
            rows,
        }
    }
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
