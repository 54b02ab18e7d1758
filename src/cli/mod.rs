//! The command line: one small file for each command.

mod demo;
mod migrate;
mod organization;
mod recover_admin;
mod rotate_key;
mod serve;
mod setup;

use std::error::Error as _;
use std::io::{BufRead as _, IsTerminal as _};

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, Parser, Subcommand};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::{Config, LogFormat};

/// Self-hosted admin console for organizations, their accounts and users.
#[derive(Parser)]
#[command(name = "tenantry", version)]
pub struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console (what is done without a command)
    Serve,
    /// Make the first organization and its org admin, without a browser
    Setup(setup::Arguments),
    /// Fill an empty database with an invented organization, and serve it
    Demo(demo::Arguments),
    /// The organizations: make a further one, list, deactivate, activate
    #[command(subcommand)]
    Organization(organization::Command),
    /// Let an org admin in again: gives a new password, unlocks, and removes the second factor
    RecoverAdmin(recover_admin::Arguments),
    /// Replace the key that seals secrets; running servers have to be started again
    RotateKey,
    /// Bring the database's schema up to date
    Migrate,
}

/// Reads the command line and the environment. Help and mistakes in the use of commands end the program here, as usual.
///
/// # Errors
/// One sentence that names the setting with a bad value.
pub fn parse() -> Result<Cli, String> {
    Cli::try_parse().map_err(|error| match bad_setting(&error) {
        Some(sentence) => sentence,
        None => error.exit(),
    })
}

/// A bad value may come from the environment, so both names of the setting are told.
fn bad_setting(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let flag = text(ContextKind::InvalidArg)?.split(' ').next()?;
    let value = text(ContextKind::InvalidValue)?;
    let command = Cli::command();
    let argument = command
        .get_arguments()
        .find(|argument| argument.get_long() == flag.strip_prefix("--"))?;
    let variable = argument.get_env()?.to_string_lossy();
    let why = match error.source() {
        Some(source) => format!(": {source}"),
        None => match error.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(values)) => format!(": it must be {}", values.join(" or ")),
            _ => ": --help lists its values".to_owned(),
        },
    };
    Some(format!("{variable} ({flag}) cannot be “{value}”{why}."))
}

/// Runs the command that was asked for.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(cli: Cli) -> Result<(), String> {
    start_logging(&cli.config)?;
    let config = cli.config;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(config),
        Command::Setup(arguments) => setup::run(config, &arguments),
        Command::Demo(arguments) => demo::run(config, &arguments),
        Command::Organization(command) => organization::run(config, &command),
        Command::RecoverAdmin(arguments) => recover_admin::run(config, &arguments),
        Command::RotateKey => rotate_key::run(config),
        Command::Migrate => migrate::run(&config),
    }
}

fn start_logging(config: &Config) -> Result<(), String> {
    // A word alone would be taken for a module, and everything else would fall silent.
    let understood = config
        .log_level
        .split(',')
        .all(|part| part.contains('=') || part.trim().parse::<LevelFilter>().is_ok());
    let filter = EnvFilter::try_new(&config.log_level)
        .ok()
        .filter(|_| understood)
        .ok_or_else(|| {
            format!(
                "TENANTRY_LOG_LEVEL (--log-level) cannot be “{}”: it must be error, warn, info, debug or trace, and may go on like info,actix_web=debug.",
                config.log_level
            )
        })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

/// The password: the first line of standard input, so that it stands in no command line and no history.
fn password_from_stdin() -> Result<String, String> {
    first_line("password")
}

fn first_line(what: &str) -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| format!("The {what} cannot be read from standard input: {error}."))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Runs a future to its end: the commands other than `serve` do one thing after the other.
fn wait<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}
