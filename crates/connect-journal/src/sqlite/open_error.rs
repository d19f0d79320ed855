//! Every way a file can turn out not to be a journal.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The reasons for which a file cannot be opened as a journal. It was left as it was.
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
        /// The error of the system or of SQLite.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is no SQLite file.
    #[error("{}: is something else than a journal; name another file", file.display())]
    NotAJournal {
        /// The file that was asked for.
        file: PathBuf,
    },
    /// The file is there and nothing is in it. A journal is never empty, so this one was cut off,
    /// or the file was never a journal.
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
        /// The damage.
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
        /// The application that it says it is of.
        application_id: u32,
    },
    /// The file is a backup. What was done after it was taken stands nowhere in it, so nobody may go
    /// on with it as if it were the journal.
    #[error(
        "{}: is a backup of a journal; restore it under another name with \
         `cnct journal restore` and open that",
        file.display()
    )]
    Backup {
        /// The file that was asked for.
        file: PathBuf,
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
        /// The error of the system or of SQLite.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The writing thread could not be started.
    #[error("{}: cannot start its writing thread; raise the limit on threads", file.display())]
    Thread {
        /// The file that was asked for.
        file: PathBuf,
        /// The system's error.
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
            Self::Backup { .. } => "JRN_OPEN_BACKUP",
            Self::Newer { .. } => "JRN_OPEN_NEWER",
            Self::Unusable { .. } => "JRN_OPEN_UNUSABLE",
            Self::Thread { .. } => "JRN_OPEN_THREAD",
        }
    }

    pub(super) fn unusable(file: &Path, source: impl Into<Cause>) -> Self {
        Self::Unusable { file: file.to_path_buf(), source: source.into() }
    }

    pub(super) fn damaged(file: &Path, source: impl Into<Cause>) -> Self {
        Self::Damaged { file: file.to_path_buf(), source: source.into() }
    }

    fn denied(file: &Path, source: impl Into<Cause>) -> Self {
        Self::Denial { file: file.to_path_buf(), source: source.into() }
    }

    /// Turns the system's error about a file into ours.
    pub(super) fn system(file: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::denied(file, error)
            }
            _ => Self::unusable(file, error),
        }
    }

    /// Turns SQLite's error about a file that is a journal, or was one, into ours.
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
