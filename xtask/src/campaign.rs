//! Long campaigns, of which the tests run a part.

use anyhow::Result;

use crate::shell::{command, step};

/// Has the payloads on their way to a processor altered as often as the words say, and counts by origin
/// what became of them.
pub(crate) fn payloads(words: &[&str]) -> Result<()> {
    run("payloads", words)
}

/// Has processors killed as often as the words say; each day of it is kept in `target/kills.jsonl`.
pub(crate) fn kills(words: &[&str]) -> Result<()> {
    run("kills", words)
}

/// Runs a campaign, which starts the program of Acme's processor beside it.
fn run(campaign: &str, words: &[&str]) -> Result<()> {
    let program = ["build", "--release", "--package", "connect-e2e", "--bin", "acme-under-test"];
    step("acme", &mut command("cargo", &program))?;
    let program =
        ["run", "--quiet", "--release", "--package", "connect-e2e", "--bin", campaign, "--"];
    step(campaign, command("cargo", &program).args(words))
}
