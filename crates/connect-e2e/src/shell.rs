//! Programs that the tests get their peers with.

use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// Runs a program to its end, which must be a good one.
pub(crate) fn run(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("{command:?} cannot be started"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output)
}
