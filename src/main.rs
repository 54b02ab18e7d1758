//! Parses the command line and calls the library.

use std::process::ExitCode;

use tenantry::cli::{parse, run};

fn main() -> ExitCode {
    match parse().and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("tenantry: {sentence}");
            ExitCode::FAILURE
        }
    }
}
