//! CloudBlue's own Python programs, as they come from PyPI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell::run;

/// What is tested together, in these versions. Each has an environment of its own, because all are
/// imported as `connect`.
#[derive(Debug)]
pub struct Package {
    requirements: &'static [&'static str],
    folder: &'static str,
}

/// What projects of the Python template validate drafts with. Their own tests read the same file.
const FLASK: &str = include_str!("../../../python/tests/flask.txt").trim_ascii();

/// The client of today, with what its scripts need besides: to read JSON Web Tokens, to write sheets, and to
/// validate drafts.
pub const CLIENT: Package = Package {
    requirements: &["connect-openapi-client==35.0", "PyJWT==2.15.1", "openpyxl==3.1.5", FLASK],
    folder: "python-client",
};

/// The SDK before it, deprecated since 2021. It needs a Python before 3.12.
pub const SDK: Package = Package { requirements: &["connect-sdk==22.0"], folder: "python-sdk" };

/// The library to test processors with. It brings a client of 2023 along.
pub const DEVOPS: Package =
    Package { requirements: &["connect-devops-testing-library==25.2"], folder: "python-devops" };

impl Package {
    /// The Python of a virtual environment that has the package; made when it is not there.
    ///
    /// # Errors
    ///
    /// When Python 3 with `venv` is missing, or the package cannot be installed.
    pub fn interpreter(&self, target: &Path) -> Result<PathBuf> {
        let folder = target.join(self.folder);
        let python = folder.join("bin/python");
        let (done, wanted) = (folder.join("installed"), self.requirements.join(" "));
        if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
            return Ok(python);
        }
        let _ = fs::remove_dir_all(&folder);
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(self.requirements))?;
        fs::write(&done, wanted)?;
        Ok(python)
    }
}
