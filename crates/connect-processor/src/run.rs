//! One run from lease to release. Read this page first.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Clock, saturating_add};
use connect_journal::{Claim, Finish, JournalError, RunId, StepName};
use connect_model::{DateTime, RequestStatus};
use tokio::sync::OwnedSemaphorePermit;
use tracing::{info, warn};

use crate::attempt::Attempt;
use crate::callback_maker::CallbackMaker;
use crate::conclude::conclude;
use crate::conclusion::Conclusion;
use crate::conclusion::Shut;
use crate::delivery::Delivery;
use crate::dispatch::Routing;
use crate::doubt::doubt;
use crate::ending::Ending;
use crate::engine::Engine;
use crate::failure::{Failure, chain};
use crate::gate::Probe;
use crate::head::Head;
use crate::lease::Lease;
use crate::log_fields::date;
use crate::monthly;
use crate::observe::{self, ObservedRun};
use crate::payload::Payload;
use crate::retry_delay::{self, Cause};
use crate::standing::{STANDING, standing_steps};
use crate::usage::report;
use crate::{early, elsewhere, outage, overdue, poison};

// What is seldom needed, and what is long, has a box of its own: a run would carry the room for all of it
// from task to task otherwise.

/// Works on one claimed run and gives it back, and the permit with it; a run whose handler is found
/// to be slow gives the permit back at once.
pub(crate) async fn carry_out<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    claim: Claim,
    place: (OwnedSemaphorePermit, Option<Probe>),
) {
    let seen = ObservedRun::new(&engine.health, &engine.clock, &claim);
    seen.during(Box::pin(carried_out(engine, claim, place))).await;
}

async fn carried_out<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    claim: Claim,
    (permit, probe): (OwnedSemaphorePermit, Option<Probe>),
) {
    let mut permit = Some(permit);
    let lease = Lease::new(claim, Arc::clone(&engine.journal), Arc::clone(&engine.clock));
    let _kept = engine.leases.keep(&lease);
    let result = match poison::broken_off(&lease).await {
        Ok(None) => Box::pin(attempt(engine, &lease, probe.as_ref(), &mut permit)).await,
        Ok(Some(why)) => {
            poison::tell(engine, &lease).await;
            Err(Failure::park(why))
        }
        Err(failure) => Err(failure),
    };
    Box::pin(release(engine, &lease, result)).await;
}

/// One attempt at what is due by the calendar: a report of usage, or the job of a month.
async fn by_calendar<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    payload: &Payload,
    probe: Option<&Probe>,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<Conclusion, Failure> {
    let Payload { usage, monthly, .. } = payload;
    let _place = match engine.gate.enter(usage.as_ref().map(|task| &task.product), probe) {
        Ok(vendor) => lease.guard(lease.watched_by(vendor).place(permit)).await?,
        Err(shut) => return Ok(Conclusion::Shut(shut)),
    };
    match (usage, monthly) {
        (Some(task), _) if engine.usage.is_some() => {
            lease.keep_doubt(doubt(engine.restoration, Some(task.month.end())));
            Box::pin(report::carry_out(engine, lease, task, permit)).await
        }
        (None, Some(task)) => {
            lease.keep_doubt(doubt(engine.restoration, Some(task.due.timestamp())));
            Box::pin(monthly::carry_out::carry_out(engine, lease, task, permit)).await
        }
        _ => Ok(Conclusion::Idle(Ending::NoHandler)),
    }
}

/// One attempt: read, dispatch, decide, conclude.
async fn attempt<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    probe: Option<&Probe>,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<Conclusion, Failure> {
    let claim = &lease.claim;
    let payload = Payload::read(&claim.payload)
        .map_err(|error| Failure::park(format!("the run's payload cannot be read: {error}")))?;
    if !payload.is_of_request() {
        return Box::pin(by_calendar(engine, lease, &payload, probe, permit)).await;
    }
    let collection = payload.collection.as_str();
    let Some(family) = engine.intake.family(collection) else {
        return Ok(Conclusion::Idle(Ending::NoHandler));
    };
    // What the platform does not show may be shown again; the next listing then wakes the run.
    let Some(current) = lease.guard(family.reader.read(claim.run.as_str())).await?? else {
        return Ok(Conclusion::Idle(Ending::Gone));
    };
    observe::request(&current.head);
    if let Some(names) = engine.settings.steps.get(collection) {
        lease.declare(names);
    }
    let is_unfinished = early::is_unfinished(lease, &current.head.status);
    if !is_unfinished && !family.waits_in.contains(&current.head.status) {
        return Box::pin(elsewhere::settled(engine, lease, &current, collection, permit)).await;
    }
    if !engine.settings.takes(&current.head) {
        return Ok(Conclusion::Idle(Ending::NotOurs));
    }
    let _place = match engine.gate.enter(current.head.product(), probe) {
        Ok(vendor) => lease.guard(lease.watched_by(vendor).place(permit)).await?,
        Err(shut) => return Ok(Conclusion::Shut(shut)),
    };
    let created = current.head.created().map(DateTime::timestamp);
    lease.keep_doubt(doubt(engine.restoration, created));
    lease.keep_plan(current.head.planned());
    let attempt = engine.attempt(lease);
    let key = engine.settings.migration_parameter.as_str();
    let Head { kind, status, .. } = &current.head;
    let (route, data) = ((collection, kind.as_str(), status), (&*current.raw, key));
    let prepared = match engine.routes.prepare(route, data, &engine.state, &attempt)? {
        Routing::Handler(prepared) => prepared,
        Routing::NoHandler => return no_handler(lease, status),
        Routing::Migration => {
            warn!(run = %claim.run, parameter = key, "the request is left alone: it is a migration, which no handler takes");
            return Ok(Conclusion::Idle(Ending::migration(key)));
        }
    };
    match engine.settings.deadline(collection, &current.head) {
        Some(_) if is_unfinished => {}
        Some(_) if prepared.is_migration => overdue::lift(lease).await?,
        Some(deadline) => {
            let (id, deliver) = (current.head.id.as_str(), prepared.deliver);
            let (client, messages) = (&engine.client, &attempt.messages);
            let delivery = Delivery { client, lease, messages, id, template: None };
            let kept =
                Box::pin(overdue::keep(deadline, engine.clock.now(), delivery, deliver)).await?;
            if let Some(conclusion) = kept {
                return Ok(conclusion);
            }
        }
        None => {}
    }
    conclude(engine, &attempt, &current, prepared, permit).await
}

/// A request of a type that has no handler waits for a version that has one. What is being revoked,
/// somebody has to take back and confirm.
fn no_handler(lease: &Lease, status: &RequestStatus) -> Result<Conclusion, Failure> {
    if *status != RequestStatus::Revoking {
        return Ok(Conclusion::Idle(Ending::NoHandler));
    }
    let steps = standing_steps(&lease.claim);
    let standing = match steps.as_slice() {
        [] => String::new(),
        steps => format!("What these steps did at the vendor stands: {}. ", steps.join(", ")),
    };
    let why = format!(
        "the request is being revoked, and nothing is registered that takes it back. {standing}See to \
         it, confirm the request by hand, then revive the run to end it"
    );
    Err(Failure::Park { why, step: Some(StepName::from(STANDING)) })
}

/// Gives the run back with what it came to.
async fn release<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    result: Result<Conclusion, Failure>,
) {
    let run = &lease.claim.run;
    observe::ended(&result);
    let finish = match &result {
        Ok(conclusion) => engine.finish(lease, conclusion),
        Err(Failure::Retry { source, after }) => engine.retry(lease, source.as_ref(), *after).await,
        Err(Failure::Park { why, step }) => park(why, step.clone()),
        Err(Failure::GiveUp { reason }) => park(reason, None),
        // It will be as unreadable to every later life; the other runs are none the worse.
        Err(Failure::Journal(error @ JournalError::Corrupt { .. })) => park(&chain(error), None),
        Err(Failure::Journal(error)) => {
            warn!(%run, code = error.code(), error = chain(error), "the run is left to a later life");
            return;
        }
    };
    if let Err(failure) = lease.finish(&finish).await {
        warn!(%run, error = %failure, "the end of the run was not recorded");
        return;
    }
    log_end(run, &finish);
    if let Ok(conclusion) = &result {
        engine.endings.count(conclusion);
    }
}

/// Logs what an attempt came to.
fn log_end(run: &RunId, finish: &Finish) {
    match finish {
        Finish::Done { outcome } => {
            info!(%run, ending = Ending::from_outcome(outcome).as_str(), "the run has ended");
        }
        Finish::Idle { outcome } => {
            let ending = Ending::from_outcome(outcome);
            info!(%run, ending = ending.as_str(), "the run is idle until there is news");
        }
        Finish::Wait { why, due, .. } => info!(%run, why, due = date(*due), "the run waits"),
        Finish::Retry { why, due, .. } => {
            warn!(%run, why, due = date(*due), "the run has failed and is tried again later");
        }
        Finish::Park { why, .. } => warn!(%run, why, "the run is parked for a person"),
        Finish::Dead { why } => warn!(%run, why, "the run is dead"),
    }
}

impl<S> Engine<S> {
    /// The means of an attempt under a lease.
    pub(crate) fn attempt(&self, lease: &Arc<Lease>) -> Arc<Attempt> {
        let (callbacks, clock) = (self.settings.callbacks.clone(), Arc::clone(&self.clock));
        Attempt::new(lease, &self.client, CallbackMaker::new(callbacks, clock))
    }

    fn finish(&self, lease: &Lease, conclusion: &Conclusion) -> Finish {
        match conclusion {
            Conclusion::Ended(ending) => Finish::Done { outcome: ending.to_outcome() },
            Conclusion::Idle(ending) => Finish::Idle { outcome: ending.to_outcome() },
            Conclusion::Shut(Shut { after, why }) => Finish::Wait {
                due: lease.in_time(saturating_add(self.clock.now(), *after)),
                why: why.clone(),
                hold_lane: true,
            },
            Conclusion::Wait(after) => Finish::Wait {
                due: lease.in_time(saturating_add(self.clock.now(), *after)),
                why: "rescheduled by its handler".to_owned(),
                hold_lane: true,
            },
        }
    }

    /// Returns when a failed run is tried again: when its handler or the platform said so, but not
    /// before the backoff, nor while its vendor is down. One that has failed too often is parked,
    /// unless a date is to come that may end its failures.
    async fn retry(&self, lease: &Arc<Lease>, source: &Cause, after: Option<Duration>) -> Finish {
        let is_down = outage::is_vendors(source).then(|| lease.vendor.get()?.failed()).flatten();
        let asked = after.or_else(|| retry_delay::asked_by_platform(source));
        let backoff = self.backoff.delay(lease.claim.failures + 1);
        let wait = retry_delay::delay(asked, backoff);
        // Another run is there to show that the vendor is back: this one may be why it is not.
        let wait = is_down.map_or(wait, |down| wait.max(down + backoff));
        let due = lease.in_time(saturating_add(self.clock.now(), wait));
        if is_down.is_some() || outage::is_platforms(source) {
            return Finish::Retry { due, why: poison::uncounted(&chain(source)), hold_lane: true };
        }
        if let Some(why) = poison::verdict(lease, source, self.settings.most_failures).await {
            poison::tell(self, lease).await;
            return park(&why, None);
        }
        Finish::Retry { due, why: chain(source), hold_lane: true }
    }
}

/// A parked run does nothing, so it keeps nothing from the other requests of its subscription: a
/// person may settle this request by hand and go on with the next.
fn park(why: &str, step: Option<StepName>) -> Finish {
    Finish::Park { why: why.to_owned(), hold_lane: false, step }
}
