//! Works on one request alone, by its id, as somebody does who looks into it.

use std::future::Future;

use connect_clock::{Monotonic, saturating_add};
use connect_journal::{JournalError, Note, RunFilter, RunId, RunState, RunView};

use crate::ending::Ending;
use crate::engine::Engine;
use crate::error::Error;
use crate::head::Head;
use crate::intake::is_id;
use crate::look::Look;
use crate::processor::Processor;
use crate::request_report::RequestReport;
use crate::running::LOOK_AROUND;

/// Who has brought the run forward, in its history.
const BY: &str = "work on this request alone";

impl<S: Send + Sync + 'static> Processor<S> {
    /// Works on one request alone, by its id, and returns what it has come to. No other run is
    /// touched, nothing is listed, and no source is heard.
    ///
    /// All that holds for other runs holds for its run: what is paused or down is not begun, and
    /// only one request of a subscription is at work. That is waited for, also in other processes,
    /// for as long as the [`patience`](Self::patience). A run that waits for a later time is brought
    /// forward; one that is parked stays so.
    ///
    /// # Errors
    ///
    /// When it cannot start; [`Error::NoSuchRequest`]; when platform or journal cannot be asked.
    pub fn work_on(
        mut self,
        request: impl Into<String>,
    ) -> impl Future<Output = Result<RequestReport, Error>> {
        let request = request.into();
        self.settings.only = Some(RunId::from(request.as_str()));
        self.sources.clear();
        Box::pin(async move {
            let running = self.start().await?;
            let engine = running.engine();
            let one = OneRequest { engine: &engine, run: RunId::from(request) };
            match running.meanwhile(one.worked_on()).await? {
                Found::Settled(report) => Ok(report),
                Found::Run { obstacle } => one.report(obstacle).await,
            }
        })
    }
}

/// What is known once the request was heard of, and its run was waited for.
enum Found {
    /// It has no run, or none that it needs.
    Settled(RequestReport),
    /// Its run says what it has come to. If it was not begun, that is the reason.
    Run { obstacle: String },
}

struct OneRequest<'a, S> {
    engine: &'a Engine<S>,
    run: RunId,
}

impl<S> OneRequest<'_, S> {
    async fn worked_on(&self) -> Result<Found, Error> {
        let (collection, head) = self.read().await?;
        if let Some(settled) = self.offer(collection, &head).await? {
            return Ok(Found::Settled(settled));
        }
        self.bring_forward().await?;
        self.wait().await?;
        match self.engine.set_claim_error(None) {
            Some(error) => Err(Error::Journal(error)),
            None => Ok(Found::Run { obstacle: self.obstacle(&head).await? }),
        }
    }

    /// Finds the request in the collections that there are handlers for.
    async fn read(&self) -> Result<(&'static str, Head), Error> {
        let (request, families) = (self.run.to_string(), &self.engine.intake.families);
        let collections = families.keys().copied().collect::<Vec<_>>().join(", ");
        if !is_id(&request) {
            return Err(Error::NoSuchRequest { request, collections });
        }
        let mut why = None;
        for (collection, family) in families {
            match family.reader.read(&request).await {
                Ok(Some(current)) => return Ok((collection, current.head.clone())),
                Ok(None) => {}
                Err(error) => why = Some(error.to_string()),
            }
        }
        Err(match why {
            Some(why) => Error::UnreadRequest { request, why },
            None => Error::NoSuchRequest { request, collections },
        })
    }

    /// Offers the request to the journal. Returns what it has come to if it has no run to wait for.
    async fn offer(
        &self,
        collection: &'static str,
        head: &Head,
    ) -> Result<Option<RequestReport>, Error> {
        let intake = &self.engine.intake;
        let Some(family) = intake.family(collection) else { return Ok(None) };
        if !family.waits_in.contains(&head.status) {
            let not_pending = RequestReport::NotPending(head.status.clone());
            return Ok(if self.is_cared_for().await? { None } else { Some(not_pending) });
        }
        if !self.engine.settings.takes(head) {
            return Ok(Some(RequestReport::NotTaken(Ending::NotOurs)));
        }
        if !family.types.contains(&head.kind) {
            return Ok(Some(RequestReport::NotTaken(Ending::NoHandler)));
        }
        intake.offer(collection, vec![head.clone()], &mut Look::default()).await?;
        Ok(None)
    }

    /// Whether its run is open, or this life has just ended it.
    async fn is_cared_for(&self) -> Result<bool, Error> {
        let Engine { leases, endings, journal, .. } = self.engine;
        if leases.count_since_before(Monotonic::MAX) > 0 || endings.total() > 0 {
            return Ok(true);
        }
        let open = [RunState::Ready, RunState::Running, RunState::Parked];
        Ok(journal.run(&self.run).await?.is_some_and(|run| open.contains(&run.state)))
    }

    /// Has a run look now that waits for a later time, whatever it waits for.
    async fn bring_forward(&self) -> Result<(), Error> {
        let Engine { journal, clock, .. } = self.engine;
        let now = clock.now();
        let waits =
            |run: RunView| run.state == RunState::Ready && run.due.is_some_and(|it| it > now);
        if !journal.run(&self.run).await?.is_some_and(waits) {
            return Ok(());
        }
        match journal.revive(&self.run, now, BY).await {
            // Meanwhile it was claimed, or came due.
            Err(JournalError::NotRevivable { .. }) => Ok(()),
            revived => Ok(revived?),
        }
    }

    /// Waits until the run is neither at work nor due within the patience.
    async fn wait(&self) -> Result<(), Error> {
        let Engine { journal, clock, leases, settings, .. } = self.engine;
        let began = clock.monotonic();
        loop {
            let run_ended = self.engine.ended.notified();
            let horizon = saturating_add(clock.now(), settings.patience);
            let run = journal.run(&self.run).await?;
            let is_near = |run: RunView| match run.state {
                RunState::Running => true,
                RunState::Ready => run.due.is_none_or(|due| due <= horizon),
                _ => false,
            };
            let is_hopeful = clock.since(began) < settings.patience;
            let is_awaited = is_hopeful && run.is_some_and(is_near);
            if !is_awaited && leases.count_since_before(Monotonic::MAX) == 0 {
                return Ok(());
            }
            // It may also end in another process, which notifies nobody here.
            let _ = clock.limit(LOOK_AROUND, run_ended).await;
        }
    }

    /// Returns what the run has come to.
    async fn report(&self, obstacle: String) -> Result<RequestReport, Error> {
        let Some(run) = self.engine.journal.run(&self.run).await? else {
            return Ok(RequestReport::Ended(Ending::Gone));
        };
        let ending = Ending::of(&run);
        let is_later = run.due.is_some_and(|due| due > self.engine.clock.now());
        let why = match run.note.clone() {
            Some(Note::Why(why)) => why,
            _ => "no reason was written down".to_owned(),
        };
        Ok(match (run.state, ending) {
            (RunState::Done | RunState::Idle, Some(ending)) => RequestReport::Ended(ending),
            (RunState::Parked | RunState::Dead | RunState::Done | RunState::Idle, _) => {
                RequestReport::Parked { why }
            }
            (RunState::Ready, _) if is_later => {
                RequestReport::Waiting { due: run.due, why, is_planned: run.failures == 0 }
            }
            (RunState::Ready | RunState::Running, _) => {
                RequestReport::Waiting { due: None, why: obstacle, is_planned: false }
            }
        })
    }

    /// Returns what keeps the run from being begun, if it is not.
    async fn obstacle(&self, head: &Head) -> Result<String, Error> {
        let Engine { journal, gate, .. } = self.engine;
        let Some(run) = journal.run(&self.run).await? else { return Ok(String::new()) };
        if run.state == RunState::Running {
            return Ok("another process works on it".to_owned());
        }
        if let Err(shut) = gate.enter(head.product(), None) {
            return Ok(shut.why);
        }
        let filter = RunFilter { lane: Some(run.lane.clone()), ..RunFilter::default() };
        let goes_first = |other: &RunView| {
            let is_due = other.state == RunState::Ready && other.due <= run.due;
            other.id != run.id && (other.holds_lane || is_due)
        };
        let others = journal.runs(&filter).await?.into_iter().filter(goes_first);
        let lane = &run.lane;
        Ok(match others.max_by_key(|other| other.holds_lane) {
            Some(other) if other.state == RunState::Running => {
                format!("{} is at work on {lane}, and only one request at a time can be", other.id)
            }
            Some(other) => format!("{} comes first of those on {lane}", other.id),
            None => "it was not begun in time".to_owned(),
        })
    }
}
