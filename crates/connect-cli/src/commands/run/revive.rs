//! `cnct run revive`: runs that a person lets go on, one by one or all in a state.

use connect_clock::{Clock, SystemClock};
use connect_journal::{Journal, JournalError, RunId, RunState, RunView, SqliteJournal, StepName};
use jiff::Timestamp;

use super::{DatedRun, newest, offered, show, unknown};
use crate::cli::{Global, ReviveRuns};
use crate::exit::Error;
use crate::journals::open_one;
use crate::person::person;
use crate::printer::Printer;
use crate::view::Runs;

pub(super) async fn run(
    wanted: ReviveRuns,
    global: &Global,
    printer: &Printer,
) -> Result<(), Error> {
    let ReviveRuns { journal, runs, state, limit, dry_run } = wanted;
    let (journal, now) = (open_one(journal, global)?, Timestamp::now());
    let plan = match state {
        Some(state) => {
            let mut found = newest(&journal, Some(state), now).await?;
            found = unasked(&journal, found, printer).await?;
            found.truncate(limit.unwrap_or(usize::MAX));
            found
        }
        None => named(&journal, &runs, now).await?,
    };
    if dry_run {
        printer.say(format_args!("would be revived: {}; nothing is changed", count(plan.len())));
        return list(plan, now, printer);
    }
    if let (None, [(_, run)]) = (state, plan.as_slice()) {
        journal.revive(&run.id, SystemClock.now(), &person()).await?;
        return show(&journal, &run.id, printer).await;
    }
    revive(&journal, plan, printer).await
}

/// Returns the runs of these ids, each once; refuses all of them if one cannot be revived.
async fn named(
    journal: &SqliteJournal,
    runs: &[String],
    now: Timestamp,
) -> Result<Vec<DatedRun>, Error> {
    let mut plan: Vec<DatedRun> = Vec::new();
    for id in runs.iter().map(|id| RunId::from(id.as_str())) {
        let run = journal.run(&id).await?.ok_or_else(|| unknown(&id))?;
        if !run.can_be_revived(now) {
            return Err(JournalError::NotRevivable { run: id, state: run.state }.into());
        }
        if plan.iter().all(|(_, planned)| planned.id != id) {
            plan.push(offered(journal, run).await?);
        }
    }
    Ok(plan)
}

/// Leaves out those about whose step a person is asked: who revives such a run has asked the vendor
/// about that step, so it is named.
async fn unasked(
    journal: &SqliteJournal,
    found: Vec<DatedRun>,
    printer: &Printer,
) -> Result<Vec<DatedRun>, Error> {
    let mut plan = Vec::new();
    for (offered, run) in found {
        match asked_about(journal, &run).await? {
            Some(step) => printer.warn(format_args!(
                "{} is left: it asks about `{step}`, and reviving it answers that; see to that step, \
                 then name the run",
                run.id
            )),
            None => plan.push((offered, run)),
        }
    }
    Ok(plan)
}

/// Returns the step that a parked run asks a person about.
async fn asked_about(journal: &SqliteJournal, run: &RunView) -> Result<Option<StepName>, Error> {
    if run.state != RunState::Parked {
        return Ok(None);
    }
    let history = journal.history(&run.id, 0..u64::MAX).await?;
    Ok(connect_console::asked_about(run, &history).cloned())
}

/// Revives one after the other, and goes on where one has changed meanwhile.
async fn revive(
    journal: &SqliteJournal,
    plan: Vec<DatedRun>,
    printer: &Printer,
) -> Result<(), Error> {
    let (by, mut revived, mut left) = (person(), Vec::new(), 0);
    for (offered, run) in plan {
        match journal.revive(&run.id, SystemClock.now(), &by).await {
            Ok(()) => {
                let run = journal.run(&run.id).await?.unwrap_or(run);
                revived.push((offered, run));
            }
            Err(error @ (JournalError::NotRevivable { .. } | JournalError::NoSuchRun { .. })) => {
                printer.skip(&error.into());
                left += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    printer.say(format_args!("revived: {}", count(revived.len())));
    list(revived, Timestamp::now(), printer)?;
    if left == 0 { Ok(()) } else { Err(Error::NotAllRevived { left }) }
}

fn list(runs: Vec<DatedRun>, now: Timestamp, printer: &Printer) -> Result<(), Error> {
    let rows: Vec<_> = runs.into_iter().map(|(offered, run)| (offered, None, run)).collect();
    printer.show(&Runs::of(&rows, now))
}

fn count(runs: usize) -> String {
    match runs {
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    }
}
