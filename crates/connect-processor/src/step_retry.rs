//! Steps that are tried again within an attempt.

use std::collections::hash_map::DefaultHasher;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::info;

use crate::backoff::Backoff;
use crate::failure::{Failure, chain};
use crate::log_fields::millis;
use crate::step::{ProbedStep, Step, StepKey};

/// How often a step is tried in one attempt at its request, and the waits between.
///
/// ```
/// use std::time::Duration;
/// use connect_processor::{Backoff, StepRetry};
///
/// let second = Duration::from_secs(1);
/// let patient = StepRetry::attempts(5).backoff(Backoff { base: second, cap: second * 8 });
/// # let _ = patient;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRetry {
    attempts: u32,
    backoff: Backoff,
}

impl StepRetry {
    /// Tries so often in all, at least once, with waits from 0.2 s to 5 s.
    #[must_use]
    pub fn attempts(attempts: u32) -> Self {
        let backoff = Backoff { base: Duration::from_millis(200), cap: Duration::from_secs(5) };
        Self { attempts, backoff }
    }

    /// The same, with other waits. A vendor that asks for a longer wait than the cap is not called
    /// again in this attempt.
    #[must_use]
    pub fn backoff(self, backoff: Backoff) -> Self {
        Self { backoff, ..self }
    }

    /// Waits before the next try; returns the failure where there is none.
    async fn wait(&self, step: &Step<'_>, tries: u32, failure: Failure) -> Result<(), Failure> {
        let Failure::Retry { source, after } = failure else { return Err(failure) };
        let asked = after.unwrap_or_default();
        if tries >= self.attempts || asked > self.backoff.cap {
            return Err(Failure::Retry { source, after });
        }
        let wait = self.backoff.delay(tries, chance(&step.key(), tries)).max(asked);
        let (name, error) = (step.name(), chain(source.as_ref()));
        info!(run = %step.lease.claim.run, step = %name, tries, wait_ms = millis(wait), error, "the step is tried again");
        step.lease.guard(step.lease.clock().sleep(wait)).await
    }
}

/// A number from 0 to 1, another one for each step and try, and the same in each life.
fn chance(key: &StepKey, tries: u32) -> f64 {
    let mut hasher = DefaultHasher::new();
    (key, tries).hash(&mut hasher);
    let [high, ..] = hasher.finish().to_be_bytes();
    f64::from(high) / f64::from(u8::MAX)
}

/// A step that is tried again within the attempt.
#[must_use = "a step does nothing until it is run"]
pub struct RetriedStep<P> {
    step: P,
    retry: StepRetry,
}

impl Step<'_> {
    /// Tries again within the attempt when the vendor gives no definite answer, with the same key.
    /// A step that is never repeated has no such word.
    ///
    /// ```
    /// use std::time::Duration;
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Context, Failure, Outcome, StepKey, StepRetry};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn enable(&self, _: &str, _: StepKey) -> std::io::Result<()> { Ok(()) }
    /// # }
    /// async fn resume(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     let tenant = cx.parameter("subscription_id")?;
    ///     let enable = cx.step("enable_tenant").time_limit(Duration::from_secs(10));
    ///     enable.retry(StepRetry::attempts(3)).run(|key| cx.state().enable(tenant, key)).await?;
    ///     Ok(Outcome::approve())
    /// }
    /// ```
    pub fn retry(self, retry: StepRetry) -> RetriedStep<Self> {
        RetriedStep { step: self, retry }
    }
}

impl<L> ProbedStep<'_, L> {
    /// Tries again within the attempt when the vendor gives no definite answer: it is asked before
    /// each repetition.
    pub fn retry(self, retry: StepRetry) -> RetriedStep<Self> {
        RetriedStep { step: self, retry }
    }
}

impl RetriedStep<Step<'_>> {
    /// Runs `work`, unless the journal already has its result, and again while it fails without a
    /// definite answer.
    ///
    /// # Errors
    ///
    /// As [`Step::run`]; of several tries, what the last one failed with.
    pub async fn run<T, E, F, Fut>(self, mut work: F) -> Result<T, Failure>
    where
        F: FnMut(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize + DeserializeOwned,
    {
        let Self { step, retry } = self;
        if let Some(recorded) = step.begin()? {
            return Ok(recorded);
        }
        step.intend_if_needed().await?;
        let mut tries = 0;
        loop {
            let failure = match step.act(&mut work).await {
                Err(failure) => failure,
                done => return done,
            };
            tries += 1;
            retry.wait(&step, tries, failure).await?;
        }
    }
}

impl<L> RetriedStep<ProbedStep<'_, L>> {
    /// Runs `work`, unless the journal has its result or the vendor knows of it, and looks and runs
    /// it again while that fails without a definite answer.
    ///
    /// # Errors
    ///
    /// As [`ProbedStep::run`]; of several tries, what the last one failed with.
    pub async fn run<T, E, F, Fut, LE, LFut>(self, mut work: F) -> Result<T, Failure>
    where
        L: FnMut(StepKey) -> LFut,
        LFut: Future<Output = Result<Option<T>, LE>>,
        LE: Into<Failure>,
        F: FnMut(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize + DeserializeOwned,
    {
        let Self { step: ProbedStep { step, mut look }, retry } = self;
        if let Some(recorded) = step.begin()? {
            return Ok(recorded);
        }
        let mut may_have_happened = step.is_in_doubt();
        step.intend_unless_intended().await?;
        let mut tries = 0;
        loop {
            let trying = step.look_or_act(may_have_happened, &mut look, &mut work);
            let failure = match trying.await {
                Err(failure) => failure,
                done => return done,
            };
            (tries, may_have_happened) = (tries + 1, true);
            retry.wait(&step, tries, failure).await?;
        }
    }
}
