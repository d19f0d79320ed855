//! Steps: side effects that happen once.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connect_journal::{Fact, JournalError, StepName, StepRecord, StepResult, StepState};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::{debug, warn};

use crate::Failure;
use crate::failure::chain;
use crate::lease::Held;

/// The key of a step, the same in every attempt and every life: `PR-…-003:enable_tenant`.
/// Send it to the vendor as the idempotency key of the call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepKey(Arc<str>);

impl StepKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One named side effect on the vendor's system.
///
/// How it may be repeated is the vendor's to say, in one of three words:
///
/// | class | word | the vendor… | after a crash while acting |
/// |---|---|---|---|
/// | keyed | [`run`](Self::run) | treats a repeated [`StepKey`] as the same call | it is called again with the same key |
/// | probed | [`recover`](Self::recover) | can be asked whether it happened | it is asked, then called if it did not |
/// | once | [`once`](Self::once) | offers neither | nothing is called; the run is parked for a person |
///
/// **Promise.** Once `run` has returned a value, that value is in the journal, and no later
/// attempt, life or replica calls the vendor for this step again: it gets the recorded value. A
/// [`Failure::GiveUp`] is recorded in the same way. Any other failure is not recorded.
///
/// **Assumption.** Between the vendor's answer and the journal's write there is always a gap. The
/// class says what happens when a life ends in it.
#[must_use = "a step does nothing until it is run"]
pub struct Step<'a> {
    held: &'a Held,
    name: StepName,
    once: bool,
}

/// A step whose effect can be looked up.
#[must_use = "a step does nothing until it is run"]
pub struct Probed<'a, L> {
    step: Step<'a>,
    look: L,
}

impl<'a> Step<'a> {
    pub(crate) fn new(held: &'a Held, name: &str) -> Self {
        Self { held, name: name.into(), once: false }
    }

    /// Never act twice: a run whose life ended while acting is parked for a person. So is one
    /// whose work failed without a definite answer; only [`Failure::GiveUp`] is definite.
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// When an earlier life ended while acting, ask the vendor first. `look` returns the value
    /// the step would have had, if it happened.
    pub fn recover<L>(self, look: L) -> Probed<'a, L> {
        Probed { step: self, look }
    }

    /// Runs `work`, unless the journal already has its result.
    ///
    /// # Errors
    ///
    /// What `work` failed with; [`Failure::Park`] for a step that must not be repeated and may
    /// have happened; [`Failure::Journal`] when the lease was lost or the journal failed.
    pub async fn run<T, E, F, Fut>(self, work: F) -> Result<T, Failure>
    where
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize + DeserializeOwned,
    {
        if let Some(result) = self.recorded() {
            return replay(&self.name, &result?);
        }
        if self.once {
            self.intend_once().await?;
        }
        match self.act(work).await {
            Err(Failure::Retry { source, .. }) if self.once => Err(Failure::park(format!(
                "step `{}` must not be repeated and ended without a definite answer: {source}",
                self.name
            ))),
            result => result,
        }
    }

    /// Marks the intent of a `once` step, or parks when an earlier intent has no result.
    async fn intend_once(&self) -> Result<(), Failure> {
        if self.is_intended() && !self.was_forced().await? {
            return Err(Failure::park(format!(
                "step `{}` must not be repeated and may have happened in an earlier attempt; \
                 check with the vendor, then revive the run to let it act again",
                self.name
            )));
        }
        self.intend().await
    }

    /// Whether a person revived the run after the step was last intended.
    async fn was_forced(&self) -> Result<bool, Failure> {
        let run = &self.held.claim().run;
        let events =
            self.held.journal().history(run, 0..u64::MAX).await.map_err(Failure::Journal)?;
        let last = events.iter().rev().find(|event| match &event.fact {
            Fact::Revived { .. } => true,
            Fact::Intended { step, .. } => *step == self.name,
            _ => false,
        });
        Ok(last.is_some_and(|event| matches!(event.fact, Fact::Revived { .. })))
    }

    async fn intend(&self) -> Result<(), Failure> {
        let claim = self.held.claim();
        self.held
            .guard(self.held.journal().intend(claim, &self.name))
            .await?
            .map_err(Failure::Journal)
    }

    /// Calls the vendor and records what it said.
    async fn act<T, E, F, Fut>(&self, work: F) -> Result<T, Failure>
    where
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize,
    {
        check_name(&self.name)?;
        match self.held.guard(work(self.key())).await?.map_err(Into::into) {
            Ok(value) => {
                self.record(StepResult::Done(encode(&value)?)).await?;
                Ok(value)
            }
            Err(Failure::GiveUp { reason }) => {
                self.record(StepResult::GaveUp(reason.clone())).await?;
                Err(Failure::GiveUp { reason })
            }
            Err(failure) => Err(failure),
        }
    }

    /// Writes the result. While the journal cannot be reached the write is repeated, never the
    /// work, until the lease ends.
    async fn record(&self, result: StepResult) -> Result<(), Failure> {
        let mut wait = Duration::from_millis(50);
        loop {
            let write =
                self.held.journal().record(self.held.claim(), &self.name, result.clone(), None);
            match self.held.guard(write).await? {
                Ok(_) => {
                    debug!(step = %self.name, "recorded");
                    return Ok(());
                }
                Err(error @ JournalError::Unavailable { .. }) => {
                    warn!(code = error.code(), error = chain(&error), step = %self.name, "result not recorded yet");
                    self.held.guard(tokio::time::sleep(wait)).await?;
                    wait = (wait * 2).min(Duration::from_secs(2));
                }
                Err(error) => return Err(Failure::Journal(error)),
            }
        }
    }

    fn key(&self) -> StepKey {
        StepKey(format!("{}:{}", self.held.claim().run, self.name).into())
    }

    fn record_of(&self) -> Option<&StepRecord> {
        self.held.claim().steps.iter().find(|record| record.step == self.name)
    }

    fn is_intended(&self) -> bool {
        self.record_of().is_some_and(|record| matches!(record.state, StepState::Intended))
    }

    /// What an earlier attempt recorded: the value's bytes, or the reason it gave up with.
    fn recorded(&self) -> Option<Result<Bytes, Failure>> {
        match self.record_of()?.result()? {
            StepResult::Done(bytes) => Some(Ok(bytes)),
            StepResult::GaveUp(reason) => Some(Err(Failure::GiveUp { reason })),
        }
    }
}

impl<L> Probed<'_, L> {
    /// Runs `work`, unless the journal has its result or the vendor knows of it.
    ///
    /// # Errors
    ///
    /// What `look` or `work` failed with; [`Failure::Journal`] when the lease was lost or the
    /// journal failed.
    pub async fn run<T, E, F, Fut, LE, LFut>(self, work: F) -> Result<T, Failure>
    where
        L: FnOnce(StepKey) -> LFut,
        LFut: Future<Output = Result<Option<T>, LE>>,
        LE: Into<Failure>,
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize + DeserializeOwned,
    {
        let Self { step, look } = self;
        if let Some(result) = step.recorded() {
            return replay(&step.name, &result?);
        }
        if step.is_intended() {
            let found = step.held.guard(look(step.key())).await?.map_err(Into::into)?;
            if let Some(value) = found {
                step.record(StepResult::Done(encode(&value)?)).await?;
                return Ok(value);
            }
        } else {
            step.intend().await?;
        }
        step.act(work).await
    }
}

fn check_name(name: &StepName) -> Result<(), Failure> {
    let text = name.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(());
    }
    Err(Failure::park(format!(
        "`{text}` is no name for a step: use 1 to 64 letters, digits, `_`, `-` or `.`"
    )))
}

fn encode<T: Serialize>(value: &T) -> Result<Bytes, Failure> {
    Ok(serde_json::to_vec(value)?.into())
}

/// The recorded value. A value that no longer has the shape the handler expects parks the run:
/// the effect happened, so it must not be repeated to get another value.
fn replay<T: DeserializeOwned>(name: &StepName, bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        Failure::park(format!(
            "the recorded value of step `{name}` does not have the shape this version expects: {error}"
        ))
    })
}
