//! The programs that tests run.

use std::path::{Path, PathBuf};
use std::process::Command;

use connect_exec::CommandLine;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a script of these tests, on the Python library.
pub(crate) fn python(script: &str, arguments: &str) -> CommandLine {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
    program(&scripts.join(script), arguments)
}

/// Runs the conformance program of the Python library.
pub(crate) fn python_example() -> CommandLine {
    program(&root().join("examples/python/conformance.py"), "")
}

fn program(script: &Path, arguments: &str) -> CommandLine {
    let library = root().join("python/src");
    let examples = root().join("examples/python");
    let line = format!(
        "env 'PYTHONPATH={}:{}' python3 -B '{}' {arguments}",
        library.display(),
        examples.display(),
        script.display()
    );
    line.parse().unwrap()
}

/// Runs the conformance program of the JavaScript library; nothing where node cannot be had.
pub(crate) fn javascript_example() -> Option<CommandLine> {
    let script = root().join("examples/javascript/conformance.mjs");
    if Command::new("node").arg("--version").output().is_ok() {
        return Some(format!("node '{}'", script.display()).parse().unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "node is missing, so its example cannot be run");
    None
}
