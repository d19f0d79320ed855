//! Opening a file that is a journal, and refusing one that is not.

use std::io;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connect::connect;
use super::create::create;
use super::files::Files;
use super::open_error::OpenError;
use super::schema::Layout;
use super::{files, schema};

/// The connection that writes, to a file that is a journal of this version now, and the files it
/// works with.
pub(super) fn writable(file: &Path) -> Result<(Files, Connection), OpenError> {
    // Never one of SQLite's special names, such as `:memory:`.
    let file: Arc<Path> = absolute(file).map_err(|error| OpenError::unusable(file, error))?.into();
    if is_there(&file)? {
        if inspect(&file)? {
            return Err(OpenError::Backup { file: file.to_path_buf() });
        }
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

/// Returns whether there is a file, or only room for one.
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

/// A connection to a file that holds a journal and that nobody uses: a backup, or a copy. It is left
/// as it is.
pub(super) fn copied(file: &Path) -> Result<Connection, OpenError> {
    if !is_there(file)? {
        return Err(OpenError::unusable(file, io::Error::from(io::ErrorKind::NotFound)));
    }
    inspect(file)?;
    if !files::has_log(file) {
        return connect(file, &unchanging(file), IMMUTABLE);
    }
    let connection = connect(file, file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let keep_log = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    let kept = connection.set_db_config(keep_log, true);
    kept.map_err(|error| OpenError::sqlite(file, error))?;
    Ok(connection)
}

const IMMUTABLE: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_URI);

/// Refuses a file that is no journal without leaving a trace. Says whether it is a backup.
///
/// SQLite has to do the looking: closing any other handle on the file would take away the locks
/// that this process holds on it through a journal that is open already.
fn inspect(file: &Path) -> Result<bool, OpenError> {
    if file.is_dir() {
        return Err(OpenError::IsDirectory { file: file.to_path_buf() });
    }
    check_length(file)?;
    let connection = connect(file, &unchanging(file), IMMUTABLE)?;
    match schema::layout(&connection) {
        Ok(layout) => {
            accept(file, layout)?;
            check_end(file, &connection)?;
            Ok(schema::is_backup(&connection).unwrap_or_default())
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(match files::log_of(file) {
                Some(_) => OpenError::damaged(file, "its beginning is missing"),
                None => OpenError::NotAJournal { file: file.to_path_buf() },
            })
        }
        // Looking takes no lock, so it may see a file that somebody is writing to. Whether it is
        // broken shows when it is opened.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => Ok(false),
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
