//! CloudBlue's JavaScript SDK, as it comes from the npm registry.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell::run;

/// Whether node and npm are there, to run it and to fetch it with.
#[must_use]
pub fn is_there() -> bool {
    let answers = |program| Command::new(program).arg("--version").output();
    ["node", "npm"].into_iter().all(|it| answers(it).is_ok_and(|output| output.status.success()))
}

/// Returns the folder of packages, as the lock file beside `manifest` wants them; installed below
/// `target` when they are not there.
///
/// # Errors
///
/// When npm is missing, or a package cannot be installed.
pub fn packages(manifest: &Path, target: &Path) -> Result<PathBuf> {
    const LOCK: &str = "package-lock.json";
    let (folder, wanted) = (target.join("node-sdk"), fs::read(manifest.with_file_name(LOCK))?);
    let (done, packages) = (folder.join("installed"), folder.join("node_modules"));
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(packages);
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    fs::copy(manifest, folder.join("package.json"))?;
    fs::write(folder.join(LOCK), &wanted)?;
    let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    run(Command::new("npm").args(quiet).current_dir(&folder))?;
    fs::write(&done, wanted)?;
    Ok(packages)
}
