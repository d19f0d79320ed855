//! CloudBlue's own Python client, as it comes from PyPI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell::run;

/// The package and the version that is tested.
pub const CLIENT: &str = "connect-openapi-client==35.0";

/// The Python of a virtual environment that has CloudBlue's client; made when it is not there.
///
/// # Errors
///
/// When Python 3 with `venv` is missing, or the package cannot be installed.
pub fn interpreter(target: &Path) -> Result<PathBuf> {
    let folder = target.join("python-client");
    let python = folder.join("bin/python");
    let done = folder.join("installed");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == CLIENT) {
        return Ok(python);
    }
    let _ = fs::remove_dir_all(&folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", CLIENT]))?;
    fs::write(&done, CLIENT)?;
    Ok(python)
}
