//! `cnct run`: a processor's journal, for whoever is on call.

mod park;
mod pauses;
mod revive;

use connect_journal::{Journal, JournalError, RunFilter, RunId, RunView, SqliteJournal};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::listing::cut;
use crate::cli::{Global, ListRuns, ListedState, RunCommand};
use crate::exit::Error;
use crate::journals::{Opened, open_all, open_one};
use crate::printer::Printer;
use crate::view::{RunDetails, Runs};

/// Carries out a run command.
pub(super) async fn run(
    command: RunCommand,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    match command {
        RunCommand::List(wanted) => list(wanted, global, printer).await,
        RunCommand::Show { journal, run } => {
            show(&open_one(journal, global)?, &run.into(), printer).await
        }
        RunCommand::Revive(wanted) => revive::run(wanted, global, printer).await,
        RunCommand::Park(wanted) => park::run(wanted, global, printer).await,
        RunCommand::Pause(part) => pauses::pause(part, global, printer).await,
        RunCommand::Resume(part) => pauses::resume(part, global, printer).await,
        RunCommand::Drain { journal } => pauses::drain(journal, global, printer).await,
        RunCommand::Paused { journal } => pauses::show(&open_all(journal, global)?, printer).await,
    }
}

async fn list(wanted: ListRuns, global: &Global, printer: &Printer) -> Result<(), Error> {
    let (journals, now) = (open_all(wanted.journal, global)?, Timestamp::now());
    let mut rows = Vec::new();
    for Opened { account, journal } in &journals {
        let found = newest(journal, wanted.state, now).await?;
        rows.extend(found.into_iter().map(|(created, run)| (created, account.clone(), run)));
    }
    rows.sort_by(|(one, ..), (other, ..)| other.cmp(one));
    cut(&mut rows, wanted.limit, (wanted.limit, 0), "runs", printer);
    pauses::mention(&journals, printer).await?;
    printer.show(&Runs::of(&rows, now))
}

/// The number of histories that are read at a time.
const AT_ONCE: usize = 16;

/// A run and when it was made known; `None`: that cannot be read.
type DatedRun = (Option<Timestamp>, RunView);

/// All runs in a state, each with the time it was offered, the newest first and those of an unknown
/// time last. The journal lists runs by their ids, which say nothing of their age.
async fn newest(
    journal: &SqliteJournal,
    wanted: Option<ListedState>,
    now: Timestamp,
) -> Result<Vec<DatedRun>, Error> {
    let state = wanted.map(|wanted| wanted.state);
    let waits = wanted.and_then(|wanted| wanted.waits);
    let mut found = Vec::new();
    let mut page = RunFilter { state, ..RunFilter::default() };
    loop {
        let runs = journal.runs(&page).await?;
        let Some(last) = runs.last() else { break };
        page.after = Some(last.id.clone());
        let runs = runs.into_iter().filter(|run| waits.is_none_or(|it| it == waits_at(run, now)));
        let offered = stream::iter(runs.map(|run| offered(journal, run))).buffered(AT_ONCE);
        found.extend(offered.try_collect::<Vec<_>>().await?);
    }
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    Ok(found)
}

fn waits_at(run: &RunView, now: Timestamp) -> bool {
    run.due.is_some_and(|due| due > now)
}

/// The run and when it was made known: the first line of its history. One that this version cannot
/// read hides neither its run nor the others.
async fn offered(journal: &SqliteJournal, run: RunView) -> Result<DatedRun, Error> {
    let first = match journal.history(&run.id, 0..1).await {
        Err(JournalError::Corrupt { .. }) => Vec::new(),
        history => history?,
    };
    Ok((first.first().map(|event| event.at), run))
}

async fn show(journal: &SqliteJournal, id: &RunId, printer: &Printer) -> Result<(), Error> {
    let run = journal.run(id).await?.ok_or_else(|| unknown(id))?;
    let history = journal.history(id, 0..u64::MAX).await?;
    let notes = journal.notes(id).await?;
    printer.show(&RunDetails::of(&run, &history, &notes, Timestamp::now()))
}

pub(super) fn unknown(run: &RunId) -> Error {
    JournalError::NoSuchRun { run: run.clone() }.into()
}
