//! Everything CI runs.

use anyhow::Result;

use crate::memory::{Memory, within};
use crate::shell::{command, root, say, step, works};
use crate::{check, docs, needs, wheel};

/// The place where the tests look for Connect's OpenAPI document, from the workspace's folder, when
/// `CONNECT_OPENAPI` does not say.
const DOCUMENT: &str = "../shared/connect/openapi-37.0.yml";

/// The page that CloudBlue publishes on resuming, whose snippet the tests run, from the workspace's folder.
const PAGE: &str = "../shared/connect/subscription-resumption.txt";

pub(crate) fn run() -> Result<()> {
    needs::install()?;
    cargo("format", &["fmt", "--all", "--check"])?;
    cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    check::run()?;
    let mut ran = vec!["format", "clippy", "dependency policy", "structure"];
    ran.extend(["tests (unit, conformance, crash, kill, REST, Python programs, browser)"]);
    ran.extend(contract());
    ran.extend(accessibility());
    ran.extend(javascript());
    ran.extend(snippet());
    let memory = Memory::folder();
    let mut tests = command("cargo", &["nextest", "run", "--workspace"]);
    step("tests", within(memory.as_ref(), &mut tests))?;
    cargo("doc examples", &["test", "--workspace", "--doc", "--quiet"])?;
    let mut pages = command("cargo", &["doc", "--workspace", "--no-deps", "--quiet"]);
    step("doc pages", pages.env("RUSTDOCFLAGS", "-D warnings"))?;
    ran.extend(["doc examples", "doc pages"]);
    wheel::run(memory.as_ref())?;
    ran.extend(["the Python package"]);
    ran.extend(docs::run()?.then_some("the commands of README and docs/"));
    say(&format!("Ran: {}.", ran.join(", ")));
    Ok(())
}

/// Tells whether the tests can hold the emulator against the contract; they pass without it, and
/// what a test that passes says is not shown.
fn contract() -> Option<&'static str> {
    if std::env::var_os("CONNECT_OPENAPI").is_some() || root().join(DOCUMENT).exists() {
        return Some("contract");
    }
    say(&format!(
        "── contract: NOT CHECKED, there is no {DOCUMENT}; set CONNECT_OPENAPI to where it is"
    ));
    None
}

/// Tells whether axe can be fetched to judge the pages. Its tests pass without it, except in CI.
fn accessibility() -> Option<&'static str> {
    if works("npm", &["--version"]) {
        return Some("accessibility (axe)");
    }
    say("── accessibility: NOT CHECKED, npm is not installed and axe comes from its registry");
    None
}

/// Tells whether CloudBlue's JavaScript SDK can be fetched and run. Its test passes without it, except
/// in CI.
fn javascript() -> Option<&'static str> {
    if works("node", &["--version"]) && works("npm", &["--version"]) {
        return Some("JavaScript SDK");
    }
    say("── JavaScript SDK: NOT CHECKED, it needs node and npm");
    None
}

/// Tells whether the tests can run the published snippet; they pass without it.
fn snippet() -> Option<&'static str> {
    if root().join(PAGE).exists() {
        return Some("published snippet");
    }
    say(&format!("── published snippet: NOT CHECKED, there is no {PAGE}"));
    None
}

fn cargo(name: &str, arguments: &[&str]) -> Result<()> {
    step(name, &mut command("cargo", arguments))
}
