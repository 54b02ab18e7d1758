//! `tenantry organization`: the organizations of the installation.

use clap::{Args, Subcommand};

use super::{setup, wait};
use crate::app::App;
use crate::config::Config;
use crate::domain::actor::Origin;
use crate::domain::organization;
use crate::error::Error;

/// What can be done with organizations.
#[derive(Subcommand)]
pub enum Command {
    /// Make a further organization with its first org admin
    Create(setup::Arguments),
    /// List all organizations with their ids
    List,
    /// Refuse everybody of an organization, from the next request on; what they own is kept, but not run
    Deactivate(Which),
    /// Let everybody of an organization in again
    Activate(Which),
}

/// Which organization.
#[derive(Args)]
pub struct Which {
    /// Its id, which Settings and `organization list` show
    id: i64,
}

/// Runs the command.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config, command: &Command) -> Result<(), String> {
    match command {
        Command::Create(arguments) => setup::create(config, arguments, false),
        Command::List => list(config),
        Command::Deactivate(Which { id }) => set_active(config, *id, false),
        Command::Activate(Which { id }) => set_active(config, *id, true),
    }
}

fn list(config: Config) -> Result<(), String> {
    let app = App::open(config)?;
    let all = wait(app.read(organization::all)).map_err(|error| error.to_string())?;
    for it in all {
        let state = if it.active { "active" } else { "inactive" };
        println!("{}\t{state}\t{}", it.id, it.name);
    }
    Ok(())
}

fn set_active(config: Config, id: i64, active: bool) -> Result<(), String> {
    let app = App::open(config)?;
    let origin = Origin::command_line();
    let name = wait(app.write(move |tx| organization::set_active(tx, &origin, id, active)))
        .map_err(|error| match error {
            Error::NotFound => {
                format!("No organization has the id {id}. `tenantry organization list` shows them.")
            }
            other => other.to_string(),
        })?;
    println!("{name} is {}.", if active { "active" } else { "inactive" });
    Ok(())
}
