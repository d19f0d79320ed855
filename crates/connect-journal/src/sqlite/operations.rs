//! What the writer does for each call, inside its transaction.
//!
//! Every operation looks before it writes: one that is refused has written nothing.

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Row, params};
use tokio::time::Instant;

use super::{
    columns::{Column, get, get_opt},
    events,
    lanes::{self, Claimable},
    writer::{Desk, Setback},
};
use crate::{
    Claim, Fact, Fence, Finish, JournalError, NewRun, Note, Offered, RunId, RunState, StepName,
    StepRecord, StepResult, WorkerId, run::revival,
};

/// A run's row, as far as operations look at it.
struct Stored {
    no: i64,
    lane: i64,
    state: RunState,
    due: Option<Timestamp>,
    fence: Fence,
    failures: u32,
    payload: Bytes,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        no: row.get("no")?,
        lane: row.get("lane")?,
        state: get(row, "state")?,
        due: get_opt(row, "due")?,
        fence: get(row, "fence")?,
        failures: row.get("failures")?,
        payload: get(row, "payload")?,
    })
}

fn find(desk: &Desk<'_>, run: &RunId) -> rusqlite::Result<Option<Stored>> {
    desk.first(
        "select no, lane, state, due, fence, failures, payload from runs where id = ?1",
        [run.as_str()],
        stored,
    )
}

/// The run of a claim that is still valid.
fn held(desk: &Desk<'_>, run: &RunId, fence: Fence) -> rusqlite::Result<Option<Stored>> {
    let valid = |run: &Stored| run.state == RunState::Running && run.fence == fence;
    Ok(find(desk, run)?.filter(valid))
}

pub(super) fn offer(desk: &Desk<'_>, runs: &[NewRun]) -> Result<Vec<Offered>, Setback> {
    runs.iter().map(|new| offer_one(desk, new)).collect()
}

fn offer_one(desk: &Desk<'_>, new: &NewRun) -> Result<Offered, Setback> {
    let due = new.due.unwrap_or(desk.now);
    let Some(run) = find(desk, &new.id)? else {
        know(desk, new, due)?;
        return Ok(Offered::New);
    };
    let offered = Offered::known(run.state, run.payload == new.payload);
    if offered == Offered::Woken {
        wake(desk, &run, &new.payload, due)?;
    }
    Ok(offered)
}

fn know(desk: &Desk<'_>, new: &NewRun, due: Timestamp) -> rusqlite::Result<()> {
    let lane = lanes::number(desk, &new.lane)?;
    desk.execute(
        "insert into runs (id, lane, payload, state, due) values (?1, ?2, ?3, 'ready', ?4)",
        params![new.id.as_str(), lane, new.payload.as_ref(), Column(due)],
    )?;
    let run = desk.db.last_insert_rowid();
    let fact = Fact::Offered { lane: new.lane.clone(), payload: new.payload.clone(), due };
    events::append(desk, run, &fact)?;
    lanes::line_up(desk, lane)
}

fn wake(desk: &Desk<'_>, run: &Stored, news: &Bytes, due: Timestamp) -> rusqlite::Result<()> {
    desk.execute("update runs set payload = ?2 where no = ?1", params![run.no, news.as_ref()])?;
    make_ready(desk, run, due, &Fact::Woken { payload: news.clone(), due })
}

fn make_ready(desk: &Desk<'_>, run: &Stored, due: Timestamp, why: &Fact) -> rusqlite::Result<()> {
    desk.execute(
        "update runs set state = 'ready', due = ?2 where no = ?1",
        params![run.no, Column(due)],
    )?;
    events::append(desk, run.no, why)?;
    lanes::line_up(desk, run.lane)
}

pub(super) struct Claimed {
    pub(super) claims: Vec<Claim>,
    /// When time alone next makes something claimable; looked up only by claims that came back
    /// with less than they asked for.
    pub(super) next_due: Option<Timestamp>,
}

pub(super) fn claim(
    desk: &Desk<'_>,
    worker: &WorkerId,
    max: usize,
    lease_end: Timestamp,
    deadline: Instant,
) -> Result<Claimed, Setback> {
    let claims: Vec<_> = lanes::claimable(desk, max)?
        .into_iter()
        .map(|claimable| claim_one(desk, claimable, worker, lease_end, deadline))
        .collect::<rusqlite::Result<_>>()?;
    let next_due = if claims.len() < max { lanes::next_due(desk)? } else { None };
    Ok(Claimed { claims, next_due })
}

fn claim_one(
    desk: &Desk<'_>,
    claimable: Claimable,
    worker: &WorkerId,
    lease_end: Timestamp,
    deadline: Instant,
) -> rusqlite::Result<Claim> {
    lanes::take(desk, &claimable, lease_end)?;
    let Claimable { lane, run, fence, interrupted, .. } = claimable;
    desk.execute(
        "update runs set state = 'running', due = null, fence = ?2, attempt = attempt + 1,
             worker = ?3
         where no = ?1",
        params![run, Column(fence), worker.as_str()],
    )?;
    let steps = events::steps(desk.db, run)?;
    let claim =
        desk.one("select id, payload, attempt, failures from runs where no = ?1", [run], |row| {
            Ok(Claim {
                run: row.get::<_, String>("id")?.into(),
                lane,
                payload: get(row, "payload")?,
                fence,
                attempt: row.get("attempt")?,
                failures: row.get("failures")?,
                deadline,
                steps,
            })
        })?;
    let (worker, attempt) = (worker.clone(), claim.attempt);
    events::append(desk, run, &Fact::Claimed { worker, fence, attempt, took_over: interrupted })?;
    Ok(claim)
}

/// Which of the claims are still valid, and now last until `lease_end`.
pub(super) fn renew(
    desk: &Desk<'_>,
    claims: &[(RunId, Fence)],
    lease_end: Timestamp,
) -> Result<Vec<bool>, Setback> {
    let renew = |(run, fence): &(RunId, Fence)| match held(desk, run, *fence)? {
        Some(run) => lanes::extend(desk, run.lane, lease_end).map(|()| true),
        None => Ok(false),
    };
    Ok(claims.iter().map(renew).collect::<rusqlite::Result<_>>()?)
}

pub(super) fn intend(
    desk: &Desk<'_>,
    run: &RunId,
    fence: Fence,
    step: &StepName,
) -> Result<(), Setback> {
    let run = held(desk, run, fence)?.ok_or(JournalError::Fenced)?;
    Ok(intend_step(desk, &run, step)?)
}

fn intend_step(desk: &Desk<'_>, run: &Stored, step: &StepName) -> rusqlite::Result<()> {
    let known = events::step(desk, run.no, step)?;
    if known.is_some_and(|record| record.settles_intent(run.fence)) {
        return Ok(());
    }
    events::append(desk, run.no, &Fact::Intended { step: step.clone(), fence: run.fence })
}

pub(super) fn record(
    desk: &Desk<'_>,
    run: &RunId,
    fence: Fence,
    step: &StepName,
    result: &StepResult,
    next: Option<&StepName>,
) -> Result<StepResult, Setback> {
    let run = held(desk, run, fence)?.ok_or(JournalError::Fenced)?;
    let known = events::step(desk, run.no, step)?.as_ref().and_then(StepRecord::result);
    if known.is_none() {
        let (step, result) = (step.clone(), result.clone());
        events::append(desk, run.no, &Fact::Recorded { step, fence, result })?;
    }
    if let Some(next) = next {
        intend_step(desk, &run, next)?;
    }
    Ok(known.unwrap_or_else(|| result.clone()))
}

pub(super) fn finish(
    desk: &Desk<'_>,
    run: &RunId,
    fence: Fence,
    how: &Finish,
) -> Result<(), Setback> {
    let Some(stored) = held(desk, run, fence)? else {
        let repeated = events::was_finished(desk, run, fence, how)?;
        return if repeated { Ok(()) } else { Err(JournalError::Fenced.into()) };
    };
    let ending = how.ending();
    let (outcome, why) = match &ending.note {
        Note::Outcome(outcome) => (Some(outcome.as_ref()), None),
        Note::Why(why) => (None, Some(why.as_str())),
    };
    desk.execute(
        "update runs set state = ?2, due = ?3, failures = ?4, worker = null, outcome = ?5, why = ?6
         where no = ?1",
        params![
            stored.no,
            Column(ending.state),
            ending.due.map(Column),
            ending.failures(stored.failures),
            outcome,
            why
        ],
    )?;
    events::append(desk, stored.no, &Fact::Finished { fence, how: how.clone() })?;
    if ending.holds_lane {
        lanes::keep(desk, stored.lane, ending.due)?;
    } else {
        lanes::release(desk, stored.lane)?;
    }
    Ok(())
}

pub(super) fn revive(
    desk: &Desk<'_>,
    run: &RunId,
    due: Timestamp,
    by: &str,
) -> Result<(), Setback> {
    let stored = find(desk, run)?.ok_or_else(|| JournalError::NoSuchRun { run: run.clone() })?;
    let due = revival(run, (stored.state, stored.due), due, desk.now)?;
    Ok(make_ready(desk, &stored, due, &Fact::Revived { by: by.to_owned(), due })?)
}
