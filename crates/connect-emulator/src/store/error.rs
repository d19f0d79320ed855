//! The reasons why a data directory cannot be used.

use std::path::{Path, PathBuf};

use connect_world::BadRecord;
use rusqlite::ErrorCode;

use super::layout::LAYOUT;

/// A reason why the data directory cannot be used. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A directory that cannot be made.
    #[error("cannot make the data directory {path}: choose another with --data", path = .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// A file that another emulator has open.
    #[error("{path} is in use by another emulator: stop it, or choose another directory with --data", path = .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A file that is not a SQLite database.
    #[error("{path} is not a database: move it away, or choose another directory with --data", path = .path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A file that is a database of some other program.
    #[error("{path} belongs to another application: choose another directory with --data", path = .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A file that was written by a newer version.
    #[error("{path} has layout {found}, this version knows {LAYOUT}: use the version that wrote it, or choose another directory with --data", path = .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i32,
    },
    /// A file that is empty, was cut off, or lost the world it had.
    #[error("{path} is damaged, and not a new world: restore it from a backup, or move it and the files beside it away to begin a new one", path = .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A file that the system does not let be made or read.
    #[error("cannot make or read {path}: check its permissions and the space on its disk", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// A record in the file that cannot be understood.
    #[error("{path} holds a record that cannot be read: restore the file from a backup, or choose another directory with --data", path = .path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// The record, and the reason.
        #[source]
        source: BadRecord,
    },
    /// A refusal of SQLite for another reason, such as permissions or a full disk.
    #[error("cannot open {path}: check its permissions and the space on its disk", path = .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's error.
        #[source]
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Returns a stable code for scripts.
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
