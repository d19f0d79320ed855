//! Repository chores: `cargo xtask test`, `check`, `docs`, `fuzz`, `campaign`, `bench`,
//! `wheel`, `screenshots`.

mod bench;
mod campaign;
mod check;
mod crates;
mod docs;
mod fuzz;
mod memory;
mod metadata;
mod needs;
mod policy;
mod release;
mod revision;
mod screenshots;
mod shell;
mod source;
mod structure;
mod test;
mod violation;
mod wheel;

use std::process::ExitCode;

use memory::Memory;

const USAGE: &str = "\
Usage: cargo xtask <CHORE>

Chores:
  test         install what the tests need, then run everything CI runs
  check        check dependencies and structure (deny.toml, structure.toml), part of test
  docs         run the commands that README and docs/ show
  fuzz         look for inputs that break a promise, from the corpus in fuzz/ on
                 --seconds N    how long each target runs (60)
                 --minimise     make the corpus what reaches as much with the fewest inputs
                 TARGET...      bodies, rql, xlsx (all of them)
               ends with 1 and the path of an input that breaks a promise
  campaign     long trials: `campaign payloads` alters what a processor is answered and
               called with, `campaign kills` kills processors and their workers under load
                 --of KIND      kills: whose; acme, or handlers in python or javascript, a template's
                                project, or keyless: one whose vendor knows no keys (acme)
                 --count N      how many cases (10,000), or kills (1,000)
                 --first N      the number of the first case or day (0): one number, one case
               ends with 1 when a promise is broken
  bench        measure speed and memory; prints ratios and the machine
                 --against REV  compare with another revision: better, worse or the same
                 --pairs N      how many turns each revision takes (12; at least 7)
                 --only PARTS   processor, latency, waiting, hung, journal, start, answers, lists,
                                pages, usage, webhooks, size, workers, template, world
                 --json         one JSON document in place of tables
               ends with 3 when something is worse, 1 when something cannot be measured
  wheel        build the Python package, install it where no Rust is, and try it there, part of test
  screenshots  write a picture of every page of the emulator to docs/screenshots";

fn good(_: ()) -> ExitCode {
    ExitCode::SUCCESS
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        _ if words.iter().any(|word| ["help", "--help", "-h"].contains(word)) => {
            shell::say(USAGE);
            return ExitCode::SUCCESS;
        }
        ["test"] => test::run().map(good),
        ["check"] => check::run().map(good),
        ["docs"] => docs::run().map(|_| ExitCode::SUCCESS),
        ["fuzz", ref words @ ..] => fuzz::run(words).map(good),
        ["campaign", "payloads", ref words @ ..] => campaign::payloads(words).map(good),
        ["campaign", "kills", ref words @ ..] => campaign::kills(words).map(good),
        ["bench", ref words @ ..] => bench::run(words),
        ["wheel"] => wheel::run(Memory::folder().as_ref()).map(good),
        ["screenshots"] => screenshots::run().map(good),
        _ => {
            shell::say(&format!("there is no chore `{}`\n\n{USAGE}", words.join(" ")));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            shell::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::USAGE;

    /// Where the parts are declared.
    const DECLARED: &str = include_str!("../../crates/connect-e2e/src/bin/bench/main.rs");

    #[test]
    fn the_usage_names_all_parts_of_the_bench_in_their_order() {
        let (_, titles) = DECLARED.split_once("fn title(self)").unwrap();
        let (titles, _) = titles.split_once("\n    }").unwrap();
        let declared: Vec<_> = titles.split('"').skip(1).step_by(2).collect();
        let (_, named) = USAGE.split_once("--only PARTS").unwrap();
        let (named, _) = named.split_once("--json").unwrap();
        let named: Vec<_> = named.split(',').map(str::trim).collect();
        assert_eq!(named, declared);
    }
}
