//! `cnct`, the one binary of Connect Processor.
//!
//! It holds no rule of its own: `cli` reads the arguments, `settings` finds the platform,
//! `commands` calls the libraries, `view` lays results out, `printer` prints, `exit` says how it
//! ended.

mod cli;
mod commands;
mod exit;
mod journals;
mod logging;
mod person;
mod printer;
mod settings;
mod signal;
mod view;

use std::process::ExitCode;

use clap::FromArgMatches;
use mimalloc::MiMalloc;

use crate::cli::Cli;
use crate::printer::Printer;

/// The emulator and the processor make and forget many small things: this allocator is made for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match commands::processor_arguments(std::env::args_os()) {
        Some(arguments) => commands::run_processor(arguments),
        None => command(),
    }
}

#[tokio::main]
async fn command() -> ExitCode {
    let parsed = cli::command().try_get_matches();
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return printer::not_understood(&error),
    };
    logging::start(&cli);
    let printer = Printer::new(&cli.global);
    match Box::pin(commands::run(cli, &printer)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => printer.fail(&error),
    }
}
