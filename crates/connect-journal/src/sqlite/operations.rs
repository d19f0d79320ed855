//! The work of each call, inside its transaction.
//!
//! Every operation looks before it writes: one that is refused has written nothing.

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Column, get, get_opt};
use super::error::is_unreadable;
use super::transaction::{OperationError, Transaction};
use super::{events, groups, lanes};
use crate::error::JournalError;
use crate::finish::{Finish, FinishEffect};
use crate::history::Fact;
use crate::names::{Fence, Group, RunId, StepName};
use crate::owner;
use crate::revival::{revival, waits_as_planned};
use crate::run::{NewRun, Note, OfferResult, RunState, requeued};
use crate::step::{StepRecord, StepResult};

/// A run's row, as far as operations look at it.
pub(super) struct RunRow {
    pub(super) no: i64,
    pub(super) lane: i64,
    state: RunState,
    due: Option<Timestamp>,
    urgent: Option<Timestamp>,
    group_no: Option<i64>,
    fence: Fence,
    failures: u32,
    payload: Bytes,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        no: row.get("no")?,
        lane: row.get("lane")?,
        state: get(row, "state")?,
        due: get_opt(row, "due")?,
        urgent: get_opt(row, "urgent")?,
        group_no: row.get("group_no")?,
        fence: get(row, "fence")?,
        failures: row.get("failures")?,
        payload: get(row, "payload")?,
    })
}

fn find(tx: &Transaction<'_>, run: &RunId) -> rusqlite::Result<Option<RunRow>> {
    tx.first(
        "select no, lane, state, due, urgent, group_no, fence, failures, payload from runs where id = ?1",
        [run.as_str()],
        stored,
    )
}

/// The run of a claim that is still valid.
pub(super) fn held(
    tx: &Transaction<'_>,
    run: &RunId,
    fence: Fence,
) -> rusqlite::Result<Option<RunRow>> {
    let valid = |run: &RunRow| run.state == RunState::Running && run.fence == fence;
    Ok(find(tx, run)?.filter(valid))
}

pub(super) fn bind(tx: &Transaction<'_>, asked: &str) -> Result<(), OperationError> {
    let owner: Option<String> = tx.first("select name from owner", [], |row| row.get(0))?;
    let Some(owner) = owner else {
        tx.execute("insert into owner (one, name) values (1, ?1)", [asked])?;
        return Ok(());
    };
    Ok(owner::agree(&owner, asked)?)
}

pub(super) fn offer(
    tx: &Transaction<'_>,
    runs: &[NewRun],
) -> Result<Vec<OfferResult>, OperationError> {
    runs.iter().map(|new| offer_one(tx, new)).collect()
}

fn offer_one(tx: &Transaction<'_>, new: &NewRun) -> Result<OfferResult, OperationError> {
    let due = new.due.unwrap_or(tx.now);
    let known = match find(tx, &new.id) {
        // It waits for a person, and the other runs of the offer do not wait for it.
        Err(error) if is_unreadable(&error) => return Ok(OfferResult::Unreadable),
        known => known?,
    };
    let Some(run) = known else {
        know(tx, new, due)?;
        return Ok(OfferResult::New);
    };
    let offered = OfferResult::known(run.state, run.payload == new.payload);
    let queued = (run.urgent, groups::name(tx, run.group_no)?);
    if let Some((urgent, group)) = requeued(offered, queued, new) {
        requeue(tx, &run, urgent, group)?;
    }
    if offered == OfferResult::Woken {
        wake(tx, &run, &new.payload, due)?;
    }
    Ok(offered)
}

fn know(tx: &Transaction<'_>, new: &NewRun, due: Timestamp) -> rusqlite::Result<()> {
    let lane = lanes::number(tx, &new.lane)?;
    let group_no = groups::number(tx, new.group.as_ref())?;
    tx.execute(
        "insert into runs (id, lane, payload, state, due, since, life, urgent, group_no)
         values (?1, ?2, ?3, 'ready', ?4, ?5, ?6, ?7, ?8)",
        params![
            new.id.as_str(),
            lane,
            new.payload.as_ref(),
            Column(due),
            Column(tx.now),
            tx.life(),
            new.urgent.map(Column),
            group_no,
        ],
    )?;
    let run = tx.db.last_insert_rowid();
    let NewRun { lane: name, payload, urgent, group, .. } = new.clone();
    events::append(tx, run, &Fact::Offered { lane: name, payload, due, urgent, group })?;
    lanes::line_up(tx, lane)
}

fn requeue(
    tx: &Transaction<'_>,
    run: &RunRow,
    urgent: Option<Timestamp>,
    group: Option<Group>,
) -> rusqlite::Result<()> {
    let group_no = groups::number(tx, group.as_ref())?;
    tx.execute(
        "update runs set urgent = ?2, group_no = ?3 where no = ?1",
        params![run.no, urgent.map(Column), group_no],
    )?;
    events::append(tx, run.no, &Fact::Requeued { urgent, group })?;
    lanes::line_up(tx, run.lane)
}

fn wake(tx: &Transaction<'_>, run: &RunRow, news: &Bytes, due: Timestamp) -> rusqlite::Result<()> {
    tx.execute("update runs set payload = ?2 where no = ?1", params![run.no, news.as_ref()])?;
    make_ready(tx, run, due, &Fact::Woken { payload: news.clone(), due })
}

fn make_ready(
    tx: &Transaction<'_>,
    run: &RunRow,
    due: Timestamp,
    why: &Fact,
) -> rusqlite::Result<()> {
    tx.execute(
        "update runs set state = 'ready', due = ?2, since = ?3, life = ?4 where no = ?1",
        params![run.no, Column(due), Column(tx.now), tx.life()],
    )?;
    events::append(tx, run.no, why)?;
    lanes::line_up(tx, run.lane)
}

pub(super) fn intend(
    tx: &Transaction<'_>,
    run: &RunId,
    fence: Fence,
    step: &StepName,
) -> Result<(), OperationError> {
    let run = held(tx, run, fence)?.ok_or(JournalError::Fenced)?;
    Ok(intend_step(tx, &run, step)?)
}

fn intend_step(tx: &Transaction<'_>, run: &RunRow, step: &StepName) -> rusqlite::Result<()> {
    let known = events::step(tx, run.no, step)?;
    if known.is_some_and(|record| record.settles_intent(run.fence)) {
        return Ok(());
    }
    events::append(tx, run.no, &Fact::Intended { step: step.clone(), fence: run.fence })
}

pub(super) fn record(
    tx: &Transaction<'_>,
    run: &RunId,
    fence: Fence,
    step: &StepName,
    result: &StepResult,
    next: Option<&StepName>,
) -> Result<StepResult, OperationError> {
    let run = held(tx, run, fence)?.ok_or(JournalError::Fenced)?;
    let known = events::step(tx, run.no, step)?.as_ref().and_then(StepRecord::result);
    if known.is_none() {
        let (step, result) = (step.clone(), result.clone());
        events::append(tx, run.no, &Fact::Recorded { step, fence, result })?;
    }
    if let Some(next) = next {
        intend_step(tx, &run, next)?;
    }
    Ok(known.unwrap_or_else(|| result.clone()))
}

pub(super) fn finish(
    tx: &Transaction<'_>,
    run: &RunId,
    fence: Fence,
    how: &Finish,
) -> Result<(), OperationError> {
    let Some(stored) = held(tx, run, fence)? else {
        let repeated = events::was_finished(tx, run, fence, how)?;
        return if repeated { Ok(()) } else { Err(JournalError::Fenced.into()) };
    };
    let ending = end(tx, &stored, fence, how)?;
    if ending.holds_lane {
        lanes::keep(tx, stored.lane, ending.due)?;
    } else {
        lanes::release(tx, stored.lane)?;
    }
    Ok(())
}

/// Writes what an end leaves of the run itself.
fn end(
    tx: &Transaction<'_>,
    stored: &RunRow,
    fence: Fence,
    how: &Finish,
) -> rusqlite::Result<FinishEffect> {
    let ending = how.effect();
    let (outcome, why) = match &ending.note {
        Note::Outcome(outcome) => (Some(outcome.as_ref()), None),
        Note::Why(why) => (None, Some(why.as_str())),
    };
    tx.execute(
        "update runs set state = ?2, due = ?3, since = ?4, life = ?5, failures = ?6, worker = null,
         outcome = ?7, why = ?8 where no = ?1",
        params![
            stored.no,
            Column(ending.state),
            ending.due.map(Column),
            Column(tx.now),
            tx.life(),
            ending.failures(stored.failures),
            outcome,
            why
        ],
    )?;
    events::append(tx, stored.no, &Fact::Finished { fence, how: how.clone() })?;
    Ok(ending)
}

/// A run that is over holds no lane, so its lane is left as it is.
pub(super) fn reopen(tx: &Transaction<'_>, run: &RunId, why: &str) -> Result<bool, OperationError> {
    let stored = find(tx, run)?.ok_or_else(|| JournalError::NoSuchRun { run: run.clone() })?;
    let is_over = stored.state.is_over();
    if is_over {
        end(tx, &stored, stored.fence, &Finish::reopened(why))?;
    }
    Ok(is_over)
}

pub(super) fn revive(
    tx: &Transaction<'_>,
    run: &RunId,
    due: Timestamp,
    by: &str,
) -> Result<(), OperationError> {
    let stored = find(tx, run)?.ok_or_else(|| JournalError::NoSuchRun { run: run.clone() })?;
    let due = revival(run, (stored.state, stored.due), due, tx.now)?;
    Ok(make_ready(tx, &stored, due, &Fact::Revived { by: by.to_owned(), due })?)
}

pub(super) fn hasten(
    tx: &Transaction<'_>,
    run: &RunId,
    by: &str,
) -> Result<Option<RunState>, OperationError> {
    let Some(stored) = find(tx, run)? else { return Ok(None) };
    if waits_as_planned((stored.state, stored.due, stored.failures), tx.now) {
        let (by, due) = (by.to_owned(), tx.now);
        make_ready(tx, &stored, due, &Fact::Revived { by, due })?;
    }
    Ok(Some(stored.state))
}
