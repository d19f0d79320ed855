//! Handing out runs, and keeping them handed out.

use bytes::Bytes;
use connect_clock::Monotonic;
use jiff::Timestamp;
use rusqlite::params;

use super::columns::{Column, get};
use super::error::{is_unreadable, unreadable_run};
use super::lanes::{ClaimableLane, UnreadableLane};
use super::operations::held;
use super::transaction::{OperationError, Transaction};
use super::{events, groups, lanes, waits};
use crate::claim::Claim;
use crate::finish::Finish;
use crate::history::Fact;
use crate::names::{Fence, Group, RunId, WorkerId};
use crate::run::RunState;
use crate::step::StepRecord;

pub(super) struct ClaimResult {
    pub(super) claims: Vec<Claim>,
    /// The time at which time alone next makes something claimable; looked up only by claims that
    /// came back with less than they asked for.
    pub(super) next_due: Option<Timestamp>,
}

pub(super) fn claim(
    tx: &Transaction<'_>,
    worker: &WorkerId,
    max: usize,
    except: &[Group],
    lease_end: Timestamp,
    deadline: Monotonic,
) -> Result<ClaimResult, OperationError> {
    waits::take_over(tx)?;
    lanes::promote(tx)?;
    let closed = groups::known(tx, except)?;
    let claims: Vec<_> = readable(tx, max, &closed)?
        .into_iter()
        .map(|(claimable, run)| claim_one(tx, claimable, run, worker, lease_end, deadline))
        .collect::<rusqlite::Result<_>>()?;
    let next_due = if claims.len() < max { lanes::next_due(tx)? } else { None };
    Ok(ClaimResult { claims, next_due })
}

/// Claims one run, if it is the next of its lane and can be claimed. Whoever does that may be gone
/// soon, so what others have put to wait stays theirs.
pub(super) fn claim_run(
    tx: &Transaction<'_>,
    worker: &WorkerId,
    run: &RunId,
    except: &[Group],
    lease_end: Timestamp,
    deadline: Monotonic,
) -> Result<ClaimResult, OperationError> {
    waits::restart_future(tx)?;
    let closed = groups::known(tx, except)?;
    let claims = match lanes::claimable_of(tx, run, &closed)? {
        None => Vec::new(),
        Some(found) => match found.and_then(|claimable| read(tx, claimable)) {
            Ok((claimable, run)) => {
                vec![claim_one(tx, claimable, run, worker, lease_end, deadline)?]
            }
            Err(run) if is_unreadable(&run.error) => {
                set_aside(tx, &run)?;
                Vec::new()
            }
            Err(run) => return Err(run.error.into()),
        },
    };
    let next_due = if claims.is_empty() { lanes::next_due_of(tx, run)? } else { None };
    Ok(ClaimResult { claims, next_due })
}

/// A run as it is before a claim.
struct RunBeforeClaim {
    id: RunId,
    payload: Bytes,
    attempt: u32,
    failures: u32,
    steps: Vec<StepRecord>,
}

/// At most `max` runs to claim, none of a closed group. Those that cannot be read are parked on the way, so that they keep
/// nobody from claiming the others.
fn readable(
    tx: &Transaction<'_>,
    max: usize,
    closed: &[i64],
) -> rusqlite::Result<Vec<(ClaimableLane, RunBeforeClaim)>> {
    loop {
        let mut found = Vec::new();
        let mut unreadable = Vec::new();
        for claimable in lanes::claimable(tx, max, closed)? {
            match claimable.and_then(|claimable| read(tx, claimable)) {
                Ok(claimable) => found.push(claimable),
                Err(run) if is_unreadable(&run.error) => unreadable.push(run),
                Err(run) => return Err(run.error),
            }
        }
        if unreadable.is_empty() {
            return Ok(found);
        }
        unreadable.iter().try_for_each(|run| set_aside(tx, run))?;
    }
}

fn read(
    tx: &Transaction<'_>,
    claimable: ClaimableLane,
) -> Result<(ClaimableLane, RunBeforeClaim), UnreadableLane> {
    let ClaimableLane { no: lane, run, .. } = claimable;
    match read_run(tx, run) {
        Ok(found) => Ok((claimable, found)),
        Err(error) => Err(UnreadableLane { lane, run: Some(run), error }),
    }
}

fn read_run(tx: &Transaction<'_>, run: i64) -> rusqlite::Result<RunBeforeClaim> {
    let steps = events::steps(tx.db, run)?;
    let found = "select id, payload, state, attempt, failures from runs where no = ?1";
    tx.one(found, [run], |row| {
        get::<RunState>(row, "state")?;
        Ok(RunBeforeClaim {
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
fn set_aside(tx: &Transaction<'_>, unreadable: &UnreadableLane) -> rusqlite::Result<()> {
    let UnreadableLane { lane, run, error } = unreadable;
    tracing::error!(lane, run, %error, "a run cannot be read and waits for a person");
    let why = unreadable_run(error);
    let parked = tx.execute(
        "update runs set state = 'parked', due = null, worker = null, outcome = null, why = ?2
         where no = ?1",
        params![run, why],
    )?;
    let Some(run) = run.filter(|_| parked > 0) else { return lanes::release(tx, *lane) };
    lanes::set_aside(tx, *lane, run)?;
    let latest = "select max(fence, 0) from runs where no = ?1";
    let Column(fence) = tx.one(latest, [run], |row| row.get(0))?;
    let how = Finish::Park { why, hold_lane: true, step: None };
    events::append(tx, run, &Fact::Finished { fence, how })
}

fn claim_one(
    tx: &Transaction<'_>,
    claimable: ClaimableLane,
    found: RunBeforeClaim,
    worker: &WorkerId,
    lease_end: Timestamp,
    deadline: Monotonic,
) -> rusqlite::Result<Claim> {
    lanes::take(tx, &claimable, lease_end)?;
    let ClaimableLane { lane, run, fence, interrupted, .. } = claimable;
    let RunBeforeClaim { id, payload, attempt, failures, steps } = found;
    let attempt = attempt.saturating_add(1);
    tx.execute(
        "update runs set state = 'running', due = null, fence = ?2, attempt = ?3, worker = ?4
         where no = ?1",
        params![run, Column(fence), attempt, worker.as_str()],
    )?;
    let worker = worker.clone();
    events::append(tx, run, &Fact::Claimed { worker, fence, attempt, took_over: interrupted })?;
    Ok(Claim { run: id, lane, payload, fence, attempt, failures, deadline, steps })
}

/// Returns which of the claims are still valid; those now last until `lease_end`.
pub(super) fn renew(
    tx: &Transaction<'_>,
    claims: &[(RunId, Fence)],
    lease_end: Timestamp,
) -> Result<Vec<bool>, OperationError> {
    let renew = |(run, fence): &(RunId, Fence)| match held(tx, run, *fence) {
        Ok(Some(run)) => lanes::extend(tx, run.lane, lease_end).map(|()| true),
        Ok(None) => Ok(false),
        // Nothing that this claim writes would be accepted; the other claims are none the worse.
        Err(error) if is_unreadable(&error) => Ok(false),
        Err(error) => Err(error),
    };
    Ok(claims.iter().map(renew).collect::<rusqlite::Result<_>>()?)
}
