//! Measures speed and memory with optimised builds in processes of their own.

use anyhow::Result;

use crate::shell::{command, step};

pub(crate) fn run() -> Result<()> {
    let build = [
        "build",
        "--release",
        "--package",
        "connect-cli",
        "--package",
        "acme",
        "--package",
        "connect-e2e",
        "--bins",
    ];
    step("release build", &mut command("cargo", &build))?;
    step("bench", &mut command("target/release/bench", &[]))
}
