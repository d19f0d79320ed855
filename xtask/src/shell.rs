//! Runs programs and tells people about it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The only place that prints.
#[expect(clippy::print_stderr, reason = "a chore speaks to people")]
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Cargo's target directory, which this program was built into.
pub(crate) fn target() -> Result<PathBuf> {
    let exe = std::env::current_exe()?;
    let target = exe.parent().and_then(Path::parent);
    Ok(target.context("xtask is not in a target directory: run `cargo xtask`")?.to_owned())
}

/// A program in the workspace's folder.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a step and says how long it took.
pub(crate) fn step(name: &str, command: &mut Command) -> Result<()> {
    say(&format!("── {name}"));
    let began = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    say(&format!("── {name}: done in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(())
}

/// Whether a program runs and ends well.
pub(crate) fn works(program: &str, arguments: &[&str]) -> bool {
    command(program, arguments).output().is_ok_and(|output| output.status.success())
}
