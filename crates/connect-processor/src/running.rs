//! A processor at work: until it is told to stop, or until nothing is left.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Monotonic, later};
use connect_journal::{Note, RunFilter, RunState, RunView};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::warn;

use crate::identity::{self, Platform};
use crate::poll::Poll;
use crate::report::{Leftover, Report};
use crate::work::{Engine, work};
use crate::{Error, asked};

/// A processor at work.
pub(crate) struct Running<S> {
    engine: Arc<Engine<S>>,
    polls: Vec<Poll>,
    platform: Platform,
    worker: JoinHandle<()>,
    stop: CancellationToken,
    _stop_when_dropped: DropGuard,
}

impl<S: Send + Sync + 'static> Running<S> {
    pub(crate) fn start(engine: Arc<Engine<S>>, polls: Vec<Poll>, platform: Platform) -> Self {
        let stop = CancellationToken::new();
        let worker = tokio::spawn(with_leases_kept(Arc::clone(&engine), stop.clone()));
        let _stop_when_dropped = stop.clone().drop_guard();
        Self { engine, polls, platform, worker, stop, _stop_when_dropped }
    }

    /// Polls until `shutdown` is over.
    pub(crate) async fn until(
        mut self,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Report, Error> {
        tokio::select! {
            error = keep_polling(&self.engine, &self.polls, self.platform) => {
                let _ = self.stop(Seen::default()).await;
                return Err(error);
            }
            () = shutdown => {}
            _ = &mut self.worker => return Err(broken_off(&self.engine)),
        }
        self.stop(Seen::default()).await
    }

    /// Polls until nothing is left.
    pub(crate) async fn once(mut self) -> Result<Report, Error> {
        let drained = tokio::select! {
            drained = drain(&self.engine, &self.polls) => drained,
            _ = &mut self.worker => return Err(broken_off(&self.engine)),
        };
        match drained {
            Ok(seen) => self.stop(seen).await,
            Err(error) => {
                // What failed first says more than what fails after it.
                let _ = self.stop(Seen::default()).await;
                Err(error)
            }
        }
    }

    async fn stop(self, seen: Seen) -> Result<Report, Error> {
        self.stop.cancel();
        self.worker.await.map_err(|_| Error::Broken)?;
        let ended = self.engine.tally.counts();
        let mut leftovers = leftovers(&self.engine).await?;
        leftovers.extend(seen.waiting);
        Ok(Report { ended, leftovers, unreadable: seen.unreadable })
    }
}

/// Polls until the platform turns out to be another one. When it asks to be left alone for longer
/// than a beat, it is; a platform that fails again and again is asked less and less often.
async fn keep_polling<S>(engine: &Engine<S>, polls: &[Poll], platform: Platform) -> Error {
    let (journal, every) = (engine.journal.as_ref(), engine.settings.poll);
    let mut failures = 0;
    loop {
        let mut failed = None;
        if platform == Platform::World {
            match identity::bind(&engine.client, journal).await {
                Err(error @ Error::OtherJournal { .. }) => return error,
                bound => failed = bound.err(),
            }
        }
        // Nothing is taken from a platform before it has said which one it is.
        if failed.is_none() {
            for poll in polls {
                failed = poll.pass(journal).await.err().map(Error::from).or(failed);
            }
        }
        let mut rest = every;
        failures = if failed.is_some() { failures + 1 } else { 0 };
        if let Some(error) = failed {
            warn!(code = error.code(), %error, "polling goes on later");
            rest = asked::wait(asked::by_platform(&error), every.max(engine.backoff(failures)));
        }
        engine.clock.sleep(rest).await;
    }
}

/// Why the worker ended without being told to.
fn broken_off<S>(engine: &Engine<S>) -> Error {
    engine.set_trouble(None).map_or(Error::Broken, Error::Journal)
}

async fn with_leases_kept<S: Send + Sync + 'static>(
    engine: Arc<Engine<S>>,
    stop: CancellationToken,
) {
    let leases = engine.leases.clone();
    let (journal, clock) = (Arc::clone(&engine.journal), Arc::clone(&engine.clock));
    let lease = engine.settings.lease;
    tokio::select! {
        () = work(engine, stop) => {}
        () = leases.renew_all(journal.as_ref(), clock.as_ref(), lease) => {}
    }
}

/// What the last look at the lists saw.
#[derive(Default)]
struct Seen {
    unreadable: Vec<String>,
    waiting: Vec<Leftover>,
}

/// How many looks in a row may bring no news before a pass ends although runs go on to end: a
/// request may be listed as pending for ever.
const MOST_LOOKS: u32 = 3;

/// Polls and waits until a look at the lists brings nothing new, nothing is left that will be due
/// within the patience, and nothing has ended since that look: what ended may have left its request
/// pending.
async fn drain<S>(engine: &Engine<S>, polls: &[Poll]) -> Result<Seen, Error> {
    let mut looks = 0;
    loop {
        let (mut seen, mut news, mut missing) = (Seen::default(), 0, Vec::new());
        let before = engine.tally.total();
        for poll in polls {
            let pass = poll.pass(engine.journal.as_ref()).await?;
            missing.extend(pass.missing());
            seen.unreadable.extend(pass.unreadable);
            news += pass.news;
            seen.waiting.extend(pass.waiting);
        }
        wait_for_quiet(engine).await?;
        looks = if news == 0 { looks + 1 } else { 0 };
        if news == 0 && (engine.tally.total() == before || looks == MOST_LOOKS) {
            if engine.tally.total() == before {
                // Nothing has left the list meanwhile that would explain it.
                seen.unreadable.extend(missing);
            }
            let trouble = engine.set_trouble(None);
            return trouble.map_or(Ok(seen), |error| Err(Error::Journal(error)));
        }
    }
}

/// How often a pass asks what is left while nothing ends here.
const LOOK_AROUND: Duration = Duration::from_millis(250);

/// Waits until no run is ready or under way.
async fn wait_for_quiet<S>(engine: &Engine<S>) -> Result<(), Error> {
    let (mut ended, mut progress) = (engine.tally.total(), engine.clock.monotonic());
    loop {
        let run_ended = engine.ended.notified();
        if !is_busy(engine, progress).await? {
            return Ok(());
        }
        // A run may also end in another process, which notifies nobody here.
        let _ = engine.clock.limit(LOOK_AROUND, run_ended).await;
        let total = engine.tally.total();
        if total > ended {
            (ended, progress) = (total, engine.clock.monotonic());
        }
    }
}

/// Whether there is something to wait for: a run at work here, or one that is due soon, unless
/// nothing has come to an end for so long that only hopeless ones can be left. What was begun before
/// that is waited for all the same.
async fn is_busy<S>(engine: &Engine<S>, progress: Monotonic) -> Result<bool, Error> {
    if engine.leases.any_since_before(progress + engine.settings.patience) {
        return Ok(true);
    }
    let counts = engine.journal.counts().await?;
    let horizon = later(engine.clock.now(), engine.settings.patience);
    let due_soon = counts.next_due.is_some_and(|due| due <= horizon);
    let hopeful = engine.clock.since(progress) < engine.settings.patience;
    Ok((counts.ready_now > 0 || counts.running > 0 || due_soon) && hopeful)
}

/// The runs that are not at an end.
async fn leftovers<S>(engine: &Engine<S>) -> Result<Vec<Leftover>, Error> {
    let mut found = Vec::new();
    for state in [RunState::Ready, RunState::Running, RunState::Parked] {
        let mut after = None;
        loop {
            let filter = RunFilter { state: Some(state), after, ..RunFilter::default() };
            let page = engine.journal.runs(&filter).await?;
            after = page.last().map(|run| run.id.clone());
            let is_last = page.len() < RunFilter::MOST;
            found.extend(page.into_iter().map(leftover));
            if is_last {
                break;
            }
        }
    }
    Ok(found)
}

fn leftover(run: RunView) -> Leftover {
    let why = match run.note {
        Some(Note::Why(why)) => why,
        Some(Note::Outcome(outcome)) => String::from_utf8_lossy(&outcome).into_owned(),
        None => "not begun".to_owned(),
    };
    let state = if run.state == RunState::Parked { "parked" } else { "waiting" };
    Leftover { request: run.id.to_string(), state, due: run.due, why }
}
