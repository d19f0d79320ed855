//! The opening of the file, and the reasons not to.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::create::create;
use super::error::StoreError;
use super::layout::{APPLICATION, LAYOUT};
use super::place::{keep_private, log_of};
use super::records;
use connect_world::{Records, Write, Writes};

const FILE: &str = "world.sqlite";
/// The fewest bytes of a SQLite file: those of its header.
const HEADER: u64 = 100;

/// An opened file and what it holds.
pub(crate) struct OpenFile {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) kept: Records,
}

impl OpenFile {
    /// Writes what makes the file one of this version, before it is handed to its writer. Broken
    /// off half-way, it is done again: a file of the layout before may hold records of this one.
    pub(crate) fn bring_up_to_date(&mut self, writes: &[Write]) -> Result<(), StoreError> {
        let written = records::write(&mut self.connection, writes.iter());
        written
            .and_then(|()| self.connection.pragma_update(None, "user_version", LAYOUT))
            .map_err(|source| StoreError::of(&self.path, source))
    }
}

/// Opens the file in a directory and keeps all others out of it until the connection is closed.
/// Both are made when they are not there, the file with the records of a new world.
pub(crate) fn open(
    directory: &Path,
    first: impl FnOnce() -> Writes,
) -> Result<OpenFile, StoreError> {
    std::fs::create_dir_all(directory)
        .map_err(|source| StoreError::Directory { path: directory.to_owned(), source })?;
    let path = directory.join(FILE);
    match path.metadata() {
        // SQLite would take it for a new one.
        Ok(file) if file.len() < HEADER => return Err(StoreError::Damaged { path }),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            must_have_no_log(&path)?;
            create(&path, &first())?;
        }
        Err(source) => return Err(StoreError::File { path, source }),
    }
    let sqlite = |source| StoreError::of(&path, source);
    let connection = Connection::open_with_flags(&path, flags()).map_err(sqlite)?;
    claim(&connection).map_err(sqlite)?;
    check(&connection, &path)?;
    keep_private(&path);
    prepare(&connection).map_err(sqlite)?;
    let kept = read(&connection).map_err(sqlite)?;
    if kept.is_empty() {
        return Err(StoreError::Damaged { path });
    }
    Ok(OpenFile { connection, path, kept })
}

/// Returns flags that never make a file: that is done beside its place.
fn flags() -> OpenFlags {
    OpenFlags::default() & !OpenFlags::SQLITE_OPEN_CREATE
}

/// Refuses a log without its database: the world that it belongs to was lost.
fn must_have_no_log(path: &Path) -> Result<(), StoreError> {
    match log_of(path).metadata() {
        Ok(log) if log.len() > 0 => Err(StoreError::Damaged { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Takes the file for this process alone. A process that has it is not waited for.
fn claim(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT;")
}

/// Refuses files that are not ours, before anything is written to them.
fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let sqlite = |source| StoreError::of(path, source);
    let application = number("application_id").map_err(sqlite)?;
    let layout = number("user_version").map_err(sqlite)?;
    let count = "SELECT count(*), coalesce(sum(name = 'record'), 0) FROM sqlite_schema";
    let (tables, records): (i64, i64) =
        connection.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite)?;
    let path = path.to_owned();
    match (application, tables, records) {
        (0, 0, _) => Err(StoreError::Damaged { path }),
        (APPLICATION, ..) if layout > LAYOUT => Err(StoreError::Newer { path, found: layout }),
        (APPLICATION, _, 0) => Err(StoreError::Damaged { path }),
        (APPLICATION, ..) => Ok(()),
        _ => Err(StoreError::Foreign { path }),
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")
}

fn read(connection: &Connection) -> rusqlite::Result<Records> {
    let mut select = connection.prepare("SELECT kind, place, body FROM record")?;
    let mut rows = select.query([])?;
    let mut kept = Records::default();
    while let Some(row) = rows.next()? {
        kept.add(row.get_ref(0)?.as_str()?, row.get(1)?, row.get_ref(2)?.as_bytes()?);
    }
    Ok(kept)
}
