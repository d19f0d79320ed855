//! Steps: side effects that happen once.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use connect_journal::{StepName, StepRecord, StepResult, StepState};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::debug;

use crate::consent::has_consent;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::observe;

/// The key of a step, the same in every attempt and every life: `PR-…-003:enable_tenant`.
/// Send it to the vendor as the idempotency key of the call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepKey(Arc<str>);

impl StepKey {
    /// Makes the key of a run's step, to test a vendor's client without a journal.
    #[must_use]
    pub fn new(run: &str, step: &str) -> Self {
        Self(format!("{run}:{step}").into())
    }

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
///
/// **Rule.** A name stands for one effect, so it can be taken once in an attempt; a second step of
/// that name parks the run.
///
/// ```
/// use connect_model::AssetRequest;
/// use connect_processor::{Context, Failure, Outcome, StepKey};
///
/// # struct Acme;
/// # impl Acme {
/// #     async fn create(&self, _: StepKey) -> std::io::Result<String> { Ok(String::new()) }
/// #     async fn find(&self, _: StepKey) -> std::io::Result<Option<String>> { Ok(None) }
/// #     async fn send_invoice(&self, _: &str) -> std::io::Result<()> { Ok(()) }
/// # }
/// async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
///     let acme = cx.state();
///     // Acme can be asked whether the tenant of this key is there.
///     let create = cx.step("create_tenant").recover(|key| acme.find(key));
///     let tenant: String = create.run(|key| acme.create(key)).await?;
///     // Nobody can tell whether an invoice was sent, and nobody wants two.
///     cx.step("send_invoice").once().run(|_| acme.send_invoice(&tenant)).await?;
///     Ok(Outcome::approve())
/// }
/// ```
#[must_use = "a step does nothing until it is run"]
pub struct Step<'a> {
    lease: &'a Lease,
    name: StepName,
}

/// A step whose effect can be looked up.
#[must_use = "a step does nothing until it is run"]
pub struct ProbedStep<'a, L> {
    step: Step<'a>,
    look: L,
}

/// A step that is never repeated.
#[must_use = "a step does nothing until it is run"]
pub struct OnceStep<'a> {
    step: Step<'a>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(lease: &'a Lease, name: &str) -> Self {
        Self { lease, name: name.into() }
    }

    /// Makes sure never to act twice: a run whose life ended while acting is parked for a person.
    /// So is one whose work failed without a definite answer; only [`Failure::GiveUp`] is definite.
    /// It acts again when a person who was asked about this very step revives the run, once for
    /// each time.
    pub fn once(self) -> OnceStep<'a> {
        OnceStep { step: self }
    }

    /// Asks the vendor first when an earlier life ended while acting. `look` returns the value
    /// the step would have had, if it happened.
    pub fn recover<L>(self, look: L) -> ProbedStep<'a, L> {
        ProbedStep { step: self, look }
    }

    /// Runs `work`, unless the journal already has its result.
    ///
    /// # Errors
    ///
    /// What `work` failed with; [`Failure::Journal`] when the lease was lost or the journal
    /// failed.
    pub async fn run<T, E, F, Fut>(self, work: F) -> Result<T, Failure>
    where
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize + DeserializeOwned,
    {
        match self.begin()? {
            Some(recorded) => Ok(recorded),
            None => {
                if self.lease.intends_steps() {
                    self.intend().await?;
                }
                self.act(work).await
            }
        }
    }

    fn begin<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        check_name(&self.name)?;
        self.recorded()
    }

    /// Takes the name, and finds what an earlier attempt recorded under it.
    pub(crate) fn recorded<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        if !self.lease.take(&self.name) {
            return Err(Failure::park(format!(
                "step `{}` is taken twice in one attempt; give each effect its own name",
                self.name
            )));
        }
        match self.earlier().and_then(StepRecord::result) {
            Some(StepResult::Done(value)) => replay(&self.name, &value).map(Some),
            Some(StepResult::GaveUp(reason)) => Err(Failure::GiveUp { reason }),
            None => Ok(None),
        }
    }

    /// Returns what an earlier attempt recorded, without taking the step.
    pub(crate) async fn earlier_value<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        check_name(&self.name)?;
        match self.earlier().and_then(StepRecord::result) {
            Some(StepResult::Done(value)) => replay(&self.name, &value).map(Some),
            None if self.is_in_doubt() && !has_consent(self.lease, &self.name).await? => {
                let why = format!(
                    "step `{}` may have happened in an earlier attempt; check with the vendor that \
                     nothing of it stands, then revive the run to go on",
                    self.name
                );
                Err(Failure::Park { why, step: Some(self.name.clone()) })
            }
            Some(StepResult::GaveUp(_)) | None => Ok(None),
        }
    }

    pub(crate) async fn intend(&self) -> Result<(), Failure> {
        let Lease { journal, claim, .. } = self.lease;
        self.lease.write(|| journal.intend(claim, &self.name)).await
    }

    /// Calls the vendor and records what it said.
    async fn act<T, E, F, Fut>(&self, work: F) -> Result<T, Failure>
    where
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize,
    {
        match observe::step(&self.name, self.call(work)).await {
            Ok(value) => {
                self.record_value(&value).await?;
                Ok(value)
            }
            Err(Failure::GiveUp { reason }) => {
                self.record(StepResult::GaveUp(reason.clone())).await?;
                Err(Failure::GiveUp { reason })
            }
            Err(failure) => Err(failure),
        }
    }

    async fn call<T, E: Into<Failure>, Fut: Future<Output = Result<T, E>>>(
        &self,
        work: impl FnOnce(StepKey) -> Fut,
    ) -> Result<T, Failure> {
        self.lease.guard(work(self.key())).await?.map_err(Into::into)
    }

    pub(crate) async fn record_value<T: Serialize>(&self, value: &T) -> Result<(), Failure> {
        self.record(StepResult::Done(encode(&self.name, value)?)).await
    }

    pub(crate) async fn record(&self, result: StepResult) -> Result<(), Failure> {
        let Lease { journal, claim, .. } = self.lease;
        self.lease.write(|| journal.record(claim, &self.name, result.clone(), None)).await?;
        debug!(step = %self.name, "recorded");
        Ok(())
    }

    fn key(&self) -> StepKey {
        StepKey::new(self.lease.claim.run.as_str(), self.name.as_str())
    }

    /// Returns what earlier attempts wrote down about this step.
    fn earlier(&self) -> Option<&StepRecord> {
        self.lease.claim.steps.iter().find(|record| record.step == self.name)
    }

    /// Returns whether an earlier attempt may have acted.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.earlier().is_some_and(|record| matches!(record.state, StepState::Intended))
    }
}

impl<L> ProbedStep<'_, L> {
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
        if let Some(recorded) = step.begin()? {
            return Ok(recorded);
        }
        if !step.is_in_doubt() {
            step.intend().await?;
        } else if let Some(value) = step.lease.guard(look(step.key())).await?.map_err(Into::into)? {
            step.record_value(&value).await?;
            return Ok(value);
        }
        step.act(work).await
    }
}

impl OnceStep<'_> {
    /// Runs `work`, unless the journal already has its result or it may have happened.
    ///
    /// # Errors
    ///
    /// What `work` failed with; [`Failure::Park`] when the step may have happened, now or in an
    /// earlier attempt; [`Failure::Journal`] when the lease was lost or the journal failed.
    pub async fn run<T, E, F, Fut>(self, work: F) -> Result<T, Failure>
    where
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize + DeserializeOwned,
    {
        let Self { step } = self;
        if let Some(recorded) = step.begin()? {
            return Ok(recorded);
        }
        if step.is_in_doubt() && !has_consent(step.lease, &step.name).await? {
            return Err(in_doubt(&step, "may have happened in an earlier attempt"));
        }
        step.intend().await?;
        match step.act(work).await {
            Err(Failure::Retry { source, .. }) => {
                Err(in_doubt(&step, &format!("ended without a definite answer ({source})")))
            }
            result => result,
        }
    }
}

/// Asks a person whether the step may act again.
fn in_doubt(step: &Step<'_>, how: &str) -> Failure {
    let why = format!(
        "step `{}` must not be repeated and {how}; check with the vendor, then revive the run to \
         let it act again",
        step.name
    );
    Failure::Park { why, step: Some(step.name.clone()) }
}

pub(crate) fn check_name(name: &StepName) -> Result<(), Failure> {
    let text = name.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(());
    }
    Err(Failure::park(format!(
        "`{text}` is no name for a step: use 1 to 64 letters, digits, `_`, `-` or `.`"
    )))
}

/// A value that cannot be written parks the run: the effect has happened, and trying again would
/// only repeat it.
fn encode<T: Serialize>(name: &StepName, value: &T) -> Result<Bytes, Failure> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
        Failure::park(format!("step `{name}` happened, but its value cannot be written: {error}"))
    })
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
