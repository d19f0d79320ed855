//! Measures speed and memory with optimised builds in processes of their own, alone or beside those
//! of another revision.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::release::build;
use crate::revision::Revision;
use crate::shell::{command, root, say, step, target};

/// The words are `bench`'s own, but for the revision after `--against`: `bench` knows nothing of git
/// and takes a folder of programs.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let Words { against, mut rest } = Words::read(words)?;
    if let Some(revision) = against {
        let programs = Revision::find(revision)?.programs()?;
        rest.extend(["--against".to_owned(), programs.display().to_string()]);
    }
    build(&root(), &target()?)?;
    if measures_world(&rest) {
        step("what a vendor's test needs", &mut build_world()?)?;
    }
    let bench = target()?.join("release/bench");
    say("── bench");
    let status = command(&bench.display().to_string(), &[]).args(rest).status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Whether the part `world` is measured, as it is unless others are named.
fn measures_world(words: &[String]) -> bool {
    let mut named = words.iter().skip_while(|word| !word.starts_with("--only"));
    let Some(first) = named.next() else { return true };
    let parts = first.strip_prefix("--only=").or_else(|| named.next().map(String::as_str));
    parts.is_some_and(|parts| parts.split(',').any(|part| part == "world"))
}

/// Builds a test of a vendor's as their `cargo test` does, without any optimisation.
fn build_world() -> Result<Command> {
    let words = ["build", "--profile=vendor-test", "--package=acme", "--example=world"];
    let mut cargo = command("cargo", &words);
    cargo.env("CARGO_TARGET_DIR", target()?);
    Ok(cargo)
}

/// The words of the command line.
#[derive(Debug, PartialEq, Eq)]
struct Words<'a> {
    against: Option<&'a str>,
    rest: Vec<String>,
}

impl<'a> Words<'a> {
    fn read(words: &[&'a str]) -> Result<Self> {
        let mut read = Self { against: None, rest: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.strip_prefix("--against") {
                Some("") => read.against = words.next().copied(),
                Some(joined) if joined.starts_with('=') => read.against = joined.get(1..),
                _ => {
                    read.rest.push((*word).to_owned());
                    continue;
                }
            }
            if read.against.is_none_or(|revision| revision.is_empty() || revision.starts_with('-'))
            {
                bail!("--against needs a revision, such as `--against HEAD~1`");
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a>(words: &[&'a str]) -> Words<'a> {
        Words::read(words).unwrap()
    }

    #[test]
    fn the_revision_is_taken_out_and_all_else_is_left_for_bench() {
        let rest = ["--only", "lists", "--pairs", "9"].map(str::to_owned).to_vec();
        let all = Words { against: Some("HEAD~1"), rest };
        assert_eq!(read(&["--only", "lists", "--against", "HEAD~1", "--pairs", "9"]), all);
        assert_eq!(read(&["--against=HEAD~1", "--only", "lists", "--pairs", "9"]), all);
        assert_eq!(read(&[]), Words { against: None, rest: vec![] });
    }

    #[test]
    fn the_world_is_built_when_it_is_measured() {
        let measured = |words: &[&str]| measures_world(&read(words).rest);
        assert!(measured(&[]) && measured(&["--json"]) && measured(&["--only", "size,world"]));
        assert!(measured(&["--only=world"]));
        assert!(!measured(&["--only", "size"]) && !measured(&["--only=lists,size", "--json"]));
    }

    #[test]
    fn against_without_a_revision_is_refused() {
        for words in [&["--against"][..], &["--against", "--json"], &["--against="]] {
            assert!(Words::read(words).is_err(), "{words:?}");
        }
    }
}
