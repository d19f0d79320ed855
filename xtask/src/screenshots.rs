//! Writes a picture of every page of the emulator below docs/screenshots.

use anyhow::Result;

use crate::needs;
use crate::shell::{command, step};

pub(crate) fn run() -> Result<()> {
    needs::browser()?;
    let picture = ["run", "--quiet", "--package", "connect-e2e", "--bin", "screenshots"];
    step("screenshots", &mut command("cargo", &picture))
}
