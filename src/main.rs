//! Parses arguments, starts tracing, calls the library.

use std::process::ExitCode;

use clap::Parser;
use foca::cli::Cli;

// SQLite's thread allocates each cell that another thread frees, which glibc serves slowly; `override` is for SQLite.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    foca::cli::run(Cli::parse()).await
}
