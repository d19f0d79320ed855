//! `cnct completions`.

use clap_complete::{Shell, generate};

use crate::cli::command;
use crate::exit::Error;
use crate::printer::Printer;

/// Prints the completions of a shell.
pub(crate) fn run(shell: Shell, printer: &Printer) -> Result<(), Error> {
    let mut script = Vec::new();
    generate(shell, &mut command(), "cnct", &mut script);
    printer.text(&script)
}
