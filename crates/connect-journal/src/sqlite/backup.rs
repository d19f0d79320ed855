//! Backups, and journals restored from them.

use std::fs::File;
use std::path::{Path, PathBuf, absolute};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::columns::Column;
use super::connect::connect;
use super::open_error::OpenError;
use super::{create, files, open, schema};
use crate::error::JournalError;
use crate::restoration::Restoration;

/// The reasons for which a journal cannot be backed up or restored. Nothing was written under the
/// name that was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is such a file, and it may be worth more than the new one.
    #[error("{}: is there already; name another file, or move it away first", file.display())]
    Exists {
        /// The file that is in the way, perhaps the log of a journal of this name.
        file: PathBuf,
    },
    /// What was to be copied is not whole.
    #[error("{}: is damaged ({damage}); use another backup", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What SQLite found.
        damage: String,
    },
    /// One of the files cannot be used.
    #[error(transparent)]
    File(#[from] OpenError),
    /// The journal that was to be backed up is not there any more, or does not answer.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl BackupError {
    /// A name that stays the same over releases, for logs and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "JRN_BACKUP_EXISTS",
            Self::Damaged { .. } => "JRN_BACKUP_DAMAGED",
            Self::File(error) => error.code(),
            Self::Journal(error) => error.code(),
        }
    }
}

/// Writes the journal of `file` to `destination`, as it is at one moment not before `now`.
pub(super) fn back_up(file: &Path, destination: &Path, now: Timestamp) -> Result<(), BackupError> {
    // A connection of its own: others go on to read and to write meanwhile.
    let source = connect(file, file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    copy((file, &source), destination, |copy| {
        copy.execute("insert into restorations (backup) values (?1)", [Column(now)]).map(drop)
    })
}

/// Makes a journal in `destination` of a backup, or of another copy of a journal.
pub(super) fn restore(
    backup: &Path,
    destination: &Path,
    now: Timestamp,
) -> Result<Restoration, BackupError> {
    let backup = absolute(backup).map_err(|error| OpenError::unusable(backup, error))?;
    let source = open::copied(&backup)?;
    check(&backup, &source)?;
    let mut restoration = None;
    copy((&backup, &source), destination, |copy| {
        schema::update(copy)?;
        let of_backup = "update restorations set at = ?1 where at is null";
        if copy.execute(of_backup, [Column(now)])? == 0 {
            let of_copy = "insert into restorations (backup, at)
                 values (coalesce((select max(at) from events), ?1), ?1)";
            copy.execute(of_copy, [Column(now)])?;
        }
        restoration = latest(copy)?;
        schema::make_durable(copy)
    })?;
    Ok(restoration.unwrap_or(Restoration { backup: now, at: now }))
}

/// The latest restoration of a journal.
pub(super) fn latest(db: &Connection) -> rusqlite::Result<Option<Restoration>> {
    let latest = "select backup, at from restorations where at is not null
         order by rowid desc limit 1";
    db.query_row(latest, params![], |row| {
        let (Column(backup), Column(at)) = (row.get(0)?, row.get(1)?);
        Ok(Restoration { backup, at })
    })
    .optional()
}

/// Copies a journal under a passing name, lets `finish` make of the copy what it is to be, and gives
/// it its own name once it is whole and on the disk.
fn copy(
    (file, source): (&Path, &Connection),
    destination: &Path,
    finish: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
) -> Result<(), BackupError> {
    let destination =
        absolute(destination).map_err(|error| OpenError::unusable(destination, error))?;
    refuse_taken(&destination)?;
    let new = create::beside(&destination)?;
    let Some(name) = new.to_str() else {
        return Err(OpenError::unusable(&destination, "its name is not in UTF-8").into());
    };
    source.execute("vacuum into ?1", [name]).map_err(|error| copying(file, &destination, error))?;
    let mut copied = connect(&destination, &new, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    check(file, &copied)?;
    let sqlite = |error| OpenError::sqlite(&destination, error);
    finish(&mut copied).map_err(sqlite)?;
    copied.close().map_err(|(_, error)| sqlite(error))?;
    let synced = File::open(&new).and_then(|new| new.sync_all());
    synced.map_err(|error| OpenError::system(&destination, error))?;
    match create::give_name(new, &destination)? {
        true => Ok(()),
        false => Err(BackupError::Exists { file: destination }),
    }
}

/// A file that is damaged is the one that is read; all else may be either's.
fn copying(file: &Path, destination: &Path, error: rusqlite::Error) -> OpenError {
    match OpenError::sqlite(file, error) {
        damaged @ OpenError::Damaged { .. } => damaged,
        OpenError::Unusable { source, .. } | OpenError::Denial { source, .. } => {
            OpenError::unusable(destination, source)
        }
        other => other,
    }
}

fn refuse_taken(destination: &Path) -> Result<(), BackupError> {
    let taken = match destination.symlink_metadata() {
        Ok(_) => Some(destination.to_path_buf()),
        Err(_) => files::log_of(destination),
    };
    taken.map_or(Ok(()), |file| Err(BackupError::Exists { file }))
}

fn check(file: &Path, db: &Connection) -> Result<(), BackupError> {
    let found: String = db
        .query_row("pragma integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| OpenError::sqlite(file, error))?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => Err(BackupError::Damaged { file: file.to_path_buf(), damage: found }),
    }
}
