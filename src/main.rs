//! Parses the command line and calls the library.

use std::process::ExitCode;

use clap::Parser as _;
use tenantry::cli::{Cli, run};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("tenantry: {sentence}");
            ExitCode::FAILURE
        }
    }
}
