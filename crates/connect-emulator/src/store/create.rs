//! The making of a new world's file: beside its place, and put there whole. So whatever is found in
//! its place is a world, or was one.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::Connection;
use tempfile::{Builder, PathPersistError};

use super::error::StoreError;
use super::layout::{APPLICATION, LAYOUT};
use super::records;
use connect_world::Writes;

/// Makes the file with its first records. When another emulator was faster, its file stands. Only
/// the user may read it: worlds hold the data of customers and the keys of their world.
pub(super) fn create(path: &Path, first: &Writes) -> Result<(), StoreError> {
    let file = |source| StoreError::File { path: path.to_owned(), source };
    let directory = path.parent().unwrap_or(Path::new("."));
    let beside = Builder::new().prefix(".world-").suffix(".new").tempfile_in(directory);
    let beside = beside.map_err(file)?.into_temp_path();
    fill(&beside, first).map_err(|source| StoreError::of(path, source))?;
    match beside.persist_noclobber(path) {
        Err(PathPersistError { error, .. }) if error.kind() != ErrorKind::AlreadyExists => {
            Err(file(error))
        }
        _ => Ok(()),
    }
}

fn fill(beside: &Path, first: &Writes) -> rusqlite::Result<()> {
    let mut connection = Connection::open(beside)?;
    connection.execute_batch(&format!(
        "BEGIN;
         CREATE TABLE record (
             kind TEXT NOT NULL,
             id TEXT NOT NULL,
             place INTEGER NOT NULL,
             body TEXT NOT NULL,
             PRIMARY KEY (kind, id)
         ) WITHOUT ROWID;
         PRAGMA application_id = {APPLICATION};
         PRAGMA user_version = {LAYOUT};
         COMMIT;"
    ))?;
    records::write(&mut connection, first.iter())?;
    connection.close().map_err(|(_, error)| error)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_world_that_another_made_meanwhile_stands() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("world.sqlite");
        create(&path, &Writes::default()).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "another's").unwrap();
        create(&path, &Writes::default()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "another's");
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "nothing else is left");
    }
}
