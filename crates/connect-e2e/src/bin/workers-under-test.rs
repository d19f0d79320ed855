//! A processor whose handlers are in another language, as `cnct run --exec` is one.

use std::process::ExitCode;

use connect_exec::ExecSettings;
use connect_runner::Program;

fn main() -> ExitCode {
    Program::new("workers").run(ExecSettings::start, connect_exec::processor)
}
