//! The Acme processor as a program.

use std::process::ExitCode;

use acme::{connect, processor};
use connect_runner::Program;

fn main() -> ExitCode {
    Program::new("acme")
        .about("Processes the Connect requests of Acme's products")
        .version(env!("CARGO_PKG_VERSION"))
        .run(connect, processor)
}
