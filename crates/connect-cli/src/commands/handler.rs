//! `cnct handler`: handlers in other languages.

use connect_exec::ExecSettings;

use crate::cli::{CheckHandlers, HandlerCommand};
use crate::exit::Error;
use crate::printer::Printer;
use crate::signal::Signals;
use crate::view::CheckedCases;

/// Carries out a handler command.
pub(super) async fn run(command: HandlerCommand, printer: &Printer) -> Result<(), Error> {
    let mut signals = Signals::listen()?;
    let HandlerCommand::Check(CheckHandlers { exec, exec_channel, case }) = command;
    let settings = ExecSettings { exec_channel, ..ExecSettings::of(exec, None) };
    let checked = async { Ok(connect_exec::check(&settings, case.as_deref()).await?) };
    let report = signals.unless_told(checked).await?;
    let (failed, cases) = (report.failed(), report.cases.len());
    printer.show(&CheckedCases(report))?;
    if failed > 0 { Err(Error::NotConforming { failed, cases }) } else { Ok(()) }
}
