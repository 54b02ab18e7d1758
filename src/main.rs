//! Parses the command line and calls the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use tenantry::cli::{parse, run};

/// Requests are many small allocations on threads that hand them to each other, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match parse().and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("tenantry: {sentence}");
            ExitCode::FAILURE
        }
    }
}
