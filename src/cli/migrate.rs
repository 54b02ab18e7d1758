//! `tenantry migrate`: brings the schema up to date, for those who do it before the new version starts.

use crate::config::Config;
use crate::db;
use crate::domain::text::{capital, counted};

/// Runs the migrations that are pending.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: &Config) -> Result<(), String> {
    config.check()?;
    config.make_data_dir()?;
    let count = db::migrate(&config.database_url()).map_err(|error| error.to_string())?;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let migrations = counted(count, "migration", "migrations");
    println!("{} ran.", capital(&migrations));
    Ok(())
}
