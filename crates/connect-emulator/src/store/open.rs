//! Opening the file, and the reasons not to.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::create::create;
use super::place::{keep_private, log_of};
use super::writer;
use connect_world::{BadRecord, Kept, Write, Writes};

/// Marks the file as ours: `CnEm` in ASCII.
pub(super) const APPLICATION: i32 = 0x436e_456d;
/// The layout of the file this version writes.
pub(super) const LAYOUT: i32 = 1;
const FILE: &str = "world.sqlite";
/// How many bytes every SQLite file has at least: those of its header.
const HEADER: u64 = 100;

/// Why the data directory cannot be used. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The directory cannot be made.
    #[error("cannot make the data directory {path}: choose another with --data", path = .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Another emulator has the file open.
    #[error("{path} is in use by another emulator: stop it, or choose another directory with --data", path = .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a SQLite database.
    #[error("{path} is not a database: move it away, or choose another directory with --data", path = .path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of some other program.
    #[error("{path} belongs to another application: choose another directory with --data", path = .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version.
    #[error("{path} has layout {found}, this version knows {LAYOUT}: use the version that wrote it, or choose another directory with --data", path = .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i32,
    },
    /// The file is empty, was cut off, or lost the world it had.
    #[error("{path} is damaged, and not a new world: restore it from a backup, or move it and the files beside it away to begin a new one", path = .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The system does not let the file be made or read.
    #[error("cannot make or read {path}: check its permissions and the space on its disk", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A record in the file cannot be understood.
    #[error("{path} holds a record that cannot be read: restore the file from a backup, or choose another directory with --data", path = .path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// Which one, and why.
        #[source]
        source: BadRecord,
    },
    /// SQLite refused for another reason, such as permissions or a full disk.
    #[error("cannot open {path}: check its permissions and the space on its disk", path = .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// A stable code for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Directory { .. } => "EMU_010",
            Self::InUse { .. } => "EMU_011",
            Self::NotADatabase { .. } => "EMU_012",
            Self::Foreign { .. } => "EMU_013",
            Self::Newer { .. } => "EMU_014",
            Self::Record { .. } => "EMU_015",
            Self::Sqlite { .. } | Self::File { .. } => "EMU_016",
            Self::Damaged { .. } => "EMU_017",
        }
    }

    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse { path },
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path },
            _ => Self::Sqlite { path, source },
        }
    }
}

/// An opened file and what it holds.
pub(crate) struct Opened {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) kept: Kept,
}

impl Opened {
    /// Writes records before the file is handed to its writer.
    pub(crate) fn write(&mut self, writes: &[Write]) -> Result<(), StoreError> {
        writer::write(&mut self.connection, writes.iter())
            .map_err(|source| StoreError::of(&self.path, source))
    }
}

/// Opens the file in a directory and keeps all others out of it until the connection is closed.
/// Both are made when they are not there, the file with the records of a new world.
pub(crate) fn open(directory: &Path, first: impl FnOnce() -> Writes) -> Result<Opened, StoreError> {
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
    Ok(Opened { connection, path, kept })
}

/// Never makes a file: that is done beside its place.
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

fn read(connection: &Connection) -> rusqlite::Result<Kept> {
    let mut select = connection.prepare("SELECT kind, place, body FROM record")?;
    let mut rows = select.query([])?;
    let mut kept = Kept::default();
    while let Some(row) = rows.next()? {
        kept.add(row.get_ref(0)?.as_str()?, row.get(1)?, row.get_ref(2)?.as_bytes()?);
    }
    Ok(kept)
}
