//! `cnct run`: a processor's journal, for whoever is on call.

use std::io;
use std::path::PathBuf;

use connect_journal::{
    Clock, Journal, RunFilter, RunId, RunState, RunView, SqliteJournal, SystemClock,
};
use jiff::Timestamp;

use super::cut;
use crate::cli::{JournalFile, ListRuns, RunCommand};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{RunDetails, Runs};

/// Carries out a run command.
pub(super) async fn run(command: RunCommand, printer: &Printer) -> Result<(), Error> {
    match command {
        RunCommand::List(wanted) => list(wanted, printer).await,
        RunCommand::Show { journal, run } => show(&open(journal)?, &run.into(), printer).await,
        RunCommand::Revive { journal, run } => revive(&open(journal)?, &run.into(), printer).await,
    }
}

async fn list(wanted: ListRuns, printer: &Printer) -> Result<(), Error> {
    let journal = open(wanted.journal)?;
    let mut rows = first(&journal, wanted.state, wanted.limit.saturating_add(1)).await?;
    cut(&mut rows, wanted.limit, "runs", "first", printer);
    printer.show(&Runs::of(&rows, Timestamp::now()))
}

/// The first runs by id, at most so many.
async fn first(
    journal: &SqliteJournal,
    state: Option<RunState>,
    most: usize,
) -> Result<Vec<RunView>, Error> {
    let mut rows: Vec<RunView> = Vec::new();
    loop {
        let limit = RunFilter::MOST.min(most - rows.len());
        let after = rows.last().map(|run| run.id.clone());
        let page = journal.runs(&RunFilter { state, after, limit, lane: None }).await?;
        let is_last = page.len() < limit;
        rows.extend(page);
        if is_last || rows.len() == most {
            return Ok(rows);
        }
    }
}

async fn show(journal: &SqliteJournal, id: &RunId, printer: &Printer) -> Result<(), Error> {
    let run = journal.run(id).await?.ok_or_else(|| unknown(id))?;
    let history = journal.history(id, 0..u64::MAX).await?;
    printer.show(&RunDetails::of(&run, &history))
}

async fn revive(journal: &SqliteJournal, id: &RunId, printer: &Printer) -> Result<(), Error> {
    let by = std::env::var("USER").unwrap_or_else(|_| "cnct".to_owned());
    journal.revive(id, SystemClock.now(), &by).await?;
    show(journal, id, printer).await
}

/// Opens a journal that is there: looking must not make one.
fn open(JournalFile { path }: JournalFile) -> Result<SqliteJournal, Error> {
    if !path.exists() {
        return Err(missing(path));
    }
    Ok(SqliteJournal::open(path, SystemClock)?)
}

fn missing(path: PathBuf) -> Error {
    Error::File { path, doing: "read", source: io::ErrorKind::NotFound.into() }
}

fn unknown(run: &RunId) -> Error {
    connect_journal::JournalError::NoSuchRun { run: run.clone() }.into()
}
