//! The files of an open journal, and whether they are still the ones that were opened.

use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::JournalError;

/// Beside a file: the write-ahead log, and the log of the older kind.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// The files beside a journal's own while it is open: the write-ahead log and its index.
const IN_USE: [&str; 2] = ["-wal", "-shm"];

/// The length of a database's header, in bytes.
const HEADER: u64 = 100;

/// The log beside `file`, if there is one with something in it.
pub(super) fn log_of(file: &Path) -> Option<PathBuf> {
    let holds_something = |log: &PathBuf| log.metadata().is_ok_and(|log| log.len() > 0);
    LOGS.iter().map(|end| beside(file, end)).find(holds_something)
}

/// Returns whether a log is beside `file`, be it an empty one: somebody may be using the file.
pub(super) fn has_log(file: &Path) -> bool {
    LOGS.iter().any(|end| beside(file, end).exists())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(end);
    name.into()
}

/// The files a journal works with. A file that is removed or replaced is still written to, and
/// nobody will ever read it: that has to be noticed before anything is acknowledged.
#[derive(Debug)]
pub(super) struct Files {
    file: Arc<Path>,
    opened: Vec<(PathBuf, Identity)>,
    /// Set for good once a file was gone: somebody else may have worked meanwhile.
    gone: AtomicBool,
}

impl Files {
    /// Remembers the files of a journal that is open, its write-ahead log included.
    pub(super) fn of(file: &Arc<Path>) -> io::Result<Self> {
        // SQLite puts the companions where the file is, not where a link to it is.
        let main = file.canonicalize()?;
        let mut paths: Vec<_> = IN_USE.iter().map(|end| beside(&main, end)).collect();
        paths.extend([main, file.to_path_buf()]);
        paths.dedup();
        let opened = paths.into_iter().map(|path| {
            let identity = identity(&fs::metadata(&path)?);
            Ok((path, identity))
        });
        let opened = opened.collect::<io::Result<_>>()?;
        Ok(Self { file: file.clone(), opened, gone: AtomicBool::new(false) })
    }

    /// No file at all, for a database in memory.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        let file = Path::new("journal.db").into();
        Self { file, opened: Vec::new(), gone: AtomicBool::new(false) }
    }

    /// The journal's own file, by the name it was opened with.
    pub(super) fn main(&self) -> &Arc<Path> {
        &self.file
    }

    /// Refuses to go on when one of the files was removed or replaced, now or ever.
    pub(super) fn check(&self) -> Result<(), FilesError> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(FilesError::Gone(self.file.clone()));
        }
        for (path, opened) in &self.opened {
            match fs::metadata(path) {
                // SQLite never makes a journal shorter: whoever empties it takes it away.
                Ok(now) if identity(&now) == *opened && !self.is_cut(path, &now) => {}
                Err(error) if !is_missing(&error) => return Err(FilesError::Unknown(error.into())),
                _ => {
                    self.gone.store(true, Ordering::Relaxed);
                    tracing::error!(file = %path.display(), "removed or replaced while it was open");
                    return Err(FilesError::Gone(self.file.clone()));
                }
            }
        }
        Ok(())
    }

    /// Returns whether the main file is shorter than the header it was opened with.
    fn is_cut(&self, path: &Path, now: &Metadata) -> bool {
        *self.file == *path && now.len() < HEADER
    }

    /// To be called before `connection` is closed. The last connection removes the write-ahead log,
    /// by its name; when that is no longer the name of the file it opened, it must not.
    pub(super) fn before_closing(&self, connection: &Connection) {
        if self.check().is_err() {
            // Nothing better can be done if this fails, and there is nobody to tell.
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    }
}

/// The reasons for which nothing may be acknowledged. Cheap to clone: one check answers many calls.
#[derive(Clone, Debug)]
pub(super) enum FilesError {
    /// A file was removed or replaced.
    Gone(Arc<Path>),
    /// The system does not say whether one was.
    Unknown(Arc<io::Error>),
}

impl From<FilesError> for JournalError {
    fn from(trouble: FilesError) -> Self {
        match trouble {
            FilesError::Gone(file) => Self::Gone { file: file.to_path_buf() },
            FilesError::Unknown(source) => Self::unavailable(source),
        }
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The mark that tells a file from another of the same name.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

#[cfg(not(unix))]
type Identity = Option<std::time::SystemTime>;

#[cfg(not(unix))]
fn identity(file: &Metadata) -> Identity {
    file.created().ok()
}
