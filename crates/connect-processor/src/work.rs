//! Claims runs and works on them side by side.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_journal::{Claim, Group, JournalError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, error, warn};

use crate::engine::Engine;
use crate::failure::chain;
use crate::gate::{Claimable, Probe};
use crate::run::carry_out;

/// The time a worker without work waits before it looks again, whatever the journal hints.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The time a run that may be claimed waits for others, to be claimed with them.
const HANDFUL: Duration = Duration::from_millis(100);

/// The number of runs that are claimed for each place: while one is worked on, the next is read under
/// its lease and the end of the last is written, so that no place waits for either.
const CLAIMS_PER_PLACE: usize = 3;

/// Works until told to stop; then lets the runs under way end, for as long as the grace lasts. Those
/// that are claimed and not begun are given back.
pub(crate) async fn work<S: Send + Sync + 'static>(
    engine: Arc<Engine<S>>,
    stop: CancellationToken,
) {
    let concurrency = engine.settings.concurrency.get();
    let claims = Arc::new(Semaphore::new(concurrency * CLAIMS_PER_PLACE));
    let mut runs = JoinSet::new();
    let handful = u32::try_from(concurrency).unwrap_or(u32::MAX);
    while let Some(free) = free_claims(&claims, handful, engine.clock.as_ref(), &stop).await {
        if engine.is_gone() {
            engine.leases.lose_all();
            break;
        }
        match claim(&engine, free.len()).await {
            Some(claims) if claims.is_empty() => {
                drop(free);
                stop.run_until_cancelled(news(&engine)).await;
            }
            Some(claims) => begin(&engine, &mut runs, claims, free),
            None => {
                drop(free);
                stop.run_until_cancelled(engine.clock.sleep(LOOK_AGAIN)).await;
            }
        }
        while let Some(ended) = runs.try_join_next() {
            report_broken(ended);
        }
    }
    engine.gate.close();
    let ending = async {
        while let Some(ended) = runs.join_next().await {
            report_broken(ended);
        }
    };
    // What goes on after that is ended with the set.
    let _ = engine.clock.limit(engine.settings.grace, ending).await;
}

/// Permits for as many runs as may be claimed now, at least one; none when told to stop.
///
/// When many runs are under way, they end one by one. Claiming by the handful makes one claim, and
/// one reading of requests, serve several runs.
async fn free_claims(
    claims: &Arc<Semaphore>,
    handful: u32,
    clock: &dyn Clock,
    stop: &CancellationToken,
) -> Option<Vec<OwnedSemaphorePermit>> {
    let some = async {
        let several = Arc::clone(claims).acquire_many_owned(handful);
        match clock.limit(HANDFUL, several).await {
            Ok(several) => several,
            Err(_) => Arc::clone(claims).acquire_owned().await,
        }
    };
    let mut some = tokio::select! {
        biased;
        () = stop.cancelled() => return None,
        some = some => some.ok()?,
    };
    let rest = u32::try_from(claims.available_permits()).unwrap_or(u32::MAX);
    if let Ok(rest) = Arc::clone(claims).try_acquire_many_owned(rest) {
        some.merge(rest);
    }
    let mut free = Vec::with_capacity(some.num_permits());
    while let Some(one) = some.split(1) {
        free.push(one);
    }
    Some(free)
}

/// Waits until something may have become claimable. What the journal cannot know of, such as a vendor
/// that is back, the gate tells; while the gate is shut, the journal's news are none.
async fn news<S>(engine: &Engine<S>) {
    let again = engine.clock.monotonic() + LOOK_AGAIN;
    let due = async {
        match engine.gate.claimable() {
            Claimable::Nothing => engine.clock.until(again).await,
            Claimable::Except(_) => engine.journal.wait_due(again).await,
        }
    };
    tokio::select! {
        biased;
        () = engine.gate.changed.notified() => {}
        () = due => {}
    }
}

/// A run that was claimed, and whether it shows that its vendor is back.
type Claimed = (Claim, Option<Probe>);

/// Claims as many runs as can be had; returns nothing at all when the journal fails.
async fn claim<S>(engine: &Engine<S>, most: usize) -> Option<Vec<Claimed>> {
    match claim_let_through(engine, most).await {
        Ok(claims) => {
            engine.set_claim_error(None);
            Some(claims)
        }
        Err(error) => {
            warn!(code = error.code(), error = chain(&error), "no work can be claimed");
            engine.set_claim_error(Some(error));
            None
        }
    }
}

/// Claims what the gate lets through.
async fn claim_let_through<S>(
    engine: &Engine<S>,
    most: usize,
) -> Result<Vec<Claimed>, JournalError> {
    let gate = &engine.gate;
    gate.refresh(engine.journal.as_ref(), engine.settings.worker.as_str()).await?;
    let mut claimed = Vec::new();
    for (vendor, others) in gate.probes().into_iter().take(most) {
        let probe = claim_except(engine, 1, &others).await?.pop();
        claimed.extend(probe.map(|claim| (claim, Some(gate.probe(vendor)))));
    }
    let left = most - claimed.len();
    if let Claimable::Except(groups) = gate.claimable()
        && left > 0
    {
        let claims = claim_except(engine, left, &groups).await?;
        claimed.extend(claims.into_iter().map(|claim| (claim, None)));
    }
    Ok(claimed)
}

async fn claim_except<S>(
    engine: &Engine<S>,
    most: usize,
    groups: &[Group],
) -> Result<Vec<Claim>, JournalError> {
    let most = NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN);
    let (journal, settings) = (&engine.journal, &engine.settings);
    if let Some(run) = &settings.only {
        let claim = journal.claim_run(&settings.worker, run, settings.lease, groups).await?;
        return Ok(claim.into_iter().collect());
    }
    journal.claim_except(&settings.worker, most, settings.lease, groups).await
}

fn begin<S: Send + Sync + 'static>(
    engine: &Arc<Engine<S>>,
    runs: &mut JoinSet<()>,
    claims: Vec<Claimed>,
    permits: Vec<OwnedSemaphorePermit>,
) {
    for ((claim, probe), permit) in claims.into_iter().zip(permits) {
        let engine = Arc::clone(engine);
        let work = async move {
            carry_out(&engine, claim, (permit, probe)).await;
            engine.ended.notify_waiters();
        };
        runs.spawn(work.in_current_span());
    }
}

fn report_broken(ended: Result<(), tokio::task::JoinError>) {
    if let Err(broken) = ended {
        error!(%broken, "a run ended without giving its lease back; it is taken up again later");
    }
}
