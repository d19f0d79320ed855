//! CloudBlue's own Python programs, as they come from PyPI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell::run;

/// A package in the version that is tested. Each has an environment of its own, because both are
/// imported as `connect`.
#[derive(Debug)]
pub struct Package {
    requirement: &'static str,
    folder: &'static str,
}

/// The client of today.
pub const CLIENT: Package =
    Package { requirement: "connect-openapi-client==35.0", folder: "python-client" };

/// The SDK before it, deprecated since 2021. It needs a Python before 3.12.
pub const SDK: Package = Package { requirement: "connect-sdk==22.0", folder: "python-sdk" };

impl Package {
    /// The Python of a virtual environment that has the package; made when it is not there.
    ///
    /// # Errors
    ///
    /// When Python 3 with `venv` is missing, or the package cannot be installed.
    pub fn interpreter(&self, target: &Path) -> Result<PathBuf> {
        let folder = target.join(self.folder);
        let python = folder.join("bin/python");
        let done = folder.join("installed");
        if fs::read_to_string(&done).is_ok_and(|installed| installed == self.requirement) {
            return Ok(python);
        }
        let _ = fs::remove_dir_all(&folder);
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", self.requirement]))?;
        fs::write(&done, self.requirement)?;
        Ok(python)
    }
}
