//! `tenantry organization`: further organizations in the same installation.

use clap::Subcommand;

use super::setup::{self, Arguments};
use crate::config::Config;

/// What can be done with organizations.
#[derive(Subcommand)]
pub enum Command {
    /// Make a further organization with its first org admin
    Create(Arguments),
}

/// Runs the command.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config, command: &Command) -> Result<(), String> {
    match command {
        Command::Create(arguments) => setup::create(config, arguments, false),
    }
}
