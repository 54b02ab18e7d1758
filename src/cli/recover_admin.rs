//! `tenantry recover-admin`: a way back in for an org admin, from the server's shell.

use clap::Args;

use super::{password_from_stdin, wait};
use crate::app::App;
use crate::config::Config;
use crate::domain::actor::Origin;
use crate::domain::profile::Recoverable;
use crate::error::Error;

/// Whom.
#[derive(Args)]
pub struct Arguments {
    /// Email of an org admin; the new password is the first line of standard input
    #[arg(long)]
    email: String,
}

/// Sets the password, takes lock and second factor away, ends all sessions of the user, and writes the event.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config, arguments: &Arguments) -> Result<(), String> {
    let app = App::open(config)?;
    let email = arguments.email.clone();
    let password = password_from_stdin()?;
    let forgotten = wait(async {
        let admin = app.read(move |db| Recoverable::find(db, &email)).await?;
        let accepted = admin.accept(&password).map_err(Error::Refused)?;
        let hash = app
            .hash_unless_used(accepted, admin.forbidden.clone())
            .await?
            .ok_or_else(|| Error::Refused(admin.refusal()))?;
        app.write(move |tx| admin.set(tx, &Origin::command_line(), &hash))
            .await
    })
    .map_err(|error| error.to_string())?;
    println!(
        "{} has a new password. All former sessions are ended.{}",
        arguments.email,
        if forgotten {
            " The second factor was removed; set up a new one in My Profile."
        } else {
            ""
        }
    );
    Ok(())
}
