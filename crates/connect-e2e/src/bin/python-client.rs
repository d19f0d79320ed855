//! Says where a Python is that has CloudBlue's client. Run by `cargo xtask docs`.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use connect_e2e::python::CLIENT;

fn main() -> Result<()> {
    let exe = std::env::current_exe()?;
    let target = exe.parent().and_then(Path::parent).context("there is a target directory")?;
    let interpreter = CLIENT.interpreter(&target.join("tmp"))?;
    writeln!(io::stdout(), "{}", interpreter.display())?;
    Ok(())
}
