//! One run from lease to release. Read this page first.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connect_client::Error as ClientError;
use connect_journal::{Claim, Finish, StepName};
use connect_model::RequestStatus;
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use crate::conclude::{Conclude, Conclusion};
use crate::dispatch::Prepared;
use crate::failure::chain;
use crate::lease::Held;
use crate::poll::News;
use crate::read::Current;
use crate::work::Engine;
use crate::{Failure, Outcome};

/// The outcome of a request whose type has no handler in this version of the program.
const NO_HANDLER: &str = "no handler";

/// The most that the platform's `Retry-After` is heeded.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// Works on one claimed run and gives it back.
pub(crate) async fn carry_out<S: Send + Sync + 'static>(engine: &Engine<S>, claim: Claim) {
    let held = Held::new(claim, Arc::clone(&engine.journal));
    let _kept = engine.leases.keep(&held);
    let result = attempt(engine, &held).await;
    release(engine, &held, result).await;
}

/// One attempt: read, dispatch, decide, conclude.
async fn attempt<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    held: &Arc<Held>,
) -> Result<Conclusion, Failure> {
    let claim = &held.claim;
    let news: News = serde_json::from_slice(&claim.payload)
        .map_err(|error| Failure::park(format!("the run's payload cannot be read: {error}")))?;
    let Some(reader) = engine.readers.get(news.collection.as_str()) else {
        return Ok(Conclusion::Idle(NO_HANDLER));
    };
    // What the platform does not show may be shown again; the next listing then wakes the run.
    let Some(current) = held.guard(reader.read(claim.run.as_str())).await?? else {
        return Ok(Conclusion::Idle("gone"));
    };
    if current.head.status != RequestStatus::Pending {
        return Ok(settled_elsewhere(&current.head.status));
    }
    if !engine.settings.takes(&current.head) {
        return Ok(Conclusion::Idle("not ours"));
    }
    let Some(prepare) = engine.routes.find(&news.collection, &current.head.kind) else {
        return Ok(Conclusion::Idle(NO_HANDLER));
    };
    let prepared = prepare(&current.raw, &engine.state, held)?;
    conclude(engine, held, &news.collection, &current, prepared).await
}

/// A former life, or somebody else, brought the request on.
fn settled_elsewhere(status: &RequestStatus) -> Conclusion {
    if status.is_final() {
        Conclusion::Ended("settled elsewhere")
    } else {
        Conclusion::Idle("settled elsewhere")
    }
}

async fn conclude<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    held: &Arc<Held>,
    collection: &str,
    current: &Current,
    prepared: Prepared,
) -> Result<Conclusion, Failure> {
    let template = match &prepared.product {
        Some(product) => Some(held.guard(engine.templates.find(product, &prepared.scope)).await??),
        None => None,
    };
    // Never closed, so there is always a place in the end.
    let _place = held.guard(engine.places.acquire()).await?;
    let outcome = decide(engine.settings.run_limit, prepared).await?;
    let id = current.head.id.as_str();
    Conclude { client: &engine.client, held, collection, id, template }.deliver(outcome).await
}

/// Calls the handler. Giving up is a decision, everything else that fails is passed on.
async fn decide(limit: Duration, prepared: Prepared) -> Result<Outcome, Failure> {
    let deciding = AssertUnwindSafe(async move { (prepared.decide)().await }).catch_unwind();
    match tokio::time::timeout(limit, deciding).await {
        Ok(Ok(Err(Failure::GiveUp { reason }))) => Ok(Outcome::Fail { reason }),
        Ok(Ok(decided)) => decided,
        Ok(Err(_)) => Err(Failure::retry("the handler panicked; see the process's error output")),
        Err(_) => Err(Failure::retry(format!("the handler took longer than {limit:?}"))),
    }
}

/// Gives the run back with what it came to.
async fn release<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    held: &Held,
    result: Result<Conclusion, Failure>,
) {
    let Held { claim, journal, .. } = held;
    let run = &claim.run;
    let finish = match &result {
        Ok(conclusion) => engine.finish(conclusion),
        Err(Failure::Retry { source, after }) => engine.retry(held, source.as_ref(), *after),
        Err(Failure::Park { why, step }) => park(why, step.clone()),
        Err(Failure::GiveUp { reason }) => park(reason, None),
        Err(Failure::Journal(error)) => {
            warn!(%run, code = error.code(), error = chain(error), "left to a later life");
            return;
        }
    };
    if let Err(failure) = held.write(|| journal.finish(claim, finish.clone())).await {
        warn!(%run, ?failure, "the end of the run was not recorded");
        return;
    }
    match (&finish, &result) {
        (Finish::Park { why, .. }, _) => warn!(%run, why, "parked for a person"),
        (Finish::Retry { why, due, .. }, _) => warn!(%run, why, %due, "tried again later"),
        (_, Ok(conclusion)) => {
            info!(%run, attempt = claim.attempt, ?conclusion, "run");
            engine.tally.count(conclusion);
        }
        _ => {}
    }
}

impl<S> Engine<S> {
    fn finish(&self, conclusion: &Conclusion) -> Finish {
        let outcome = |how: &'static str| Bytes::from_static(how.as_bytes());
        match conclusion {
            Conclusion::Ended(how) => Finish::Done { outcome: outcome(how) },
            Conclusion::Idle(how) => Finish::Idle { outcome: outcome(how) },
            Conclusion::Wait(after) => Finish::Wait {
                due: later(self.clock.now(), *after),
                why: "rescheduled by its handler".to_owned(),
                hold_lane: true,
            },
        }
    }

    /// When a failed run is tried again: when its handler or the platform said so, or else after
    /// the backoff.
    fn retry(&self, held: &Held, source: &Cause, after: Option<Duration>) -> Finish {
        let after = after
            .or_else(|| asked_to_wait(source))
            .unwrap_or_else(|| self.backoff(held.claim.failures + 1));
        let due = later(self.clock.now(), after);
        Finish::Retry { due, why: chain(source), hold_lane: true }
    }
}

/// A parked run does nothing, so it keeps nothing from the other requests of its subscription: a
/// person may settle this request by hand and go on with the next.
fn park(why: &str, step: Option<StepName>) -> Finish {
    Finish::Park { why: why.to_owned(), hold_lane: false, step }
}

type Cause = dyn std::error::Error + Send + Sync + 'static;

/// How long the platform asked to wait, when it is the platform that failed.
fn asked_to_wait(error: &Cause) -> Option<Duration> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        let shared = error.downcast_ref::<Arc<ClientError>>().map(Arc::as_ref);
        match shared.or_else(|| error.downcast_ref()) {
            Some(
                ClientError::Limited { retry_after, .. }
                | ClientError::NoAnswer { retry_after, .. },
            ) => return retry_after.map(|asked| asked.min(LONGEST_ASKED)),
            _ => next = error.source(),
        }
    }
    None
}

/// The time after another, or the end of time.
pub(crate) fn later(now: Timestamp, after: Duration) -> Timestamp {
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::BoxError;
    use crate::read::ReadError;
    use crate::templates::NoTemplate;

    fn limited(seconds: u64) -> ClientError {
        let call = Box::new(connect_client::Call::get("requests").name());
        ClientError::Limited { retry_after: Some(Duration::from_secs(seconds)), call }
    }

    #[test]
    fn the_platforms_wish_is_heeded_wherever_it_was_told() {
        let reading: BoxError = ReadError::Call(Arc::new(limited(120))).into();
        let template: BoxError =
            NoTemplate::Unreadable { product: "PRD-1".into(), source: limited(120) }.into();
        for error in [reading, template, limited(120).into()] {
            assert_eq!(asked_to_wait(error.as_ref()), Some(Duration::from_secs(120)), "{error}");
        }
    }

    #[test]
    fn a_wish_for_ages_is_cut() {
        let ages: BoxError = limited(99_999_999_999).into();
        assert_eq!(asked_to_wait(ages.as_ref()), Some(LONGEST_ASKED));
    }
}
