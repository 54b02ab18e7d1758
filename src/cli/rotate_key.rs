//! `tenantry rotate-key`: replaces the installation's key.

use super::{first_line, wait};
use crate::app::App;
use crate::config::Config;
use crate::domain::keys::Keys;
use crate::domain::rotation;
use crate::domain::text::counted;
use crate::key_file::{Replacement, parse};

/// Seals everything with a new key: one that is made and kept in the key's file, or, where the key comes from the
/// environment, the one on standard input.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config) -> Result<(), String> {
    let app = App::open(config)?;
    if app.config.secret_key.is_some() {
        let typed = first_line("new key")?;
        let new = parse(&typed)
            .ok_or("The first line of standard input must be the new key: 64 hex digits.")?;
        println!("{}", rotate(&app, Keys::derive(&new))?);
        println!("Start every server again with TENANTRY_SECRET_KEY set to the new key.");
        return Ok(());
    }
    let replacement = Replacement::draft(&app.config, &app.keys)?;
    let sentence = rotate(&app, replacement.keys.clone())?;
    replacement.keep()?;
    println!("{sentence}");
    println!(
        "Start every server again, with {}. Backups from before need {}.",
        app.config.secret_key_file().display(),
        replacement.former.display()
    );
    Ok(())
}

fn rotate(app: &App, new: Keys) -> Result<String, String> {
    let old = app.keys.clone();
    let count = wait(app.write(move |tx| rotation::rotate(tx, &old, &new)))
        .map_err(|error| error.to_string())?;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let secrets = counted(count, "secret is", "secrets are");
    Ok(format!(
        "The key was replaced: {secrets} sealed with the new one. All sessions are ended."
    ))
}
