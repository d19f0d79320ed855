//! The programs of one revision of the project.

use std::env::current_exe;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::place::Place;
use crate::process::Process;

/// A folder with `cnct`, `acme` and `bench`, built together. Whatever is measured comes from one of
/// these; the program that measures is always the one that runs.
pub(crate) struct Programs {
    folder: PathBuf,
    name: &'static str,
}

impl Programs {
    /// Finds those that were built together with this program.
    pub(crate) fn here() -> Result<Self> {
        let exe = current_exe()?;
        let folder = exe.parent().context("the program is in a folder")?;
        Self::at(folder, "now")
    }

    /// Finds those of a folder. The name is what their scratch files are kept under.
    pub(crate) fn at(folder: &Path, name: &'static str) -> Result<Self> {
        let programs = Self { folder: folder.to_owned(), name };
        for program in ["cnct", "acme", "bench"] {
            let path = programs.path(program);
            ensure!(path.exists(), "{} is not built: run `cargo xtask bench`", path.display());
        }
        Ok(programs)
    }

    /// A word for this revision: `now` or `before`.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the path of a program.
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// Returns the command that starts a program.
    pub(crate) fn command(&self, program: &str) -> Command {
        Command::new(self.path(program))
    }

    /// Returns the command of a role: what of a revision can only be had from its libraries.
    pub(crate) fn role(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("bench");
        command.arg("role").args(arguments);
        command
    }

    /// Starts a role that can be reached.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Result<(Process, Place)> {
        Process::serve(&mut self.role(arguments))
    }

    /// An empty folder on the disk that the target directory is on.
    pub(crate) fn fresh_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = target()?.join("bench").join(self.name).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

/// Cargo's target directory.
pub(crate) fn target() -> Result<PathBuf> {
    let exe = current_exe()?;
    let target = exe.parent().and_then(Path::parent);
    Ok(target.context("the program is in a target directory")?.to_owned())
}
