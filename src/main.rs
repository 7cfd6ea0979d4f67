//! Parses arguments, starts tracing, calls the library.

fn main() {}
