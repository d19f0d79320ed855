//! One run from lease to release. Read this page first.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connect_client::Error as ClientError;
use connect_journal::{Claim, Finish, JournalError};
use connect_model::RequestStatus;
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tracing::{debug, info, warn};

use crate::conclude::{Conclude, Conclusion, SKIPPED};
use crate::dispatch::Prepared;
use crate::failure::chain;
use crate::lease::Held;
use crate::poll::News;
use crate::read::Current;
use crate::work::Engine;
use crate::{Failure, Outcome};

/// Works on one claimed run and gives it back.
pub(crate) async fn carry_out<S: Send + Sync + 'static>(engine: &Engine<S>, claim: Claim) {
    let held = Held::new(claim, Arc::clone(&engine.journal));
    engine.leases.add(&held);
    let result = attempt(engine, &held).await;
    release(engine, &held, result).await;
    engine.leases.remove(&held);
}

/// One attempt: read, dispatch, decide, conclude.
async fn attempt<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    held: &Arc<Held>,
) -> Result<Conclusion, Failure> {
    let claim = held.claim();
    let news: News = serde_json::from_slice(&claim.payload)
        .map_err(|error| Failure::park(format!("the run's payload cannot be read: {error}")))?;
    let Some(reader) = engine.readers.get(news.collection.as_str()) else {
        return Ok(Conclusion::Idle(SKIPPED));
    };
    let Some(current) = held.guard(reader.read(claim.run.as_str())).await?? else {
        return Ok(Conclusion::Ended("gone"));
    };
    if current.head.status != RequestStatus::Pending {
        return Ok(settled_elsewhere(&current.head.status));
    }
    let Some(prepare) = engine.routes.find(&news.collection, &current.head.kind) else {
        debug!(run = %claim.run, kind = current.head.kind, "no handler for this type");
        return Ok(Conclusion::Idle(SKIPPED));
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
    let run = &held.claim().run;
    let finish = match result {
        Ok(conclusion) => {
            info!(%run, attempt = held.claim().attempt, ?conclusion, "run");
            finish_of(engine, &conclusion)
        }
        Err(Failure::Journal(error)) => {
            warn!(%run, code = error.code(), error = chain(&error), "run given up in this life");
            return;
        }
        Err(failure) => engine.finish_failed(held, failure),
    };
    if let Err(error) = write_finish(held, &finish).await {
        warn!(%run, code = error.code(), error = chain(&error), "the end of the run was not recorded");
    }
}

fn finish_of<S>(engine: &Engine<S>, conclusion: &Conclusion) -> Finish {
    match conclusion {
        Conclusion::Ended(how) => {
            engine.tally.count(how);
            Finish::Done { outcome: Bytes::from_static(how.as_bytes()) }
        }
        Conclusion::Idle(how) => {
            engine.tally.count(how);
            Finish::Idle { outcome: Bytes::from_static(how.as_bytes()) }
        }
        Conclusion::Wait(after) => Finish::Wait {
            due: later(engine.clock.now(), *after),
            why: "rescheduled by its handler".to_owned(),
            hold_lane: true,
        },
    }
}

impl<S> Engine<S> {
    /// When, and whether, a failed run is tried again.
    fn finish_failed(&self, held: &Held, failure: Failure) -> Finish {
        let run = &held.claim().run;
        match failure {
            Failure::Park { why } => {
                warn!(%run, why, "parked for a person");
                Finish::Park { why, hold_lane: true }
            }
            Failure::Retry { source, after } => {
                let why = chain(source.as_ref());
                let said = after.or_else(|| asked_to_wait(source.as_ref()));
                let after = said.unwrap_or_else(|| self.backoff(held.claim().failures + 1));
                warn!(%run, why, ?after, "tried again later");
                Finish::Retry { due: later(self.clock.now(), after), why, hold_lane: true }
            }
            // Both are handled before: they are no failure of the run.
            Failure::GiveUp { reason } => Finish::Park { why: reason, hold_lane: true },
            Failure::Journal(error) => Finish::Park { why: chain(&error), hold_lane: true },
        }
    }
}

/// How long the platform asked to wait, when it is the platform that failed.
fn asked_to_wait(error: &(dyn std::error::Error + 'static)) -> Option<Duration> {
    match error.downcast_ref::<ClientError>()? {
        ClientError::Limited { retry_after, .. } | ClientError::NoAnswer { retry_after, .. } => {
            *retry_after
        }
        _ => None,
    }
}

/// Writes the end, again while the journal cannot be reached, for as long as the lease holds.
async fn write_finish(held: &Held, finish: &Finish) -> Result<(), JournalError> {
    let mut wait = Duration::from_millis(50);
    loop {
        let write = held.journal().finish(held.claim(), finish.clone());
        match held.guard(write).await {
            Ok(Err(JournalError::Unavailable { .. })) => {}
            Ok(done) => return done,
            Err(_) => return Err(JournalError::Fenced),
        }
        if held.guard(tokio::time::sleep(wait)).await.is_err() {
            return Err(JournalError::Fenced);
        }
        wait = (wait * 2).min(Duration::from_secs(2));
    }
}

fn later(now: Timestamp, after: Duration) -> Timestamp {
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}
