//! SQLite's errors as ours, with the file they are about and what to do.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Error, ErrorCode};

use crate::error::JournalError;

/// An error of SQLite, with its file. Cheap to clone: one failed commit answers many calls.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {error}; {}", file.display(), remedy(error))]
pub(super) struct SqliteError {
    file: Arc<Path>,
    error: Arc<Error>,
}

impl SqliteError {
    pub(super) fn new(file: &Arc<Path>, error: Error) -> Self {
        Self { file: file.clone(), error: Arc::new(error) }
    }

    /// Returns whether the operation alone is to blame: the same transaction without it may
    /// succeed.
    pub(super) fn concerns_one_operation(&self) -> bool {
        !matches!(
            self.error.sqlite_error_code(),
            Some(
                ErrorCode::CannotOpen
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::DiskFull
                    | ErrorCode::NotADatabase
                    | ErrorCode::OutOfMemory
                    | ErrorCode::PermissionDenied
                    | ErrorCode::ReadOnly
                    | ErrorCode::SystemIoFailure
            )
        )
    }
}

impl From<SqliteError> for JournalError {
    fn from(failure: SqliteError) -> Self {
        let source = Box::new(failure.clone());
        if is_corrupt(&failure.error) {
            Self::Corrupt { source }
        } else {
            Self::Unavailable { source }
        }
    }
}

/// Returns whether one row says what no journal writes, or is missing where another one names it.
/// The file as a whole may be well.
pub(super) fn is_unreadable(error: &Error) -> bool {
    matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::QueryReturnedNoRows
            | Error::Utf8Error(..)
    )
}

/// Returns why a run waits for a person when its rows are unreadable.
pub(super) fn unreadable_run(error: &Error) -> String {
    format!("the journal cannot read this run: {error}; restore the journal from a backup")
}

fn is_corrupt(error: &Error) -> bool {
    let code = error.sqlite_error_code();
    is_unreadable(error)
        || matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn remedy(error: &Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "free space on its disk",
        Some(ErrorCode::SystemIoFailure) => "check its disk",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "find the process that keeps it locked"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "make the file and its directory writable for this user"
        }
        _ if is_corrupt(error) => "restore it from a backup",
        _ => "report this with the text above",
    }
}
