//! The tools that the tests need on the machine, installed when missing.

use anyhow::{Result, bail};

use crate::shell::{command, say, step, works};

/// Installs cargo-nextest, which runs the tests; Python with `venv`, which runs CloudBlue's client
/// against the emulator, and handlers, as Node does; Chromium, which shows the emulator's pages.
pub(crate) fn install() -> Result<()> {
    if !works("cargo", &["nextest", "--version"]) {
        let install = ["install", "cargo-nextest", "--locked"];
        step("install cargo-nextest", &mut command("cargo", &install))?;
    }
    if !works("python3", &["-c", "import venv, ensurepip"]) {
        debian(&["python3", "python3-venv"])?;
    }
    if !works("node", &["--version"]) {
        debian(&["nodejs"])?;
    }
    browser()
}

/// Installs Chromium and its driver.
pub(crate) fn browser() -> Result<()> {
    if works("chromium", &["--version"]) && works("chromedriver", &["--version"]) {
        return Ok(());
    }
    debian(&["chromium", "chromium-driver"])
}

fn debian(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let Some(root) = root() else { bail!("please install first: {list}") };
    say(&format!("installing {list}"));
    let update = [root, &["apt-get", "update", "-q"]].concat();
    step("apt-get update", &mut command(update[0], &update[1..]))?;
    let install = [root, &["apt-get", "install", "-y", "-q"], packages].concat();
    step("apt-get install", &mut command(install[0], &install[1..]))
}

/// Returns what to put before apt-get, where it can be run.
fn root() -> Option<&'static [&'static str]> {
    if !works("sh", &["-c", "command -v apt-get"]) {
        return None;
    }
    if works("sh", &["-c", "test \"$(id -u)\" = 0"]) {
        return Some(&[]);
    }
    works("sudo", &["-n", "true"]).then_some(&["sudo", "-n"])
}
