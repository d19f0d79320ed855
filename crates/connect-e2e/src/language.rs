//! Handlers for the demo vendor in the languages that there are examples in.

use std::path::Path;
use std::process::Command;

/// A language, and how the example in it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// On Acme's own crate.
    Rust,
    /// On the package in `python/`.
    Python,
    /// On the module beside it.
    JavaScript,
}

impl Language {
    /// Returns the command of a processor with handlers in it, of the programs in a folder.
    #[must_use]
    pub fn program(self, programs: &Path) -> Command {
        let Some(workers) = self.workers() else {
            return Command::new(programs.join("acme-under-test"));
        };
        let mut command = Command::new(programs.join("workers-under-test"));
        command.args(["--exec", &workers]);
        command
    }

    /// Returns the command that runs its workers; none where there are no workers.
    #[must_use]
    pub fn workers(self) -> Option<String> {
        let file = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        match self {
            Self::Rust => None,
            Self::Python => Some(format!(
                "env PYTHONPATH='{}' python3 '{}'",
                file("python/src").display(),
                file("examples/python/handlers.py").display()
            )),
            Self::JavaScript => {
                Some(format!("node '{}'", file("examples/javascript/handlers.mjs").display()))
            }
        }
    }
}
