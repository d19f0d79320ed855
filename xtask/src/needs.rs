//! What the tests need on the machine, installed when missing.

use anyhow::{Result, bail};

use crate::shell::{command, say, step, works};

/// cargo-nextest runs the tests; Python with `venv` runs CloudBlue's client against the emulator.
pub(crate) fn install() -> Result<()> {
    if !works("cargo", &["nextest", "--version"]) {
        let install = ["install", "cargo-nextest", "--locked"];
        step("install cargo-nextest", &mut command("cargo", &install))?;
    }
    if !works("python3", &["-c", "import venv, ensurepip"]) {
        debian(&["python3", "python3-venv"])?;
    }
    Ok(())
}

fn debian(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !works("sh", &["-c", "test \"$(id -u)\" = 0 && command -v apt-get"]) {
        bail!("please install first: {list}");
    }
    say(&format!("installing {list}"));
    step("apt-get update", &mut command("apt-get", &["update", "-q"]))?;
    let mut arguments = vec!["install", "-y", "-q"];
    arguments.extend(packages);
    step("apt-get install", &mut command("apt-get", &arguments))
}
