//! `cnct completions`.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::exit::Error;
use crate::printer::Printer;

/// Prints the completions of a shell.
pub(crate) fn run(shell: Shell, printer: &Printer) -> Result<(), Error> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "cnct", &mut script);
    printer.text(&script)
}
