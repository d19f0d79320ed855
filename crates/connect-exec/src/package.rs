//! The Python package, laid out in a folder for those who import it.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;
use std::{env, io};

use tempfile::TempDir;

/// The package: its files by their paths.
const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/package.rs"));

/// How the names of its folders begin.
const PREFIX: &str = "connect-handlers-";

/// How old a folder is that can be left over: its owner locks it after it has made it.
const OLD: Duration = Duration::from_secs(60);

/// A folder that has the package, until this is dropped. An owner that is killed leaves it behind, for the
/// next one to remove.
#[derive(Debug)]
pub(crate) struct Package {
    folder: TempDir,
    /// Says that it is in use, also to `systemd-tmpfiles`, which leaves folders alone that are locked.
    _lock: Option<File>,
}

impl Package {
    /// Lays it out in the folder for temporary files.
    pub(crate) fn laid_out() -> io::Result<Self> {
        Self::below(&env::temp_dir())
    }

    fn below(root: &Path) -> io::Result<Self> {
        remove_left_over(root);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(root)?;
        // Where nothing can be locked, nobody finds it unlocked.
        let _lock = File::open(&folder).ok().filter(|folder| folder.try_lock().is_ok());
        for (path, text) in FILES {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap_or(folder.path()))?;
            fs::write(file, text)?;
        }
        Ok(Self { folder, _lock })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders whose owners are gone. What cannot be removed is no reason not to start.
fn remove_left_over(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let folder = entry.path();
            if let Some(_lock) = left_over(&folder) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}

/// Locks a folder of this user's that nobody uses; returns nothing of any other.
fn left_over(folder: &Path) -> Option<File> {
    let of = fs::symlink_metadata(folder).ok()?;
    let is_ours = of.is_dir() && of.uid() == rustix::process::geteuid().as_raw();
    let is_old = of.modified().ok()?.elapsed().ok()? > OLD;
    let lock = File::open(folder).ok().filter(|_| is_ours && is_old)?;
    lock.try_lock().ok().map(|()| lock)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::time::SystemTime;

    use super::*;

    /// Makes a folder as old as one that can be left over.
    fn aged(folder: &Path) {
        let then = SystemTime::now() - 2 * OLD;
        File::open(folder).unwrap().set_modified(then).unwrap();
    }

    #[test]
    fn the_package_is_laid_out_whole_and_removed() {
        let root = tempfile::tempdir().unwrap();
        let package = Package::below(root.path()).unwrap();
        assert!(package.path().join("connect_handlers/worker.py").exists());
        drop(package);
        assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_owner_left_is_removed_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        for name in ["connect-handlers-left", "connect-handlers-new", "other"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("file"), "").unwrap();
        }
        symlink(at("other"), at("connect-handlers-link")).unwrap();
        let in_use = Package::below(root.path()).unwrap();
        for folder in [&at("connect-handlers-left"), &at("other"), in_use.path()] {
            aged(folder);
        }
        let _another = Package::below(root.path()).unwrap();
        assert!(!at("connect-handlers-left").exists());
        assert!(at("connect-handlers-new").exists(), "its owner may be about to lock it");
        assert!(at("connect-handlers-link").join("file").exists());
        assert!(in_use.path().join("connect_handlers/worker.py").exists());
    }
}
