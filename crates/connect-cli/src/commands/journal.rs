//! `cnct journal`: what becomes of a processor's journal.

use std::path::Path;

use connect_clock::SystemClock;
use connect_journal::{Erasure, SqliteJournal};

use crate::cli::{EraseRuns, JournalCommand, Whose};
use crate::exit::Error;
use crate::journals;
use crate::person::person;
use crate::printer::Printer;
use crate::view::{BackupDone, ErasedRuns, RestoreDone};

/// Carries out a journal command.
pub(super) async fn run(command: JournalCommand, printer: &Printer) -> Result<(), Error> {
    match command {
        JournalCommand::Backup { file, destination } => {
            journals::open(file)?.backup(&destination).await?;
            printer.show(&BackupDone::of(&destination))
        }
        JournalCommand::Restore { backup, destination } => {
            restore(&backup, &destination, printer).await
        }
        JournalCommand::Erase(wanted) => erase(wanted, printer).await,
    }
}

/// Makes a journal of a backup, and says what is paused in it: nobody remembers what was paused when
/// the backup was taken.
async fn restore(backup: &Path, destination: &Path, printer: &Printer) -> Result<(), Error> {
    let restoration = SqliteJournal::restore(backup, destination, &SystemClock)?;
    let paused = connect_processor::paused(&journals::open(destination.to_owned())?).await?;
    if !paused.is_empty() {
        printer.warn("what was paused in the backup is paused again, until `cnct run resume`");
    }
    printer.show(&RestoreDone::of(destination, restoration, &paused))
}

async fn erase(EraseRuns { file, whose }: EraseRuns, printer: &Printer) -> Result<(), Error> {
    let what = match whose {
        Whose { request: Some(request), .. } => Erasure::Run(request.into()),
        Whose { asset, .. } => Erasure::Lane(asset.unwrap_or_default().into()),
    };
    let erased = journals::open(file)?.erase(&what, &person()).await?;
    printer.show(&ErasedRuns::of(&erased))
}
