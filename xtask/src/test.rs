//! Everything CI runs.

use anyhow::Result;

use crate::shell::{command, say, step, works};
use crate::{docs, needs};

pub(crate) fn run() -> Result<()> {
    needs::install()?;
    cargo("format", &["fmt", "--all", "--check"])?;
    cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    dependencies()?;
    cargo("tests", &["nextest", "run", "--workspace"])?;
    cargo("doc examples", &["test", "--workspace", "--doc", "--quiet"])?;
    let mut pages = command("cargo", &["doc", "--workspace", "--no-deps", "--quiet"]);
    step("doc pages", pages.env("RUSTDOCFLAGS", "-D warnings"))?;
    docs::run()?;
    say("Ran: format, clippy, dependency policy, tests (unit, conformance, crash, kill, REST, \
         contract, Python client), doc examples, doc pages, the commands of README and docs/.");
    Ok(())
}

fn cargo(name: &str, arguments: &[&str]) -> Result<()> {
    step(name, &mut command("cargo", arguments))
}

fn dependencies() -> Result<()> {
    if !works("cargo", &["deny", "--version"]) {
        say("── dependency policy: NOT CHECKED, cargo-deny is not installed");
        return Ok(());
    }
    cargo("dependency policy", &["deny", "check", "bans", "licenses", "sources"])
}
