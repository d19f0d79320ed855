//! Making the file of a new world: beside its place, and put there whole. So whatever is found in
//! its place is a world, or was one.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;

use super::open::{APPLICATION, LAYOUT, StoreError};
use super::place::create_private;
use super::writer;
use crate::world::Writes;

/// Makes the file with its first records. When another emulator was faster, its file stands.
pub(super) fn create(path: &Path, first: &Writes) -> Result<(), StoreError> {
    let beside = beside(path);
    let made = write(&beside, path, first);
    // Its second name, or what a failed try has left.
    let _ = std::fs::remove_file(&beside);
    made
}

fn beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    path.with_extension(format!("new-{}-{count}", std::process::id()))
}

fn write(beside: &Path, path: &Path, first: &Writes) -> Result<(), StoreError> {
    let file = |source| StoreError::File { path: path.to_owned(), source };
    create_private(beside).map_err(file)?;
    fill(beside, first).map_err(|source| StoreError::of(path, source))?;
    put_in_place(beside, path).map_err(file)
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
    writer::write(&mut connection, first.iter())?;
    connection.close().map_err(|(_, error)| error)
}

/// Gives the file its name, unless another has it. Not every disk knows second names.
fn put_in_place(beside: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(beside, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(_) => std::fs::rename(beside, path),
        Ok(()) => Ok(()),
    }
}
