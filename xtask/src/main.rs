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
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => test::run(),
        ["docs"] => docs::run(),
        ["bench"] => bench::run(),
        ["screenshots"] => screenshots::run(),
        ["help" | "--help" | "-h"] => {
            shell::say(USAGE);
            return ExitCode::SUCCESS;
        }
        _ => {
            shell::say(&format!("there is no chore `{}`\n\n{USAGE}", words.join(" ")));
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
