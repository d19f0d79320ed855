//! Repository chores: `cargo xtask test`, `docs`, `bench`, `screenshots`.

mod bench;
mod docs;
mod needs;
mod screenshots;
mod shell;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <CHORE>

Chores:
  test         install what the tests need, then run everything CI runs
  docs         run the commands that README and docs/ show
  bench        measure speed and memory; prints ratios and the machine
  screenshots  write a picture of every page of the emulator to docs/screenshots";

fn main() -> ExitCode {
    let chore = std::env::args().nth(1);
    let done = match chore.as_deref() {
        Some("test") => test::run(),
        Some("docs") => docs::run(),
        Some("bench") => bench::run(),
        Some("screenshots") => screenshots::run(),
        _ => {
            shell::say(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
