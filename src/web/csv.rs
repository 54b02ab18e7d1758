//! Tables as files: streamed chunk by chunk, with cells that no spreadsheet takes for a formula.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use futures_util::stream::try_unfold;

use crate::error::Error;

/// Rows of a file, as they are put together.
pub struct Sheet(Writer<Vec<u8>>);

impl Sheet {
    /// No rows yet.
    #[must_use]
    pub fn new() -> Self {
        Self(
            WriterBuilder::new()
                // Always, because a spreadsheet may take another character than the comma for the end of a cell.
                .quote_style(QuoteStyle::Always)
                .terminator(Terminator::CRLF)
                .from_writer(Vec::new()),
        )
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Never in practice: it is written to memory.
    pub fn row(&mut self, cells: &[&str]) -> Result<(), Error> {
        let cells = cells.iter().map(|cell| harmless(cell));
        for cell in cells {
            self.0
                .write_field(cell.as_bytes())
                .map_err(Error::internal)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(Error::internal)
    }

    fn bytes(self) -> Result<Bytes, Error> {
        self.0
            .into_inner()
            .map(Bytes::from)
            .map_err(Error::internal)
    }
}

/// What begins like a formula, also in the full-width characters that some spreadsheets take for the same, gets an
/// apostrophe before it, which spreadsheets take for "this is text".
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Sends a file with a head and the rows that `next` makes: from where the rows of before ended it answers the next
/// ones, and where these end, if that is not the end. Nothing is held between two calls: no row, no connection.
///
/// # Errors
/// When the head cannot be written.
pub fn send<At, Next, Rows>(
    name: &str,
    head: &[&str],
    start: At,
    next: Next,
) -> Result<HttpResponse, Error>
where
    At: 'static,
    Next: Fn(At) -> Rows + 'static,
    Rows: Future<Output = Result<(Sheet, Option<At>), Error>> + 'static,
{
    let mut first = Sheet::new();
    first.row(head)?;
    let chunks = try_unfold(
        (Some(first), Some(start), next),
        async |(first, at, next)| {
            if let Some(head) = first {
                return Ok(Some((head.bytes()?, (None, at, next))));
            }
            let Some(at) = at else { return Ok(None) };
            match next(at).await {
                Ok((rows, at)) => Ok(Some((rows.bytes()?, (None, at, next)))),
                Err(error) => {
                    // The head is on its way already: all that is left is to end the file too early, which clients notice.
                    tracing::error!("an export broke off: {error}");
                    Err(error)
                }
            }
        },
    );
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .streaming(chunks))
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn cells_are_quoted_and_harmless() {
        let mut sheet = Sheet::new();
        for cells in [
            ["=HYPERLINK(\"http://x\")", "+1", "-1", "@a"],
            ["\tx", "\rx", "a=b", "'"],
            ["a,b", "say \"hi\"", "two\nlines", "🙂 ü"],
            ["＝1", "a;=1", "", "-"],
        ] {
            sheet.row(&cells).unwrap();
        }
        let bytes = sheet.bytes().unwrap();
        assert_eq!(
            std::str::from_utf8(&bytes).unwrap(),
            "\"'=HYPERLINK(\"\"http://x\"\")\",\"'+1\",\"'-1\",\"'@a\"\r\n\
             \"'\tx\",\"'\rx\",\"a=b\",\"'\"\r\n\
             \"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"🙂 ü\"\r\n\
             \"'＝1\",\"a;=1\",\"\",\"'-\"\r\n"
        );
    }
}
