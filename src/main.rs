//! Parses the command line, starts logging, calls the library.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tenantry::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Self-hosted admin console for organizations, their accounts and users.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database's schema up to date
    Migrate,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("tenantry: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), String> {
    cli.config.check()?;
    let filter = EnvFilter::try_new(&cli.config.log_level)
        .map_err(|error| format!("TENANTRY_LOG_LEVEL is not understood: {error}."))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match cli.config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    match cli.command {
        Command::Migrate => migrate(&cli.config),
    }
}

fn migrate(config: &Config) -> Result<(), String> {
    if config.database_url.is_none() {
        std::fs::create_dir_all(&config.data_dir)
            .map_err(|error| format!("TENANTRY_DATA_DIR cannot be made: {error}."))?;
    }
    let count = tenantry::db::migrate(&config.database_url()).map_err(|error| error.to_string())?;
    tracing::info!(count, "migrations run");
    Ok(())
}
