//! Parses arguments, starts tracing, calls the library.

use std::process::ExitCode;

use clap::Parser;
use foca::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    foca::cli::run(Cli::parse()).await
}
