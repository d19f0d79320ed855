//! Notes on attempts.

use bytes::Bytes;
use rusqlite::{Connection, Row, params};

use super::columns::{Column, get};
use super::transaction::{OperationError, Transaction};
use super::{events, operations};
use crate::claim::Claim;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::names::{RunId, StepName};
use crate::note::{AttemptNote, LAST_ATTEMPTS};
use crate::step::StepResult;

/// Records a step, and notes something about it unless it was recorded before.
pub(super) fn record(
    tx: &Transaction<'_>,
    claim: &Claim,
    step: &StepName,
    result: &StepResult,
    note: &Bytes,
) -> Result<StepResult, OperationError> {
    let run = operations::held(tx, &claim.run, claim.fence)?.ok_or(JournalError::Fenced)?;
    if events::step(tx, run.no, step)?.is_none_or(|known| known.result().is_none()) {
        append(tx, run.no, claim.attempt, (step, note), false)?;
    }
    operations::record(tx, &claim.run, claim.fence, step, result, None)
}

/// Ends a claim, and notes something about steps that have no result.
pub(super) fn finish(
    tx: &Transaction<'_>,
    claim: &Claim,
    how: &Finish,
    notes: &[(StepName, Bytes)],
) -> Result<(), OperationError> {
    if let Some(run) = operations::held(tx, &claim.run, claim.fence)? {
        for (step, note) in notes {
            append(tx, run.no, claim.attempt, (step, note), true)?;
        }
        forget_between(tx, run.no, claim.attempt)?;
    }
    operations::finish(tx, &claim.run, claim.fence, how)
}

/// Adds a note on an attempt of run number `run`.
fn append(
    tx: &Transaction<'_>,
    run: i64,
    attempt: u32,
    (step, body): (&StepName, &Bytes),
    failed: bool,
) -> rusqlite::Result<()> {
    tx.execute(
        "insert into attempt_notes (run, no, at, attempt, step, failed, body)
         values (?1, (select coalesce(max(no) + 1, 0) from attempt_notes where run = ?1),
                 ?2, ?3, ?4, ?5, ?6)",
        params![run, Column(tx.now), attempt, step.as_str(), failed, body.as_ref()],
    )
    .map(drop)
}

/// Forgets what was noted in failed attempts between the first and the last ones.
fn forget_between(tx: &Transaction<'_>, run: i64, attempt: u32) -> rusqlite::Result<()> {
    tx.execute(
        "delete from attempt_notes where run = ?1 and failed = 1 and attempt <= ?2
         and attempt > (select min(attempt) from attempt_notes where run = ?1 and failed = 1)",
        params![run, attempt.saturating_sub(LAST_ATTEMPTS)],
    )
    .map(drop)
}

/// The notes on a run, in the order in which they were written.
pub(super) fn all(db: &Connection, run: &RunId) -> rusqlite::Result<Vec<AttemptNote>> {
    db.prepare_cached(
        "select attempt, at, step, failed, body from attempt_notes
         where run = (select no from runs where id = ?1) order by no",
    )?
    .query_map([run.as_str()], note)?
    .collect()
}

fn note(row: &Row<'_>) -> rusqlite::Result<AttemptNote> {
    Ok(AttemptNote {
        attempt: row.get("attempt")?,
        at: get(row, "at")?,
        step: StepName::from(row.get::<_, String>("step")?),
        is_recorded: !row.get::<_, bool>("failed")?,
        body: get(row, "body")?,
    })
}
