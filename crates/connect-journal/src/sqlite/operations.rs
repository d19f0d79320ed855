//! What the writer does for each call, inside its transaction.
//!
//! Every operation looks before it writes: one that is refused has written nothing.

use bytes::Bytes;
use connect_clock::Monotonic;
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::{
    columns::{Column, get, get_opt},
    events,
    failure::{is_unreadable, unreadable_run},
    lanes::{self, Claimable, Unreadable},
    writer::{Desk, Setback},
};
use crate::{
    Claim, Fact, Fence, Finish, JournalError, NewRun, Note, Offered, RunId, RunState, StepName,
    StepRecord, StepResult, WorkerId, claim::Ending, owner, run::revival,
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

pub(super) fn bind(desk: &Desk<'_>, asked: &str) -> Result<(), Setback> {
    let owner: Option<String> = desk.first("select name from owner", [], |row| row.get(0))?;
    let Some(owner) = owner else {
        desk.execute("insert into owner (one, name) values (1, ?1)", [asked])?;
        return Ok(());
    };
    Ok(owner::agree(&owner, asked)?)
}

pub(super) fn offer(desk: &Desk<'_>, runs: &[NewRun]) -> Result<Vec<Offered>, Setback> {
    runs.iter().map(|new| offer_one(desk, new)).collect()
}

fn offer_one(desk: &Desk<'_>, new: &NewRun) -> Result<Offered, Setback> {
    let due = new.due.unwrap_or(desk.now);
    let known = match find(desk, &new.id) {
        // It waits for a person, and the other runs of the offer do not wait for it.
        Err(error) if is_unreadable(&error) => return Ok(Offered::Unreadable),
        known => known?,
    };
    let Some(run) = known else {
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
    deadline: Monotonic,
) -> Result<Claimed, Setback> {
    lanes::restart_future_leases(desk, lease_end)?;
    let claims: Vec<_> = readable(desk, max)?
        .into_iter()
        .map(|(claimable, run)| claim_one(desk, claimable, run, worker, lease_end, deadline))
        .collect::<rusqlite::Result<_>>()?;
    let next_due = if claims.len() < max { lanes::next_due(desk)? } else { None };
    Ok(Claimed { claims, next_due })
}

/// What a claim tells about a run, as it is before the claim.
struct Found {
    id: RunId,
    payload: Bytes,
    attempt: u32,
    failures: u32,
    steps: Vec<StepRecord>,
}

/// At most `max` runs to claim. Those that cannot be read are parked on the way, so that they keep
/// nobody from claiming the others.
fn readable(desk: &Desk<'_>, max: usize) -> rusqlite::Result<Vec<(Claimable, Found)>> {
    loop {
        let mut found = Vec::new();
        let mut unreadable = Vec::new();
        for claimable in lanes::claimable(desk, max)? {
            match claimable.and_then(|claimable| read(desk, claimable)) {
                Ok(claimable) => found.push(claimable),
                Err(run) if is_unreadable(&run.error) => unreadable.push(run),
                Err(run) => return Err(run.error),
            }
        }
        if unreadable.is_empty() {
            return Ok(found);
        }
        unreadable.iter().try_for_each(|run| set_aside(desk, run))?;
    }
}

fn read(desk: &Desk<'_>, claimable: Claimable) -> Result<(Claimable, Found), Unreadable> {
    let Claimable { no: lane, run, .. } = claimable;
    match read_run(desk, run) {
        Ok(found) => Ok((claimable, found)),
        Err(error) => Err(Unreadable { lane, run: Some(run), error }),
    }
}

fn read_run(desk: &Desk<'_>, run: i64) -> rusqlite::Result<Found> {
    let steps = events::steps(desk.db, run)?;
    let found = "select id, payload, state, attempt, failures from runs where no = ?1";
    desk.one(found, [run], |row| {
        get::<RunState>(row, "state")?;
        Ok(Found {
            id: row.get::<_, String>("id")?.into(),
            payload: get(row, "payload")?,
            attempt: row.get("attempt")?,
            failures: row.get("failures")?,
            steps,
        })
    })
}

/// Parks a run that cannot be read, with its lane: in what order its other runs may go on, nobody
/// can tell. A lane whose run is lost goes on with the next.
fn set_aside(desk: &Desk<'_>, unreadable: &Unreadable) -> rusqlite::Result<()> {
    let Unreadable { lane, run, error } = unreadable;
    tracing::error!(lane, run, %error, "a run cannot be read and waits for a person");
    let why = unreadable_run(error);
    let parked = desk.execute(
        "update runs set state = 'parked', due = null, worker = null, outcome = null, why = ?2
         where no = ?1",
        params![run, why],
    )?;
    let Some(run) = run.filter(|_| parked > 0) else { return lanes::release(desk, *lane) };
    lanes::set_aside(desk, *lane, run)?;
    let latest = "select max(fence, 0) from runs where no = ?1";
    let Column(fence) = desk.one(latest, [run], |row| row.get(0))?;
    let how = Finish::Park { why, hold_lane: true, step: None };
    events::append(desk, run, &Fact::Finished { fence, how })
}

fn claim_one(
    desk: &Desk<'_>,
    claimable: Claimable,
    found: Found,
    worker: &WorkerId,
    lease_end: Timestamp,
    deadline: Monotonic,
) -> rusqlite::Result<Claim> {
    lanes::take(desk, &claimable, lease_end)?;
    let Claimable { lane, run, fence, interrupted, .. } = claimable;
    let Found { id, payload, attempt, failures, steps } = found;
    let attempt = attempt.saturating_add(1);
    desk.execute(
        "update runs set state = 'running', due = null, fence = ?2, attempt = ?3, worker = ?4
         where no = ?1",
        params![run, Column(fence), attempt, worker.as_str()],
    )?;
    let worker = worker.clone();
    events::append(desk, run, &Fact::Claimed { worker, fence, attempt, took_over: interrupted })?;
    Ok(Claim { run: id, lane, payload, fence, attempt, failures, deadline, steps })
}

/// Which of the claims are still valid, and now last until `lease_end`.
pub(super) fn renew(
    desk: &Desk<'_>,
    claims: &[(RunId, Fence)],
    lease_end: Timestamp,
) -> Result<Vec<bool>, Setback> {
    let renew = |(run, fence): &(RunId, Fence)| match held(desk, run, *fence) {
        Ok(Some(run)) => lanes::extend(desk, run.lane, lease_end).map(|()| true),
        Ok(None) => Ok(false),
        // Nothing that this claim writes would be accepted; the other claims are none the worse.
        Err(error) if is_unreadable(&error) => Ok(false),
        Err(error) => Err(error),
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
    let ending = end(desk, &stored, fence, how)?;
    if ending.holds_lane {
        lanes::keep(desk, stored.lane, ending.due)?;
    } else {
        lanes::release(desk, stored.lane)?;
    }
    Ok(())
}

/// Writes what an end leaves of the run itself.
fn end(desk: &Desk<'_>, stored: &Stored, fence: Fence, how: &Finish) -> rusqlite::Result<Ending> {
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
    Ok(ending)
}

/// A run that is over holds no lane, so its lane is left as it is.
pub(super) fn reopen(desk: &Desk<'_>, run: &RunId, why: &str) -> Result<bool, Setback> {
    let stored = find(desk, run)?.ok_or_else(|| JournalError::NoSuchRun { run: run.clone() })?;
    let is_over = stored.state.is_over();
    if is_over {
        end(desk, &stored, stored.fence, &Finish::reopened(why))?;
    }
    Ok(is_over)
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
