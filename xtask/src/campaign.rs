//! Alters payloads on their way to a processor, and counts what became of them.

use anyhow::Result;

use crate::shell::{command, step};

/// Has the payloads altered as often as the words say.
pub(crate) fn payloads(words: &[&str]) -> Result<()> {
    let program =
        ["run", "--quiet", "--release", "--package", "connect-e2e", "--bin", "payloads", "--"];
    step("payloads", command("cargo", &program).args(words))
}
