//! Runs of a processor's journal.

use std::io::{self, Write};

use anstyle::Style;
use connect_console::state;
use connect_journal::{
    AttemptNote, Fact, Finish, Group, HistoryEntry, Note, RunView, StepName, StepResult, StepState,
};
use connect_processor::{Ending, Exchange, StepMeaning};
use jiff::Timestamp;
use serde::Serialize;

use super::table::{Cell, Column, table};
use super::time::{ago, second, to_second};
use super::{BAD, GOOD, OPEN, facts, ids};
use crate::printer::View;

/// A list of runs.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Runs {
    rows: Vec<Row>,
    #[serde(skip)]
    now: Timestamp,
}

/// A run, without its payload.
#[derive(Serialize)]
struct Row {
    /// The account, of a program that has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    run: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "to_second")]
    due: Option<Timestamp>,
    /// The time it was offered, where it is listed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "to_second")]
    created: Option<Timestamp>,
    attempts: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

impl Row {
    fn of(run: &RunView, created: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            account: None,
            run: run.id.to_string(),
            state: state(run, now),
            due: run.due,
            created,
            attempts: run.attempt,
            note: note(run),
        }
    }
}

impl Runs {
    /// Runs, each with the time it was offered, where that is known, and the account that it is of, if
    /// a program has several.
    pub(crate) fn of(
        runs: &[(Option<Timestamp>, Option<String>, RunView)],
        now: Timestamp,
    ) -> Self {
        let row = |(created, account, run): &(Option<Timestamp>, Option<String>, RunView)| Row {
            account: account.clone(),
            ..Row::of(run, *created, now)
        };
        Self { rows: runs.iter().map(row).collect(), now }
    }
}

impl View for Runs {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows.iter().map(|row| {
            [
                row.account.as_deref().unwrap_or_default().into(),
                row.run.as_str().into(),
                Cell::styled(row.state, colour(row.state)),
                row.attempts.to_string().into(),
                ago(self.now, row.due.map(Into::into)).into(),
                row.note.as_str().into(),
                ago(self.now, row.created.map(Into::into)).into(),
            ]
        });
        const COLUMNS: [Column; 7] = [
            Column::whole("ACCOUNT").where_said(),
            Column::whole("RUN"),
            Column::whole("STATE"),
            Column::whole("ATTEMPTS").expendable(1),
            Column::whole("DUE").expendable(2),
            Column::text("NOTE"),
            Column::whole("CREATED"),
        ];
        table(out, COLUMNS, rows)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, self.rows.iter().map(|row| row.run.as_str()))
    }
}

/// One run with its steps and its history.
#[derive(Serialize)]
pub(crate) struct RunDetails {
    #[serde(flatten)]
    row: Row,
    steps: Vec<Step>,
    history: Vec<EventLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calls: Vec<CallLine>,
}

/// A call to the vendor.
#[derive(Serialize)]
struct CallLine {
    attempt: u32,
    step: String,
    #[serde(flatten)]
    exchange: Exchange,
}

#[derive(Serialize)]
struct Step {
    step: String,
    state: &'static str,
}

#[derive(Serialize)]
struct EventLine {
    at: Timestamp,
    what: String,
}

impl RunDetails {
    pub(crate) fn of(
        run: &RunView,
        history: &[HistoryEntry],
        notes: &[AttemptNote],
        now: Timestamp,
    ) -> Self {
        let step = |record: &connect_journal::StepRecord| Step {
            step: record.step.to_string(),
            state: match record.state {
                // Marks of the processor's own are no effects at the vendor; undoing a step is one.
                StepState::Intended if is_mark(&record.step) => "noted",
                StepState::Intended => "may have happened",
                StepState::Done(_) => "done",
                StepState::GaveUp(_) => "given up",
            },
        };
        let line =
            |event: &HistoryEntry| EventLine { at: second(event.at), what: told(&event.fact) };
        let created = history.first().map(|event| event.at);
        Self {
            row: Row::of(run, created, now),
            steps: run.steps.iter().map(step).collect(),
            history: history.iter().map(line).collect(),
            calls: notes.iter().flat_map(calls).collect(),
        }
    }
}

fn calls(note: &AttemptNote) -> impl Iterator<Item = CallLine> {
    let (attempt, step) = (note.attempt, note.step.to_string());
    let exchanges = Exchange::of(note).into_iter();
    exchanges.map(move |exchange| CallLine { attempt, step: step.clone(), exchange })
}

impl RunDetails {
    /// The calls to the vendor; of attempts in between that failed, only how many there are.
    fn human_calls(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut last = None;
        for CallLine { attempt, step, exchange } in &self.calls {
            let between = last.map_or(0, |last| attempt.saturating_sub(last + 1));
            if between > 0 {
                writeln!(out, "\n({between} attempts between are not shown)")?;
            }
            last = Some(*attempt);
            let Exchange { method, address, status, took_ms, .. } = exchange;
            let status = status.map_or("no answer".to_owned(), |status| status.to_string());
            let sent = format!("{method} {address}");
            writeln!(
                out,
                "\nattempt {attempt}, {step}: {} → {status}, {took_ms} ms",
                plain::text(&sent)
            )?;
            for (what, text) in [("sent", &exchange.body), ("answered", &exchange.answer)] {
                if !text.is_empty() {
                    writeln!(out, "  {what}: {}", plain::text(text))?;
                }
            }
        }
        Ok(())
    }
}

impl View for RunDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let due = self.row.due.map(|due| second(due).to_string()).unwrap_or_default();
        let mut known = vec![
            ("run", self.row.run.clone()),
            ("state", self.row.state.to_owned()),
            ("due", due),
            ("note", self.row.note.clone()),
        ];
        known.extend(self.steps.iter().map(|it| ("step", format!("{}: {}", it.step, it.state))));
        facts(out, &known)?;
        writeln!(out)?;
        let rows =
            self.history.iter().map(|it| [it.at.to_string().into(), it.what.as_str().into()]);
        table(out, [Column::whole("WHEN"), Column::whole("WHAT")], rows)?;
        self.human_calls(out)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.row.run.as_str()])
    }
}

fn is_mark(step: &StepName) -> bool {
    !matches!(StepMeaning::of(step), StepMeaning::Effect(_) | StepMeaning::Undo(_))
}

fn colour(state: &str) -> Style {
    match state {
        "done" => GOOD,
        "parked" | "dead" => BAD,
        _ => OPEN,
    }
}

fn note(run: &RunView) -> String {
    match &run.note {
        None => String::new(),
        Some(Note::Why(why)) => why.clone(),
        Some(Note::Outcome(outcome)) => Ending::from_outcome(outcome).to_string(),
    }
}

/// A fact in words; values of steps stay in the journal.
fn told(fact: &Fact) -> String {
    match fact {
        Fact::Offered { lane, .. } => format!("offered, on {lane}"),
        Fact::Requeued { urgent: Some(urgent), .. } => {
            format!("should be over by {}", second(*urgent))
        }
        Fact::Requeued { urgent: None, group } => {
            format!("belongs to {}", group.as_ref().map_or("no group", Group::as_str))
        }
        Fact::Woken { .. } => "woken by news".to_owned(),
        Fact::Claimed { worker, attempt, took_over, .. } => {
            let how = if *took_over { "taken over" } else { "claimed" };
            format!("{how} by {worker}, attempt {attempt}")
        }
        Fact::Intended { step, .. } => format!("{step}: about to act"),
        Fact::Recorded { step, result: StepResult::Done(_), .. } => format!("{step}: done"),
        Fact::Recorded { step, result: StepResult::GaveUp(why), .. } => {
            format!("{step}: given up: {why}")
        }
        Fact::Finished { how, .. } => ended(how),
        Fact::Moved { due } => format!("the clock was set, now due at {}", second(*due)),
        Fact::Erased { by } => format!("what it was about erased by {by}"),
        Fact::Revived { by, .. } => format!("revived by {by}"),
    }
}

fn ended(how: &Finish) -> String {
    match how {
        Finish::Done { outcome } => format!("over: {}", Ending::from_outcome(outcome)),
        Finish::Idle { outcome } => format!("idle: {}", Ending::from_outcome(outcome)),
        Finish::Retry { due, why, .. } => format!("again at {}: {why}", second(*due)),
        Finish::Wait { due, why, .. } => format!("waits until {}: {why}", second(*due)),
        Finish::Park { why, .. } => format!("parked: {why}"),
        Finish::Dead { why } => format!("dead: {why}"),
    }
}
