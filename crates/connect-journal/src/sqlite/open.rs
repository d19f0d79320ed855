//! Opening a file, and every way it can turn out not to be a journal.

use std::{
    io,
    path::{Path, PathBuf, absolute},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use super::{
    create::create,
    files::{self, Files},
    schema::{self, Layout},
};

/// Why a file could not be opened as a journal. The file was left as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The directory the file should be created in does not exist.
    #[error("{}: its directory does not exist; create it first", file.display())]
    NoDirectory {
        /// The file that was asked for.
        file: PathBuf,
    },
    /// The path names a directory.
    #[error("{}: is a directory; name a file in it", file.display())]
    IsDirectory {
        /// The path that was asked for.
        file: PathBuf,
    },
    /// This user may not read and write the file, or not create files next to it.
    #[error(
        "{}: this user may not write to it or to its directory; change owner or permissions",
        file.display()
    )]
    Denial {
        /// The file that was asked for.
        file: PathBuf,
        /// What the system or SQLite said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is no SQLite file.
    #[error("{}: is something else than a journal; name another file", file.display())]
    NotAJournal {
        /// The file that was asked for.
        file: PathBuf,
    },
    /// The file is there and nothing is in it. A journal is never empty, so this one was cut off, or
    /// the file was never a journal.
    #[error(
        "{}: is empty, which a journal never is: if it was one, restore it from a backup, because \
         which effects have happened stood in it; if not, remove it or name another file",
        file.display()
    )]
    Empty {
        /// The file that was asked for.
        file: PathBuf,
    },
    /// The file is not there, but the log that belongs to it.
    #[error(
        "{}: is missing, but {} is there and may hold what a journal of this name recorded; \
         put the file back, or move its log away to begin anew",
        file.display(),
        log.display()
    )]
    Missing {
        /// The file that was asked for.
        file: PathBuf,
        /// The log beside it.
        log: PathBuf,
    },
    /// The file was a journal and is no longer whole.
    #[error(
        "{}: is a damaged journal; restore it from a backup together with the files beside it",
        file.display()
    )]
    Damaged {
        /// The file that was asked for.
        file: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is the SQLite file of another application.
    #[error(
        "{}: belongs to another application (application id {application_id:#010x}); \
         name another file",
        file.display()
    )]
    Foreign {
        /// The file that was asked for.
        file: PathBuf,
        /// Whose it says it is.
        application_id: u32,
    },
    /// The journal was written by a newer version of this program.
    #[error(
        "{}: has layout {found}, this version knows layouts up to {known}; \
         use the newer version that wrote it",
        file.display()
    )]
    Newer {
        /// The file that was asked for.
        file: PathBuf,
        /// The layout it has.
        found: u32,
        /// The newest layout this version knows.
        known: u32,
    },
    /// The system or SQLite could not use the file for another reason.
    #[error("{}: cannot be opened; see the cause", file.display())]
    Unusable {
        /// The file that was asked for.
        file: PathBuf,
        /// What the system or SQLite said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The writing thread could not be started.
    #[error("{}: cannot start its writing thread; raise the limit on threads", file.display())]
    Thread {
        /// The file that was asked for.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl OpenError {
    /// A name that stays the same over releases, for logs and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDirectory { .. } => "JRN_OPEN_NO_DIRECTORY",
            Self::IsDirectory { .. } => "JRN_OPEN_IS_DIRECTORY",
            Self::Denial { .. } => "JRN_OPEN_DENIED",
            Self::NotAJournal { .. } => "JRN_OPEN_NOT_A_JOURNAL",
            Self::Empty { .. } => "JRN_OPEN_EMPTY",
            Self::Missing { .. } => "JRN_OPEN_MISSING",
            Self::Damaged { .. } => "JRN_OPEN_DAMAGED",
            Self::Foreign { .. } => "JRN_OPEN_FOREIGN",
            Self::Newer { .. } => "JRN_OPEN_NEWER",
            Self::Unusable { .. } => "JRN_OPEN_UNUSABLE",
            Self::Thread { .. } => "JRN_OPEN_THREAD",
        }
    }

    fn unusable(file: &Path, source: impl Into<Cause>) -> Self {
        Self::Unusable { file: file.to_path_buf(), source: source.into() }
    }

    fn damaged(file: &Path, source: impl Into<Cause>) -> Self {
        Self::Damaged { file: file.to_path_buf(), source: source.into() }
    }

    fn denied(file: &Path, source: impl Into<Cause>) -> Self {
        Self::Denial { file: file.to_path_buf(), source: source.into() }
    }

    /// What the system said about a file.
    pub(super) fn system(file: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::denied(file, error)
            }
            _ => Self::unusable(file, error),
        }
    }

    /// What SQLite said about a file that is a journal, or was one.
    pub(super) fn sqlite(file: &Path, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
                Self::denied(file, error)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::damaged(file, error)
            }
            _ => Self::unusable(file, error),
        }
    }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connection that writes, to a file that is a journal of this version now, and the files it
/// works with.
pub(super) fn writable(file: &Path) -> Result<(Files, Connection), OpenError> {
    // Never one of SQLite's special names, such as `:memory:`.
    let file: Arc<Path> = absolute(file).map_err(|error| OpenError::unusable(file, error))?.into();
    if is_there(&file)? {
        inspect(&file)?;
    } else {
        create(&file)?;
    }
    let mut connection = connect(&file, &file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let sqlite = |error| OpenError::sqlite(&file, error);
    let layout = schema::update(&mut connection).map_err(sqlite)?;
    accept(&file, layout)?;
    schema::make_durable(&connection).map_err(sqlite)?;
    let files = Files::of(&file).map_err(|error| OpenError::system(&file, error))?;
    Ok((files, connection))
}

/// A connection that only reads, to a file that [`writable`] has opened. Its handle may write,
/// because the last connection to close has to tidy up the write-ahead log.
pub(super) fn readable(file: &Path) -> Result<Connection, OpenError> {
    let connection = connect(file, file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(|error| OpenError::sqlite(file, error))?;
    Ok(connection)
}

/// Connects to `file`, which SQLite is to know as `name`.
pub(super) fn connect(file: &Path, name: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    let open = || {
        let connection =
            Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        // Otherwise SQLite plans a cached statement anew whenever its parameters change.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    open().map_err(|error| OpenError::sqlite(file, error))
}

/// Whether there is a file, or only room for one.
fn is_there(file: &Path) -> Result<bool, OpenError> {
    let there = file.exists();
    if !there && let Some(log) = files::log_of(file) {
        return Err(OpenError::Missing { file: file.to_path_buf(), log });
    }
    if !there && file.is_symlink() {
        return Err(OpenError::unusable(file, "it is a link to a file that does not exist"));
    }
    Ok(there)
}

/// Refuses a file that is no journal without leaving a trace.
///
/// SQLite has to do the looking: closing any other handle on the file would take away the locks
/// that this process holds on it through a journal that is open already.
fn inspect(file: &Path) -> Result<(), OpenError> {
    if file.is_dir() {
        return Err(OpenError::IsDirectory { file: file.to_path_buf() });
    }
    check_length(file)?;
    let look = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = connect(file, &unchanging(file), look)?;
    match schema::layout(&connection) {
        Ok(layout) => {
            accept(file, layout)?;
            check_end(file, &connection)
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(match files::log_of(file) {
                Some(_) => OpenError::damaged(file, "its beginning is missing"),
                None => OpenError::NotAJournal { file: file.to_path_buf() },
            })
        }
        // Looking takes no lock, so it may see a file that somebody is writing to. Whether it is
        // broken shows when it is opened.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => Ok(()),
        Err(error) => Err(OpenError::sqlite(file, error)),
    }
}

/// Refuses what SQLite would take for a new file: an empty one, or one of a single byte. A journal
/// is created whole.
fn check_length(file: &Path) -> Result<(), OpenError> {
    let length = file.metadata().map_err(|error| OpenError::system(file, error))?.len();
    match (length, files::log_of(file)) {
        (0, None) => Err(OpenError::Empty { file: file.to_path_buf() }),
        (0 | 1, Some(_)) => Err(OpenError::damaged(file, "its beginning is missing")),
        (1, None) => Err(OpenError::NotAJournal { file: file.to_path_buf() }),
        _ => Ok(()),
    }
}

/// The URI of a file that SQLite is to read without locks and companions ("Uniform Resource
/// Identifiers" of the SQLite documentation, `immutable`).
fn unchanging(file: &Path) -> PathBuf {
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    PathBuf::from(uri + "?immutable=1")
}

/// Refuses a file that ends within a page. SQLite would read zeros there; whole pages that are
/// missing it finds by itself. A log beside the file may hold what is missing.
fn check_end(file: &Path, connection: &Connection) -> Result<(), OpenError> {
    let page =
        schema::number(connection, "page_size").map_err(|error| OpenError::sqlite(file, error))?;
    let length = file.metadata().map_err(|error| OpenError::system(file, error))?.len();
    if length.is_multiple_of(page.into()) || files::log_of(file).is_some() {
        return Ok(());
    }
    Err(OpenError::damaged(file, "its end is missing"))
}

fn accept(file: &Path, layout: Layout) -> Result<(), OpenError> {
    let file = file.to_path_buf();
    match layout {
        Layout::Known => Ok(()),
        Layout::Empty => Err(OpenError::Empty { file }),
        Layout::Newer(found) => Err(OpenError::Newer { file, found, known: schema::NEWEST }),
        Layout::Foreign(application_id) => Err(OpenError::Foreign { file, application_id }),
    }
}
