//! The Acme processor as a program.

use std::process::ExitCode;

use acme::{connect, processor};
use connect_runner::Program;
use mimalloc::MiMalloc;

/// A processor makes and forgets many small things: this allocator is made for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    Program::new("acme")
        .about("Processes the Connect requests of Acme's products")
        .version(env!("CARGO_PKG_VERSION"))
        .run(connect, processor)
}
