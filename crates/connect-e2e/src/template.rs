//! A project of CloudBlue's Python template, of our own writing, and a Python that runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::python::CLIENT;

/// A project in the layout and with the habits of the template.
#[derive(Debug)]
pub struct Project {
    /// Its folder.
    pub folder: PathBuf,
    /// A Python that has the client that it imports.
    pub python: PathBuf,
    /// The address of its vendor.
    vendor: String,
    /// Whether it is said that the vendor honours keys.
    has_keys: bool,
}

impl Project {
    /// Writes one that calls a vendor, for a product, into a folder, unless it is there. It is run by a Python
    /// with CloudBlue's client, which is installed below `target` when it is not there.
    ///
    /// # Errors
    ///
    /// When Python is missing, or the client cannot be installed.
    pub fn write(folder: &Path, (vendor, product): (&str, &str), target: &Path) -> Result<Self> {
        let (python, vendor) = (CLIENT.interpreter(target)?, vendor.to_owned());
        let project = Self { folder: folder.to_owned(), python, vendor, has_keys: false };
        if folder.exists() {
            return Ok(project);
        }
        let script = "vendor, product = sys.argv[2:]\n\
             t.write(folder, vendor, purchase=t.PURCHASE, resume=t.RESUME)\n\
             known = folder / 'connect_processor/app/utils/globals.py'\n\
             known.write_text(known.read_text().replace('PRD-1', product))";
        written(script, folder, &[&project.vendor, product])?;
        Ok(project)
    }

    /// The same, said to have a vendor that honours keys.
    #[must_use]
    pub fn with_keys(self) -> Self {
        Self { has_keys: true, ..self }
    }

    /// Returns the command of a processor that runs it, of the programs in a folder.
    #[must_use]
    pub fn program(&self, programs: &Path) -> Command {
        let mut command = Command::new(programs.join("workers-under-test"));
        self.arguments(&mut command);
        command
    }

    /// Adds the arguments that name it to a command of a processor.
    pub fn arguments<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.arg("--template").arg(&self.folder).arg("--python").arg(&self.python);
        if self.has_keys {
            command.arg("--template-keys").arg(format!("{}=Idempotency-Key", self.vendor));
        }
        command
    }

    /// Writes its web service, which validates drafts.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn add_service(&self) -> Result<()> {
        written("t.write_service(folder, sys.argv[2])", &self.folder, &[&self.vendor])
    }

    /// Writes its report of usage, on the first day of each month.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn add_report(&self) -> Result<()> {
        let script = "import template_usage\ntemplate_usage.add(folder, sys.argv[2])";
        written(script, &self.folder, &[&self.vendor])
    }

    /// Returns the command that runs it by itself, as its authors do, on a platform.
    ///
    /// # Errors
    ///
    /// When its configuration cannot be written.
    pub fn alone(&self, endpoint: &str, key: &str) -> Result<Command> {
        let config = serde_json::json!({"connectApiEndpoint": endpoint, "connectApiKey": key});
        let package = self.folder.join("connect_processor");
        std::fs::write(package.join("config.json"), config.to_string())?;
        let mut command = Command::new(&self.python);
        command.arg("processor.py").current_dir(package).env("PYTHONPATH", &self.folder);
        Ok(command)
    }
}

/// Has a script write into the folder of a project.
fn written(script: &str, folder: &Path, arguments: &[&str]) -> Result<()> {
    let script = format!(
        "import sys, pathlib\nimport template_project as t\nfolder = pathlib.Path(sys.argv[1])\n{script}"
    );
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/tests");
    let mut command = Command::new("python3");
    command.args(["-c", &script]).arg(folder).args(arguments).env("PYTHONPATH", tests);
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the project cannot be written: {said}");
    Ok(())
}
