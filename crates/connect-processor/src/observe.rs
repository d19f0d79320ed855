//! What a run does, as others see it: on each line of the log that it writes, in the numbers, and in
//! the signs of life.
//!
//! The code that works says what happened; this file knows where it is told. A run at work is found
//! by its task, so a vendor's client tells its calls without being handed anything.

mod journal;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use connect_journal::{Claim, StepName};
use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

use crate::conclusion::Conclusion;
use crate::failure::Failure;
use crate::head::Head;
use crate::health::Health;

pub(crate) use journal::ObservedJournal;

/// The type of a run whose request was not read.
const UNREAD: &str = "unread";

tokio::task_local! {
    static RUN: ObservedRun;
}

/// A run that is seen while it is worked on.
pub(crate) struct ObservedRun {
    health: Health,
    clock: Arc<dyn Clock>,
    /// What each line of the log says that is written meanwhile.
    span: Span,
    kind: OnceLock<String>,
}

impl ObservedRun {
    pub(crate) fn new(health: &Health, clock: &Arc<dyn Clock>, claim: &Claim) -> Self {
        let span = info_span!(
            "run",
            request = %claim.run,
            attempt = claim.attempt,
            "type" = Empty,
            product = Empty,
            asset = Empty,
        );
        Self { health: health.clone(), clock: Arc::clone(clock), span, kind: OnceLock::new() }
    }

    /// Works on it.
    pub(crate) async fn during<T>(self, work: impl Future<Output = T>) -> T {
        let (span, _at_work) = (self.span.clone(), self.health.at_work());
        RUN.scope(self, work.instrument(span)).await
    }
}

/// Says which request the run at work is about, once it was read.
pub(crate) fn request(head: &Head) {
    let _ = RUN.try_with(|ObservedRun { kind, span, .. }| {
        let _ = kind.set(head.kind.clone());
        span.record("type", head.kind.as_str());
        span.record("asset", head.subject());
        if let Some(product) = head.product() {
            span.record("product", product.as_str());
        }
    });
}

/// Has a step be seen while it is taken.
pub(crate) async fn step<T>(
    name: &StepName,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let span = info_span!("step", step = %name);
    let began = RUN.try_with(|run| run.clock.monotonic()).ok();
    let taken = work.instrument(span).await;
    let outcome = match &taken {
        Ok(_) => "done",
        Err(Failure::GiveUp { .. }) => "gave_up",
        Err(_) => "failed",
    };
    let _ = RUN.try_with(|run| {
        run.health.progress();
        let took = run.clock.since(began.unwrap_or(Monotonic::MAX));
        run.health.metrics.steps.time(&[name.as_str(), outcome], took);
    });
    taken
}

/// Says what the run at work came to.
pub(crate) fn ended(result: &Result<Conclusion, Failure>) {
    let _ = RUN.try_with(|run| {
        let kind = run.kind.get().map_or(UNREAD, String::as_str);
        let metrics = &run.health.metrics;
        metrics.attempts.add(&[kind], 1);
        match result {
            Ok(Conclusion::Ended(ending) | Conclusion::Idle(ending)) => {
                metrics.run_ended(kind, ending);
            }
            Ok(Conclusion::Wait(_) | Conclusion::Shut(_)) => {}
            Err(failure) => metrics.run_failed(kind, failure),
        }
    });
}

/// Tells of a call to the vendor's system that the handler at work has made: the status of its
/// answer, and how long it took. Elsewhere, as in a task that a handler has spawned, nothing is told.
pub fn vendor_called(status: Option<u16>, took: Duration) {
    let _ = RUN.try_with(|run| run.health.metrics.vendor_called(status, took));
}
