//! Steps: side effects that happen once.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use connect_journal::{StepName, StepRecord, StepResult, StepState};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::debug;

use crate::consent::has_consent;
use crate::doubt::lost;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::observe;
use crate::standing::is_undone;
use crate::step_value::{self, ValueVersion};

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
/// **After a restoration.** A [restored](connect_journal::SqliteJournal::restore) journal does not
/// know what was done after its backup. So of requests that were created before the restoration,
/// every step without a recorded result counts as one that a life may have ended in.
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
    pub(crate) lease: &'a Lease,
    /// The name that its handler gave it.
    given: StepName,
    /// The name that the journal has it by: another one where it was renamed under way.
    name: StepName,
    /// The longest that one call to the vendor may take.
    limit: Option<Duration>,
    version: ValueVersion<'a>,
}

/// A step whose effect can be looked up.
#[must_use = "a step does nothing until it is run"]
pub struct ProbedStep<'a, L> {
    pub(crate) step: Step<'a>,
    pub(crate) look: L,
}

impl<'a> Step<'a> {
    pub(crate) fn new(lease: &'a Lease, name: &str) -> Self {
        let given = StepName::from(name);
        let name = match lease.names() {
            Some(names) => names.in_run(&given, &lease.claim),
            None => given.clone(),
        };
        Self { lease, given, name, limit: None, version: ValueVersion::default() }
    }

    /// Limits how long each call to the vendor may take, `look` included; no longer than the
    /// handler's own [limit](crate::Processor::run_limit) in any case.
    ///
    /// A call that takes longer is dropped, and whether it happened nobody knows: the step is then
    /// as after a crash. A `once` step is left to a person, others are tried again.
    pub fn time_limit(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Says which version of its value the step records: 1 unless set. Raise it when the type of the
    /// value changes, and say with [`upgrade`](Self::upgrade) how those are read that runs under way
    /// have recorded before.
    pub fn version(mut self, version: u32) -> Self {
        self.version.number = version.max(1);
        self
    }

    /// Converts a value that was recorded in another version: `upgrade` gets that version and the
    /// value, and returns the value as this version would have recorded it. Without it, and where it
    /// fails, the run is parked: the effect has happened, and is not repeated for another value.
    ///
    /// ```
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Context, Failure, Outcome, StepKey};
    /// use serde::{Deserialize, Serialize};
    /// use serde_json::{Value, json};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn create(&self, _: StepKey) -> std::io::Result<Tenant> { Ok(Tenant { id: String::new() }) }
    /// # }
    /// #[derive(Serialize, Deserialize)]
    /// struct Tenant {
    ///     id: String,
    /// }
    ///
    /// async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     // Version 1 remembered nothing but the id.
    ///     let from_id = |_version, id: Value| Ok::<_, Failure>(json!({"id": id}));
    ///     let create = cx.step("create_tenant").version(2).upgrade(from_id);
    ///     let tenant: Tenant = create.run(|key| cx.state().create(key)).await?;
    ///     Ok(Outcome::fail(format!("{} is not wanted", tenant.id)))
    /// }
    /// ```
    pub fn upgrade<E: Into<Failure>>(
        mut self,
        upgrade: impl Fn(u32, Value) -> Result<Value, E> + Send + Sync + 'a,
    ) -> Self {
        self.version.upgrade =
            Some(Box::new(move |from, old| upgrade(from, old).map_err(Into::into)));
        self
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
                self.intend_if_needed().await?;
                self.act(work).await
            }
        }
    }

    pub(crate) fn begin<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        check_name(&self.given)?;
        if self.lease.names().is_some_and(|names| !names.has(&self.given)) {
            return Err(Failure::park(format!(
                "step `{}` is not declared, so nothing was done; add it to the names that \
                 `Processor::steps` is given",
                self.given
            )));
        }
        let recorded = self.recorded()?;
        match self.lease.rejects() {
            Some(reason) if recorded.is_none() => {
                Err(Failure::GiveUp { reason: reason.to_owned() })
            }
            _ => Ok(recorded),
        }
    }

    /// Writes down that it is about to be taken where that tells more than its end would.
    pub(crate) async fn intend_if_needed(&self) -> Result<(), Failure> {
        // Under which name an earlier version acted, only an intent tells.
        let is_new_name = self.lease.names().is_some_and(|names| names.is_new(&self.given));
        match is_new_name || self.lease.intends_steps() {
            true => self.intend().await,
            false => Ok(()),
        }
    }

    /// Takes the name, and finds what an earlier attempt recorded under it.
    pub(crate) fn recorded<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        if !self.lease.take(&self.name) {
            return Err(Failure::park(format!(
                "step `{}` is taken twice in one attempt; give each effect its own name",
                self.given
            )));
        }
        match self.earlier().and_then(StepRecord::result) {
            Some(StepResult::Done(value)) => self.version.read(&self.name, &value).map(Some),
            Some(StepResult::GaveUp(reason)) => Err(Failure::GiveUp { reason }),
            None => Ok(None),
        }
    }

    /// Returns what an earlier attempt recorded, without taking the step.
    pub(crate) async fn earlier_value<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        check_name(&self.given)?;
        match self.earlier().and_then(StepRecord::result) {
            _ if is_undone(&self.lease.claim, &self.name) => Ok(None),
            Some(StepResult::Done(value)) => step_value::read_any(&self.name, &value).map(Some),
            None if self.is_in_doubt() && !has_consent(self.lease, &self.name).await? => {
                let why = format!(
                    "step `{}` {}; check with the vendor that nothing of it stands, then revive the \
                     run to go on",
                    self.name,
                    self.doubt()
                );
                Err(Failure::Park { why, step: Some(self.name.clone()) })
            }
            Some(StepResult::GaveUp(_)) | None => Ok(None),
        }
    }

    pub(crate) async fn intend(&self) -> Result<(), Failure> {
        let Lease { journal, claim, .. } = self.lease;
        self.lease.write(|| journal.intend(claim, &self.name)).await?;
        self.lease.wrote(&self.name, StepState::Intended);
        Ok(())
    }

    /// Calls the vendor and records what it said.
    pub(crate) async fn act<T, E, F, Fut>(&self, work: F) -> Result<T, Failure>
    where
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize,
    {
        match observe::step(&self.name, self.call(work(self.key()))).await {
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

    /// Looks whether the step has happened, if it may have, and else calls the vendor.
    pub(crate) async fn look_or_act<T, L, LFut, LE, F, Fut, E>(
        &self,
        may_have_happened: bool,
        look: L,
        work: F,
    ) -> Result<T, Failure>
    where
        L: FnOnce(StepKey) -> LFut,
        LFut: Future<Output = Result<Option<T>, LE>>,
        LE: Into<Failure>,
        F: FnOnce(StepKey) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Into<Failure>,
        T: Serialize,
    {
        if may_have_happened && let Some(value) = self.call(look(self.key())).await? {
            self.record_value(&value).await?;
            return Ok(value);
        }
        self.act(work).await
    }

    /// Makes one call to the vendor, for as long as it may take. One that takes longer has no answer.
    async fn call<T, E: Into<Failure>>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Failure> {
        // A call may be large, and each layer around it would hold it twice.
        let call = Box::pin(self.lease.exchanges.of(&self.name, call));
        let Some(limit) = self.limit else {
            return self.lease.call_vendor(call).await?;
        };
        let limited = async {
            let answered = self.lease.clock().limit(limit, call).await;
            answered.map_or_else(|_| Err(self.late(limit)), |answered| answered.map_err(Into::into))
        };
        self.lease.call_vendor(limited).await?
    }

    fn late(&self, limit: Duration) -> Failure {
        let name = &self.given;
        Failure::retry(format!("step `{name}` took longer than {limit:?} and has no answer"))
    }

    pub(crate) async fn record_value<T: Serialize>(&self, value: &T) -> Result<(), Failure> {
        self.record(StepResult::Done(self.version.write(&self.name, value)?)).await
    }

    pub(crate) async fn record(&self, result: StepResult) -> Result<(), Failure> {
        let Lease { journal, claim, .. } = self.lease;
        let name = &self.name;
        match self.lease.exchanges.take(name) {
            Some(note) => {
                let noting = || journal.record_noting(claim, name, result.clone(), note.clone());
                self.lease.write(noting).await?
            }
            None => self.lease.write(|| journal.record(claim, name, result.clone(), None)).await?,
        };
        self.lease.wrote(&self.name, result.into());
        debug!(step = %self.name, "the step is recorded");
        Ok(())
    }

    pub(crate) fn name(&self) -> &StepName {
        &self.name
    }

    pub(crate) fn key(&self) -> StepKey {
        StepKey::new(self.lease.claim.run.as_str(), self.name.as_str())
    }

    /// Returns what earlier attempts wrote down about this step.
    fn earlier(&self) -> Option<&StepRecord> {
        self.lease.claim.steps.iter().find(|record| record.step == self.name)
    }

    /// Returns whether it may have happened without a result that is known.
    pub(crate) fn is_in_doubt(&self) -> bool {
        match self.earlier() {
            Some(record) => matches!(record.state, StepState::Intended),
            None => self.lease.doubt().is_some(),
        }
    }

    /// Writes down that the step is about to act, unless an earlier life did and did not get to
    /// the end. A step that only a restored journal puts in doubt was never written down.
    pub(crate) async fn intend_unless_intended(&self) -> Result<(), Failure> {
        match self.is_in_doubt() && self.earlier().is_some() {
            true => Ok(()),
            false => self.intend().await,
        }
    }

    /// Says of a step in doubt when it may have happened.
    pub(crate) fn doubt(&self) -> String {
        match (self.earlier(), self.lease.doubt()) {
            (None, Some(restoration)) => lost(restoration),
            _ => "may have happened in an earlier attempt".to_owned(),
        }
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
        let may_have_happened = step.is_in_doubt();
        step.intend_unless_intended().await?;
        step.look_or_act(may_have_happened, look, work).await
    }
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
