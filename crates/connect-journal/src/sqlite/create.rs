//! Creating a journal: whole, or not at all.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::{Builder, PathPersistError, TempPath};

use super::connect::connect;
use super::open_error::OpenError;
use super::schema;

/// Creates the journal under a passing name beside `file` and then gives it its own, so that a file
/// of that name is a whole journal from the first moment on, whoever looks and whenever this
/// process dies. Does nothing when somebody else was faster.
///
/// Only the user may read it, because it holds customers' data; SQLite gives the files beside it
/// the same permissions.
pub(super) fn create(file: &Path) -> Result<(), OpenError> {
    let new = beside(file)?;
    found(file, &new)?;
    give_name(new, file).map(drop)
}

/// An empty file for this user alone, under a passing name in the directory of `file`.
pub(super) fn beside(file: &Path) -> Result<TempPath, OpenError> {
    let Some(directory) = file.parent().filter(|directory| directory.is_dir()) else {
        return Err(OpenError::NoDirectory { file: file.to_path_buf() });
    };
    let new = Builder::new().prefix(".journal-").suffix(".new").tempfile_in(directory);
    Ok(new.map_err(|error| OpenError::system(file, error))?.into_temp_path())
}

/// Gives a file that is on the disk its own name, for good. Returns whether nobody was faster.
pub(super) fn give_name(new: TempPath, file: &Path) -> Result<bool, OpenError> {
    match new.persist_noclobber(file) {
        Ok(()) => {
            let synced = file.parent().map_or(Ok(()), sync);
            synced.map(|()| true).map_err(|error| OpenError::system(file, error))
        }
        Err(PathPersistError { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(false)
        }
        Err(PathPersistError { error, .. }) => Err(OpenError::system(file, error)),
    }
}

/// Writes the empty journal. When this returns, it is in `new` alone and on the disk.
fn found(file: &Path, new: &TempPath) -> Result<(), OpenError> {
    let sqlite = |error| OpenError::sqlite(file, error);
    let mut connection = connect(file, new, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    schema::create(&mut connection).map_err(sqlite)?;
    schema::make_durable(&connection).map_err(sqlite)?;
    connection.close().map_err(|(_, error)| sqlite(error))
}

/// Keeps the file's name, too, when the machine stops; where that cannot be asked for, the system
/// has to see to it.
fn sync(directory: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match File::open(directory).and_then(|directory| directory.sync_all()) {
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}
