//! Backups of a journal, and the erasure of what it knows of somebody.

use std::path::Path;

use connect_clock::Clock;

use super::operation::Turn;
use super::transaction::Transaction;
use super::{BackupError, EraseError, Erasure, SqliteJournal, backup, erase};
use crate::error::JournalError;
use crate::names::RunId;
use crate::restoration::Restoration;

impl SqliteJournal {
    /// Writes the journal, as it is at one moment, to a new file. Whoever works with the journal goes
    /// on meanwhile, and so may other processes. When this returns, the file is whole, on the disk,
    /// and for this user alone; until then there is none of its name.
    ///
    /// A backup is one file. It cannot be opened as a journal; [`restore`](Self::restore) makes one
    /// of it.
    ///
    /// # Errors
    /// When there is such a file, or it cannot be written; when the journal is gone or damaged.
    pub async fn backup(&self, destination: impl AsRef<Path>) -> Result<(), BackupError> {
        self.files.check().map_err(JournalError::from)?;
        let (files, now) = (self.files.clone(), self.clock.now());
        let destination = destination.as_ref().to_path_buf();
        let back_up = move || {
            backup::back_up(files.main(), &destination, now)?;
            Ok(files.check().map_err(JournalError::from)?)
        };
        if self.writer.is_inline() {
            return back_up();
        }
        tokio::task::spawn_blocking(back_up).await.map_err(JournalError::unavailable)?
    }

    /// Makes a journal in the new file `destination` of a backup, or of any other whole copy of a
    /// journal, which is left as it is.
    ///
    /// It says of itself that it was [restored](crate::Journal::restoration), for ever: what was done after
    /// the backup was taken, it does not know.
    ///
    /// # Errors
    /// When the backup is none or not whole, or there is a journal of this name, or the log of one.
    pub fn restore(
        backup: impl AsRef<Path>,
        destination: impl AsRef<Path>,
        clock: &impl Clock,
    ) -> Result<Restoration, BackupError> {
        backup::restore(backup.as_ref(), destination.as_ref(), clock.now())
    }

    /// Erases what the journal knows of these runs: payloads, values of steps, outcomes and reasons,
    /// and their traces in free parts of the file and in its log. What stays is that they were there:
    /// their ids, lanes and states, what happened when, the names of their steps, and who erased it.
    /// Returns the runs. To be repeated when it fails; what is erased already stays so.
    ///
    /// The file is written anew, so this takes a while, in which nothing else can be written.
    ///
    /// # Errors
    /// When there is no such run, or one of them is not done or dead: then nothing was erased.
    pub async fn erase(&self, what: &Erasure, by: &str) -> Result<Vec<RunId>, EraseError> {
        let (what, by) = (what.clone(), by.to_owned());
        let erase = move |tx: &Transaction<'_>| erase::erase(tx, &what, &by);
        let erased = self.writer.write(Turn::Write, erase).await??;
        let file = self.files.main().clone();
        let wipe = move || erase::wipe(&file);
        let wiped = if self.writer.is_inline() {
            wipe()
        } else {
            tokio::task::spawn_blocking(wipe).await.map_err(JournalError::unavailable)?
        };
        wiped.map_err(|error| EraseError::Traces { source: Box::new(error) })?;
        Ok(erased)
    }
}
