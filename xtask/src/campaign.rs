//! Long campaigns, of which the tests run a part.

use anyhow::Result;

use crate::shell::{command, step};

/// Has the payloads on their way to a processor altered as often as the words say, and counts by origin
/// what became of them.
pub(crate) fn payloads(words: &[&str]) -> Result<()> {
    run("payloads", words)
}

/// Has processors and their workers killed as often as the words say; each day of it is kept in `target/kills.jsonl`.
pub(crate) fn kills(words: &[&str]) -> Result<()> {
    run("kills", words)
}

/// The programs that campaigns start beside them.
const PROGRAMS: [&str; 2] = ["acme-under-test", "workers-under-test"];

fn run(campaign: &str, words: &[&str]) -> Result<()> {
    let programs = PROGRAMS.iter().flat_map(|program| ["--bin", *program]);
    let mut build = command("cargo", &["build", "--release", "--package", "connect-e2e"]);
    step("programs", build.args(programs))?;
    let program =
        ["run", "--quiet", "--release", "--package", "connect-e2e", "--bin", campaign, "--"];
    step(campaign, command("cargo", &program).args(words))
}
