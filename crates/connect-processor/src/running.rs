//! A processor at work: until it is told to stop, or until nothing is left.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Monotonic, saturating_add};
use connect_journal::{Note, RunFilter, RunState, RunView};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::{Instrument, info};

use crate::ending::Ending;
use crate::engine::Engine;
use crate::error::Error;
use crate::look::Look;
use crate::report::{OpenRun, Report};
use crate::source::Source;
use crate::work::work;

/// A processor at work.
pub(crate) struct RunningProcessor<S> {
    engine: Arc<Engine<S>>,
    sources: Vec<Box<dyn Source>>,
    worker: JoinHandle<()>,
    stop: CancellationToken,
    _stop_when_dropped: DropGuard,
}

impl<S: Send + Sync + 'static> RunningProcessor<S> {
    pub(crate) fn start(engine: Arc<Engine<S>>, sources: Vec<Box<dyn Source>>) -> Self {
        let stop = CancellationToken::new();
        let worker = with_leases_kept(Arc::clone(&engine), stop.clone());
        let worker = tokio::spawn(worker.in_current_span());
        let _stop_when_dropped = stop.clone().drop_guard();
        Self { engine, sources, worker, stop, _stop_when_dropped }
    }

    /// Hears of requests until `shutdown` is over.
    pub(crate) async fn until(
        mut self,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Report, Error> {
        let (engine, stop) = (&self.engine, &self.stop);
        let mut runs: Runs<'_> =
            self.sources.iter().map(|source| source.run(&engine.intake, stop.clone())).collect();
        let broken = tokio::select! {
            biased;
            Err(error) = all_ended(&mut runs) => Some(error),
            () = shutdown => None,
            () = drained(engine) => None,
            _ = &mut self.worker => return Err(broken_off(engine)),
        };
        stop.cancel();
        // What a source says when it is told to stop changes nothing any more.
        let _ = engine.clock.limit(engine.settings.grace, all_ended(&mut runs)).await;
        drop(runs);
        let report = self.stop(Look::default()).await;
        broken.map_or(report, Err)
    }

    /// Looks at what there is until nothing is left.
    pub(crate) async fn drain(mut self) -> Result<Report, Error> {
        let drained = tokio::select! {
            biased;
            drained = look_until_quiet(&self.engine, &self.sources) => drained,
            _ = &mut self.worker => return Err(broken_off(&self.engine)),
        };
        match drained {
            Ok(look) => self.stop(look).await,
            Err(error) => {
                // What failed first says more than what fails after it.
                let _ = self.stop(Look::default()).await;
                Err(error)
            }
        }
    }

    /// Does something else while runs are carried out, then lets those under way end.
    pub(crate) async fn meanwhile<T>(
        mut self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let done = tokio::select! {
            biased;
            done = work => done,
            _ = &mut self.worker => return Err(broken_off(&self.engine)),
        };
        self.stop.cancel();
        let ended = self.worker.await.map_err(|_| Error::Broken);
        // What failed first says more than what fails after it.
        done.and_then(|done| ended.map(|()| done))
    }

    /// Returns what carries out its runs.
    pub(crate) fn engine(&self) -> Arc<Engine<S>> {
        Arc::clone(&self.engine)
    }

    async fn stop(self, look: Look) -> Result<Report, Error> {
        self.stop.cancel();
        self.worker.await.map_err(|_| Error::Broken)?;
        let ended = self.engine.endings.counts();
        let mut open = open_runs(&self.engine).await?;
        open.extend(look.waiting);
        Ok(Report { ended, open, unreadable: look.unreadable })
    }
}

type Runs<'a> = FuturesUnordered<BoxFuture<'a, Result<(), Error>>>;

/// Waits until every source has ended, or one with an error.
async fn all_ended(runs: &mut Runs<'_>) -> Result<(), Error> {
    while let Some(ended) = runs.next().await {
        ended?;
    }
    Ok(())
}

/// Waits until somebody has told the processor to drain, and nothing is under way any more.
async fn drained<S>(engine: &Engine<S>) {
    let by = engine.gate.told_to_drain().await.by;
    info!(
        by,
        left = engine.leases.count_since_before(Monotonic::MAX),
        "told to drain: nothing more is begun"
    );
    loop {
        let run_ended = engine.ended.notified();
        if engine.leases.count_since_before(Monotonic::MAX) == 0 {
            info!("drained: no run is under way any more");
            return;
        }
        let _ = engine.clock.limit(LOOK_AROUND, run_ended).await;
    }
}

/// Returns why the worker ended without being told to.
fn broken_off<S>(engine: &Engine<S>) -> Error {
    engine.set_claim_error(None).map_or(Error::Broken, Error::Journal)
}

async fn with_leases_kept<S: Send + Sync + 'static>(
    engine: Arc<Engine<S>>,
    stop: CancellationToken,
) {
    let leases = engine.leases.clone();
    let (journal, clock) = (Arc::clone(&engine.journal), Arc::clone(&engine.clock));
    let lease = engine.settings.lease;
    tokio::select! {
        biased;
        () = work(engine, stop) => {}
        () = leases.renew_all(journal.as_ref(), clock.as_ref(), lease) => {}
        () = leases.end_expired(clock.as_ref()) => {}
    }
}

/// The number of looks in a row that may bring no news before the work ends although runs go on to
/// end: a request may be listed as pending for ever.
const MOST_LOOKS: u32 = 3;

/// Looks and waits until a look brings nothing new, nothing is left that will be due within the
/// patience, and nothing has ended since that look: what ended may have left its request pending.
async fn look_until_quiet<S>(
    engine: &Engine<S>,
    sources: &[Box<dyn Source>],
) -> Result<Look, Error> {
    let mut looks = 0;
    loop {
        let mut seen = Look::default();
        let before = engine.endings.total();
        for source in sources {
            seen.add(source.look(&engine.intake).await?);
        }
        wait_for_quiet(engine).await?;
        looks = if seen.news == 0 { looks + 1 } else { 0 };
        let is_quiet = engine.endings.total() == before;
        if seen.news == 0 && (is_quiet || looks == MOST_LOOKS) {
            if is_quiet {
                // Nothing has left the list meanwhile that would explain it.
                seen.unreadable.append(&mut seen.missing);
            }
            let claim_error = engine.set_claim_error(None);
            return claim_error.map_or(Ok(seen), |error| Err(Error::Journal(error)));
        }
    }
}

/// The time between two looks at what is left while nothing ends here.
pub(crate) const LOOK_AROUND: Duration = Duration::from_millis(250);

/// Waits until no run is ready or under way.
async fn wait_for_quiet<S>(engine: &Engine<S>) -> Result<(), Error> {
    let (mut ended, mut progress) = (engine.endings.total(), engine.clock.monotonic());
    loop {
        let run_ended = engine.ended.notified();
        if !is_busy(engine, progress).await? {
            return Ok(());
        }
        // A run may also end in another process, which notifies nobody here.
        let _ = engine.clock.limit(LOOK_AROUND, run_ended).await;
        let total = engine.endings.total();
        if total > ended {
            (ended, progress) = (total, engine.clock.monotonic());
        }
    }
}

/// Returns whether there is something to wait for: a run at work here, or one that is due soon,
/// unless nothing has come to an end for so long that only hopeless ones can be left. What was
/// begun before that is waited for all the same.
async fn is_busy<S>(engine: &Engine<S>, progress: Monotonic) -> Result<bool, Error> {
    if engine.leases.count_since_before(progress + engine.settings.patience) > 0 {
        return Ok(true);
    }
    let counts = engine.journal.counts().await?;
    let horizon = saturating_add(engine.clock.now(), engine.settings.patience);
    let due_soon = counts.next_due.is_some_and(|due| due <= horizon);
    let hopeful = engine.clock.since(progress) < engine.settings.patience;
    Ok((counts.ready_now > 0 || counts.running > 0 || due_soon) && hopeful)
}

/// The runs that are not at an end.
async fn open_runs<S>(engine: &Engine<S>) -> Result<Vec<OpenRun>, Error> {
    let mut found = Vec::new();
    for state in [RunState::Ready, RunState::Running, RunState::Parked] {
        let mut after = None;
        loop {
            let filter = RunFilter { state: Some(state), after, ..RunFilter::default() };
            let page = engine.journal.runs(&filter).await?;
            after = page.last().map(|run| run.id.clone());
            let is_last = page.len() < RunFilter::MOST;
            found.extend(page.into_iter().map(open_run));
            if is_last {
                break;
            }
        }
    }
    Ok(found)
}

fn open_run(run: RunView) -> OpenRun {
    let ending = Ending::of(&run);
    let why = match (run.note, ending) {
        (Some(Note::Why(why)), _) => why,
        (_, Some(ending)) => ending.to_string(),
        _ => "not begun".to_owned(),
    };
    let state = if run.state == RunState::Parked { "parked" } else { "waiting" };
    OpenRun { request: run.id.to_string(), state, due: run.due, why }
}
