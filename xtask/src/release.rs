//! The programs that are measured, built with optimisation.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::shell::{command, step};

/// The programs that are measured, and the one that measures.
pub(crate) const PROGRAMS: [&str; 3] = ["cnct", "acme", "bench"];

/// Builds the programs of a checkout into a target directory.
pub(crate) fn build(checkout: &Path, target: &Path) -> Result<()> {
    step("release build", &mut cargo(checkout, target))
}

fn cargo(checkout: &Path, target: &Path) -> Command {
    let mut cargo = command("cargo", &["build", "--release"]);
    cargo
        .args(["connect-cli", "acme", "connect-e2e"].map(|package| format!("--package={package}")));
    cargo.args(PROGRAMS.map(|program| format!("--bin={program}")));
    cargo.current_dir(checkout).env("CARGO_TARGET_DIR", target);
    cargo
}
