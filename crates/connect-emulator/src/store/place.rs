//! The places of the files, and whether they are still the ones that were opened. What is written
//! to a file that was removed or replaced is gone when this process ends.

use std::fs::{Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The permissions of a world's files, which hold the data of customers and the keys of their
/// world.
const OWNER_ONLY: u32 = 0o600;

/// A file by its path, and which one it was.
struct FileIdentity {
    path: PathBuf,
    id: (u64, u64),
}

/// The files of an opened world.
pub(super) struct Place(Vec<FileIdentity>);

impl Place {
    /// Notes which files are there now: the database and its log.
    pub(super) fn of(database: &Path) -> io::Result<Self> {
        let found = |path: PathBuf| Ok(FileIdentity { id: id_of(&path.metadata()?), path });
        [database.to_owned(), log_of(database)]
            .into_iter()
            .map(found)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Returns the first file that is no longer where it was opened.
    pub(super) fn missing(&self) -> Option<&Path> {
        let is_there =
            |file: &FileIdentity| file.path.metadata().is_ok_and(|it| id_of(&it) == file.id);
        self.0.iter().find(|file| !is_there(file)).map(|file| &*file.path)
    }
}

fn id_of(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

/// Returns the log that SQLite keeps beside a database.
pub(super) fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Takes the files of a world from all but their owner. Whoever does not own them uses them as
/// they are.
pub(super) fn keep_private(database: &Path) {
    for path in [database, &log_of(database)] {
        let _ = std::fs::set_permissions(path, Permissions::from_mode(OWNER_ONLY));
    }
}
