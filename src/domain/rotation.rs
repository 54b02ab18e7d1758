//! Replacing the installation's key: everything that was sealed with the old one is sealed with the new one.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::actor::Origin;
use super::audit::{self, By, Code, Details, Target};
use super::keys::Keys;
use super::two_factor::totp;
use super::{installation, job, secret};
use crate::db::schema::organizations;
use crate::db::{Backend, Tx};
use crate::error::Error;

/// Rows that are read and written at once.
const STEP: i64 = 1_000;

/// A column of sealed texts.
struct Sealed {
    table: &'static str,
    column: &'static str,
    /// The column beside it that holds the keyed digest of the same.
    digest: Option<&'static str>,
    /// What the text of the row with this id is sealed for.
    purpose: fn(i64) -> String,
}

/// Every column of sealed texts. Each table has a key `id`.
const SEALED: [Sealed; 4] = [
    Sealed {
        table: "organizations",
        column: "secret_sealed",
        digest: Some("secret_digest"),
        purpose: |_| secret::OF_ORGANIZATION.to_owned(),
    },
    Sealed {
        table: "users",
        column: "secret_sealed",
        digest: Some("secret_digest"),
        purpose: |_| secret::OF_USER.to_owned(),
    },
    Sealed {
        table: "users",
        column: "totp_sealed",
        digest: None,
        purpose: totp::at_rest,
    },
    Sealed {
        table: "jobs",
        column: "request_sealed",
        digest: None,
        purpose: |_| job::OF_REQUEST.to_owned(),
    },
];

/// Tables whose rows are found by the keyed digest of what nobody keeps, and the letters and answers that hold it: they are emptied.
const VOID: [&str; 4] = ["sessions", "recovery_links", "outbox", "idempotent_calls"];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    sealed: String,
}

/// Replaces the key. Ends all sessions; whoever still runs with the old key can write no more. Answers how many sealed
/// texts there were. A part of them is in memory at a time.
///
/// # Errors
/// A sentence when something does not open with the old key, or the key was replaced meanwhile: nothing was changed then.
pub fn rotate(tx: &mut Tx<'_>, old: &Keys, new: &Keys) -> Result<usize, Error> {
    installation::bind_anew(tx, old, new)?;
    for table in VOID {
        diesel::sql_query(format!("DELETE FROM {table}")).execute(tx.db())?;
    }
    let mut count = 0;
    for sealed in &SEALED {
        let mut last = i64::MIN;
        loop {
            let rows = sealed.after(tx, last)?;
            let Some(row) = rows.last() else { break };
            last = row.id;
            count += rows.len();
            sealed.renew(tx, rows, old, new)?;
        }
    }
    record(tx)?;
    Ok(count)
}

impl Sealed {
    fn after(&self, tx: &mut Tx<'_>, id: i64) -> Result<Vec<Row>, Error> {
        let Self { table, column, .. } = self;
        let query = format!(
            "SELECT id, {column} AS sealed FROM {table} \
             WHERE id > $1 AND {column} IS NOT NULL ORDER BY id LIMIT {STEP}"
        );
        let query = diesel::sql_query(query).bind::<BigInt, _>(id);
        Ok(query.load(tx.db())?)
    }

    /// Writes what the rows hold as the new keys seal it, in one statement.
    fn renew(&self, tx: &mut Tx<'_>, rows: Vec<Row>, old: &Keys, new: &Keys) -> Result<(), Error> {
        let Self {
            table,
            column,
            digest,
            purpose,
        } = self;
        let mut values = String::new();
        for place in (1..).step_by(3).take(rows.len()) {
            let comma = if place == 1 { "" } else { "," };
            write!(values, "{comma}(${place},${},${})", place + 1, place + 2)
                .map_err(Error::internal)?;
        }
        let set = match digest {
            Some(digest) => format!(", {digest} = fresh.digest"),
            None => String::new(),
        };
        let mut query = diesel::sql_query(format!(
            "WITH fresh (id, sealed, digest) AS (VALUES {values}) \
             UPDATE {table} SET {column} = fresh.sealed{set} FROM fresh WHERE {table}.id = fresh.id"
        ))
        .into_boxed::<Backend>();
        for Row { id, sealed } in rows {
            let purpose = purpose(id);
            let plain = old.open(&purpose, &sealed).ok_or_else(|| {
                Error::Refused(format!(
                    "{column} of {table} {id} does not open with the present key. Nothing was changed."
                ))
            })?;
            let digest = match digest {
                Some(_) => new.digest(&purpose, &String::from_utf8_lossy(&plain)),
                None => String::new(),
            };
            query = query
                .bind::<BigInt, _>(id)
                .bind::<Text, _>(new.seal(&purpose, &plain))
                .bind::<Text, _>(digest);
        }
        query.execute(tx.db())?;
        Ok(())
    }
}

/// Every organization learns of it from an event of its own.
fn record(tx: &mut Tx<'_>) -> Result<(), Error> {
    let rows: Vec<(i64, String)> = organizations::table
        .order(organizations::id)
        .select((organizations::id, organizations::name))
        .load(tx.db())?;
    let origin = Origin::command_line();
    let (by, noted) = (By::nobody(&origin), Details::default());
    for (id, name) in rows {
        let target = Target {
            kind: "organization",
            id: Some(id),
            name: &name,
            organization: Some(id),
            account: None,
        };
        audit::record(tx, &by, Code::KeyReplaced, &target, &noted)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SEALED, VOID};

    /// Whoever adds a column that depends on the key has to add it here, too.
    #[test]
    fn every_column_that_depends_on_the_key_is_known() {
        let mut table = "";
        let mut found = 0;
        for line in include_str!("../db/schema.rs").lines() {
            let words: Vec<_> = line
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty())
                .collect();
            if line.contains(") {") {
                table = words[0];
            }
            for column in &words {
                let sealed = column.ends_with("_sealed");
                if !sealed && !column.ends_with("_digest") {
                    continue;
                }
                found += 1;
                let known = SEALED.iter().any(|it| {
                    it.table == table && (it.column == *column || it.digest == Some(column))
                });
                assert!(known || VOID.contains(&table), "{table}.{column}");
            }
        }
        let digests = SEALED.iter().filter(|it| it.digest.is_some()).count();
        assert_eq!(found, SEALED.len() + digests + VOID.len());
    }
}
