//! Facts as rows.

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, named_params, params};

use super::columns::{Column, get, get_opt};
use super::groups;
use super::transaction::Transaction;
use crate::finish::Finish;
use crate::history::{Fact, HistoryEntry};
use crate::names::{Fence, Group, Lane, RunId, StepName, WorkerId};
use crate::step::{StepRecord, StepResult, StepState};

/// The columns that a fact fills.
#[derive(Default)]
struct Columns<'a> {
    kind: &'static str,
    fence: Option<Fence>,
    step: Option<&'a StepName>,
    who: Option<&'a str>,
    due: Option<Timestamp>,
    attempt: Option<u32>,
    hold_lane: Option<bool>,
    body: Option<&'a Bytes>,
    why: Option<&'a str>,
    about: Option<&'a StepName>,
    urgent: Option<Timestamp>,
    group: Option<&'a Group>,
}

impl<'a> From<&'a Fact> for Columns<'a> {
    fn from(fact: &'a Fact) -> Self {
        let empty = Self::default();
        match fact {
            // The lane stands in the run's own row: it never changes.
            Fact::Offered { payload, due, urgent, group, .. } => Self {
                kind: "offered",
                body: Some(payload),
                due: Some(*due),
                urgent: *urgent,
                group: group.as_ref(),
                ..empty
            },
            Fact::Requeued { urgent, group } => {
                Self { kind: "requeued", urgent: *urgent, group: group.as_ref(), ..empty }
            }
            Fact::Woken { payload, due } => {
                Self { kind: "woken", body: Some(payload), due: Some(*due), ..empty }
            }
            Fact::Claimed { worker, fence, attempt, took_over } => Self {
                kind: if *took_over { "took_over" } else { "claimed" },
                fence: Some(*fence),
                who: Some(worker.as_str()),
                attempt: Some(*attempt),
                ..empty
            },
            Fact::Intended { step, fence } => {
                Self { kind: "intended", step: Some(step), fence: Some(*fence), ..empty }
            }
            Fact::Recorded { step, fence, result } => {
                Self { step: Some(step), fence: Some(*fence), ..result.into() }
            }
            Fact::Finished { fence, how } => Self { fence: Some(*fence), ..how.into() },
            Fact::Moved { due } => Self { kind: "moved", due: Some(*due), ..empty },
            Fact::Revived { by, due } => {
                Self { kind: "revived", who: Some(by), due: Some(*due), ..empty }
            }
            Fact::Erased { by } => Self { kind: "erased", who: Some(by), ..empty },
        }
    }
}

impl<'a> From<&'a StepResult> for Columns<'a> {
    fn from(result: &'a StepResult) -> Self {
        let empty = Self::default();
        match result {
            StepResult::Done(output) => Self { kind: "step_done", body: Some(output), ..empty },
            StepResult::GaveUp(why) => Self { kind: "step_gave_up", why: Some(why), ..empty },
        }
    }
}

impl<'a> From<&'a Finish> for Columns<'a> {
    fn from(how: &'a Finish) -> Self {
        let empty = Self::default();
        let waits = |kind, due: &Timestamp, why, hold_lane: &bool| Self {
            kind,
            due: Some(*due),
            why: Some(why),
            hold_lane: Some(*hold_lane),
            ..Self::default()
        };
        match how {
            Finish::Done { outcome } => Self { kind: "done", body: Some(outcome), ..empty },
            Finish::Idle { outcome } => Self { kind: "idle", body: Some(outcome), ..empty },
            Finish::Retry { due, why, hold_lane } => waits("retry", due, why, hold_lane),
            Finish::Wait { due, why, hold_lane } => waits("wait", due, why, hold_lane),
            Finish::Park { why, hold_lane, step } => Self {
                kind: "parked",
                why: Some(why),
                hold_lane: Some(*hold_lane),
                about: step.as_ref(),
                ..empty
            },
            Finish::Dead { why } => Self { kind: "dead", why: Some(why), ..empty },
        }
    }
}

fn fact(row: &Row<'_>, lane: &Lane) -> rusqlite::Result<Fact> {
    let claimed = |took_over| {
        Ok(Fact::Claimed {
            worker: WorkerId::from(row.get::<_, String>("who")?),
            fence: get(row, "fence")?,
            attempt: row.get("attempt")?,
            took_over,
        })
    };
    match kind(row)? {
        "offered" => Ok(Fact::Offered {
            lane: lane.clone(),
            payload: get(row, "body")?,
            due: get(row, "due")?,
            urgent: get_opt(row, "urgent")?,
            group: group(row)?,
        }),
        "requeued" => Ok(Fact::Requeued { urgent: get_opt(row, "urgent")?, group: group(row)? }),
        "woken" => Ok(Fact::Woken { payload: get(row, "body")?, due: get(row, "due")? }),
        "claimed" => claimed(false),
        "took_over" => claimed(true),
        "intended" | "step_done" | "step_gave_up" => step_record(row).map(Fact::from),
        "moved" => Ok(Fact::Moved { due: get(row, "due")? }),
        "erased" => Ok(Fact::Erased { by: row.get("who")? }),
        "revived" => Ok(Fact::Revived { by: row.get("who")?, due: get(row, "due")? }),
        _ => Ok(Fact::Finished { fence: get(row, "fence")?, how: finish(row)? }),
    }
}

impl From<StepRecord> for Fact {
    fn from(StepRecord { step, fence, state }: StepRecord) -> Self {
        match state {
            StepState::Intended => Self::Intended { step, fence },
            StepState::Done(output) => {
                Self::Recorded { step, fence, result: StepResult::Done(output) }
            }
            StepState::GaveUp(why) => {
                Self::Recorded { step, fence, result: StepResult::GaveUp(why) }
            }
        }
    }
}

fn step_record(row: &Row<'_>) -> rusqlite::Result<StepRecord> {
    Ok(StepRecord {
        step: StepName::from(row.get::<_, String>("step")?),
        fence: get(row, "fence")?,
        state: match kind(row)? {
            "intended" => StepState::Intended,
            "step_done" => StepState::Done(get(row, "body")?),
            "step_gave_up" => StepState::GaveUp(row.get("why")?),
            other => return Err(unknown(other)),
        },
    })
}

fn finish(row: &Row<'_>) -> rusqlite::Result<Finish> {
    Ok(match kind(row)? {
        "done" => Finish::Done { outcome: get(row, "body")? },
        "idle" => Finish::Idle { outcome: get(row, "body")? },
        "retry" => Finish::Retry {
            due: get(row, "due")?,
            why: row.get("why")?,
            hold_lane: row.get("hold_lane")?,
        },
        "wait" => Finish::Wait {
            due: get(row, "due")?,
            why: row.get("why")?,
            hold_lane: row.get("hold_lane")?,
        },
        "parked" => Finish::Park {
            why: row.get("why")?,
            hold_lane: row.get("hold_lane")?,
            step: row.get::<_, Option<String>>("about")?.map(StepName::from),
        },
        "dead" => Finish::Dead { why: row.get("why")? },
        other => return Err(unknown(other)),
    })
}

fn group(row: &Row<'_>) -> rusqlite::Result<Option<Group>> {
    Ok(row.get::<_, Option<String>>("group_name")?.map(Group::from))
}

fn kind<'a>(row: &'a Row<'_>) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref("kind")?.as_str()?)
}

fn unknown(kind: &str) -> rusqlite::Error {
    let error = format!("unknown kind of event `{kind}`");
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into())
}

const APPEND: &str = "insert into events
         (run, seq, at, kind, fence, step, who, due, attempt, hold_lane, body, why, about,
          urgent, group_no)
     values
         (?1, (select coalesce(max(seq) + 1, 0) from events where run = ?1),
          ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

/// Adds a fact to the history of run number `run`.
pub(super) fn append(tx: &Transaction<'_>, run: i64, fact: &Fact) -> rusqlite::Result<()> {
    let columns = Columns::from(fact);
    let group_no = groups::number(tx, columns.group)?;
    tx.execute(
        APPEND,
        params![
            run,
            Column(tx.now),
            columns.kind,
            columns.fence.map(Column),
            columns.step.map(StepName::as_str),
            columns.who,
            columns.due.map(Column),
            columns.attempt,
            columns.hold_lane,
            columns.body.map(Bytes::as_ref),
            columns.why,
            columns.about.map(StepName::as_str),
            columns.urgent.map(Column),
            group_no,
        ],
    )
    .map(drop)
}

/// Returns whether the claim of `fence` was finished exactly like this.
pub(super) fn was_finished(
    tx: &Transaction<'_>,
    run: &RunId,
    fence: Fence,
    how: &Finish,
) -> rusqlite::Result<bool> {
    let columns = Columns::from(how);
    tx.prepare(
        "select 1 from events where run = (select no from runs where id = :id)
         and fence = :fence and kind = :kind and due is :due and hold_lane is :hold_lane
         and body is :body and why is :why and about is :about",
    )?
    .exists(named_params! {
        ":id": run.as_str(),
        ":fence": Column(fence),
        ":kind": columns.kind,
        ":due": columns.due.map(Column),
        ":hold_lane": columns.hold_lane,
        ":body": columns.body.map(Bytes::as_ref),
        ":why": columns.why,
        ":about": columns.about.map(StepName::as_str),
    })
}

/// Returns what the journal knows about one step: its latest event, because nothing is written
/// about a step once it has a result.
pub(super) fn step(
    tx: &Transaction<'_>,
    run: i64,
    step: &StepName,
) -> rusqlite::Result<Option<StepRecord>> {
    tx.first(
        "select step, fence, kind, body, why from events indexed by events_by_step
         where run = ?1 and step = ?2 order by seq desc limit 1",
        (run, step.as_str()),
        step_record,
    )
}

/// The steps of run number `run`, in the order they were first mentioned.
pub(super) fn steps(db: &Connection, run: i64) -> rusqlite::Result<Vec<StepRecord>> {
    let mut statement = db.prepare_cached(
        "select step, fence, kind, body, why from events indexed by events_by_step
         where run = ?1 and step is not null order by seq",
    )?;
    let mut steps = Vec::new();
    for record in statement.query_map([run], step_record)? {
        record?.put_into(&mut steps);
    }
    Ok(steps)
}

/// Reads one event of a run of `lane`.
pub(super) fn event(row: &Row<'_>, lane: &Lane) -> rusqlite::Result<HistoryEntry> {
    Ok(HistoryEntry { seq: get(row, "seq")?, at: get(row, "at")?, fact: fact(row, lane)? })
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::run::NewRun;
    use crate::sqlite::transaction::Life;
    use crate::sqlite::{open, operations};

    /// Planning every statement anew for every call took more time than everything else together.
    #[test]
    fn a_statement_is_planned_once_whatever_its_parameters() {
        let directory = tempfile::tempdir().unwrap();
        let (_, db) = open::writable(&directory.path().join("journal.db")).unwrap();
        let life = Life::begin(&db).unwrap();
        let tx = Transaction::new(&db, Timestamp::UNIX_EPOCH, life);
        let runs: Vec<_> = (0..50).map(|n| NewRun::new(format!("r{n}"), "lane", "")).collect();
        operations::offer(&tx, &runs).unwrap();

        let append = tx.prepare(APPEND).unwrap();
        assert_eq!(append.get_status(StatementStatus::Run), 50);
        assert_eq!(append.get_status(StatementStatus::RePrepare), 0);
    }
}
