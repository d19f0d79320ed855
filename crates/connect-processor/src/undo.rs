//! Undoes what was done for a request before it is rejected.
//!
//! The decision is written down first, with what is to be undone, so no later attempt decides
//! otherwise about a request that is half undone. In later attempts the handler is called for what it
//! says of undoing; its steps give what is recorded, and none is begun.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_journal::{StepName, StepRecord, StepResult, StepState};
use connect_model::Request;
use futures::FutureExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tracing::info;

use crate::attempt::Attempt;
use crate::consent::has_consent;
use crate::context::Context;
use crate::decide;
use crate::failure::Failure;
use crate::layer::Deciding;
use crate::lease::Lease;
use crate::limits::within_limits;
use crate::outcome::Outcome;
use crate::standing::{is_undone, undo_step};
use crate::step::{Step, StepKey};
use crate::step_value;
use crate::undos::Undo;

/// The step that says: this request is rejected. No handler can take a step of this name.
pub(crate) const REJECT: &str = "@reject";

/// The decision to reject a request for which something is to be undone.
#[derive(Serialize, Deserialize)]
struct Rejection {
    reason: String,
    /// The steps, in the order in which they are undone.
    undo: Vec<String>,
}

impl<R: Request, S: Send + Sync + 'static> Context<R, S> {
    /// Says how a step is undone when the request is rejected: when the handler's outcome is
    /// [`Fail`](Outcome::Fail), or it [gives up](Failure::GiveUp). Say it before the step is taken.
    ///
    /// `undo` gets the processor's state, a key of its own and the step's value. Before the platform is
    /// told, the steps that have happened are undone, the last one first. Undoing is a step, too, with
    /// the name `@undo.` and the step's: it is recorded, tried again when it fails, and called with the
    /// same key after a crash. So to undo what is undone already must be a success. When it gives up, or
    /// nobody knows whether the step has happened, the run is parked and names what stands; whoever
    /// revives it has seen to that step.
    ///
    /// Once undoing has begun, the request is rejected for the reason that was given then, whatever
    /// later attempts would say: the handler is only called to say again how its steps are undone, and
    /// begins none.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Context, Failure, Outcome, StepKey};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn create(&self, _: StepKey) -> std::io::Result<String> { Ok(String::new()) }
    /// #     async fn delete(&self, _: &str, _: StepKey) -> std::io::Result<()> { Ok(()) }
    /// #     async fn set_limit(&self, _: &str, _: StepKey) -> Result<(), Failure> { Ok(()) }
    /// # }
    /// async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     let acme = cx.state();
    ///     cx.undo("create_tenant", |acme: Arc<Acme>, key, tenant: String| async move {
    ///         acme.delete(&tenant, key).await
    ///     });
    ///     let tenant: String = cx.step("create_tenant").run(|key| acme.create(key)).await?;
    ///     // A limit that Acme refuses rejects the request, and the tenant is deleted before.
    ///     cx.step("set_limit").run(|key| acme.set_limit(&tenant, key)).await?;
    ///     Ok(Outcome::approve())
    /// }
    /// ```
    pub fn undo<T, E, F, Fut>(&self, step: impl AsRef<str>, undo: F)
    where
        T: DeserializeOwned,
        F: FnOnce(Arc<S>, StepKey, T) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Failure>,
    {
        let step = self.step(step).name().clone();
        let (state, name) = (Arc::clone(&self.state), step.clone());
        let undo: Undo = Box::new(move |key, value| {
            let value = step_value::read_any(&name, value)?;
            let undoing = undo(state, key, value);
            Ok(undoing.map(|undone| undone.map_err(Into::into)).boxed())
        });
        self.attempt.undos.add(step, undo);
    }
}

/// Has the handler decide; where that is to reject, what was done is undone first.
pub(crate) async fn decide(
    attempt: &Attempt,
    limits: (&dyn Clock, Duration),
    handler: Box<dyn FnOnce() -> Deciding + Send>,
) -> Result<Outcome, Failure> {
    let lease = &*attempt.lease;
    let rejection = match earlier(lease)? {
        Some(rejection) if !is_open(lease, &rejection) => {
            return Ok(Outcome::Fail { reason: rejection.reason });
        }
        Some(rejection) => {
            lease.reject(&rejection.reason);
            let called = decide::decide(limits, handler).await;
            if is_unsaid(attempt, &rejection) {
                // It did not come so far as to say it.
                called?;
            }
            rejection
        }
        None => match decide::decide(limits, handler).await? {
            Outcome::Fail { reason } => {
                let undo = to_undo(attempt);
                if undo.is_empty() {
                    return Ok(Outcome::Fail { reason });
                }
                let rejection = Rejection { reason, undo };
                Step::new(lease, REJECT).record_value(&rejection).await?;
                rejection
            }
            outcome => return Ok(outcome),
        },
    };
    for step in &rejection.undo {
        undo(attempt, limits, &rejection, &StepName::from(step.as_str())).await?;
    }
    Ok(Outcome::Fail { reason: rejection.reason })
}

/// Reads the decision of an earlier attempt.
fn earlier(lease: &Lease) -> Result<Option<Rejection>, Failure> {
    let reject = StepName::from(REJECT);
    match lease.claim.result(&reject) {
        Some(StepResult::Done(value)) => step_value::read_any(&reject, &value).map(Some),
        Some(StepResult::GaveUp(_)) | None => Ok(None),
    }
}

/// Returns the steps that have happened, or may have, and can be undone, the last one first.
fn to_undo(attempt: &Attempt) -> Vec<String> {
    let happened = |record: &StepRecord| !matches!(record.state, StepState::GaveUp(_));
    let steps = attempt.lease.steps().into_iter().rev().filter(happened);
    let undone = steps.filter(|record| attempt.undos.has(&record.step));
    undone.map(|record| record.step.to_string()).collect()
}

/// Whether an earlier attempt has left something to undo.
fn is_open(lease: &Lease, rejection: &Rejection) -> bool {
    open(lease, rejection).next().is_some()
}

/// Whether something is to be undone while nobody has said how.
fn is_unsaid(attempt: &Attempt, rejection: &Rejection) -> bool {
    open(&attempt.lease, rejection).any(|step| !attempt.undos.has(&step))
}

/// The steps that no earlier attempt has undone.
fn open(lease: &Lease, rejection: &Rejection) -> impl Iterator<Item = StepName> {
    let steps = rejection.undo.iter().map(|step| StepName::from(step.as_str()));
    steps.filter(|step| !is_undone(&lease.claim, step))
}

/// Undoes one step, unless that is done, or a person has seen to it.
async fn undo(
    attempt: &Attempt,
    (clock, limit): (&dyn Clock, Duration),
    rejection: &Rejection,
    step: &StepName,
) -> Result<(), Failure> {
    let lease = &*attempt.lease;
    let (name, record) = (undo_step(step), lease.steps().into_iter().find(|it| it.step == *step));
    let value = match (lease.claim.result(&name), record.and_then(|record| record.result())) {
        (Some(StepResult::Done(_)), _) => return Ok(()),
        (Some(StepResult::GaveUp(why)), _) => Err(why),
        (None, Some(StepResult::Done(value))) => Ok(value),
        (None, _) => Err("nobody knows whether it has happened".to_owned()),
    };
    let said = || attempt.undos.take(step).ok_or("its handler does not say how".to_owned());
    let (value, undo) = match value.and_then(|value| Ok((value, said()?))) {
        Ok(undo) => undo,
        Err(_) if has_consent(lease, &name).await? => return Ok(()),
        Err(why) => return Err(stands(lease, rejection, step, &why)),
    };
    let undoing = Step::new(lease, name.as_str());
    undoing.intend_if_needed().await?;
    let call = async |key| undo(key, &value)?.await;
    let acting = || undoing.act(call);
    match within_limits(clock, limit, "what undoes a step", acting).await {
        Ok(()) => {
            info!(run = %lease.claim.run, %step, "the step is undone");
            Ok(())
        }
        Err(Failure::GiveUp { reason }) => Err(stands(lease, rejection, step, &reason)),
        Err(failure) => Err(failure),
    }
}

/// Asks a person to see to a step that cannot be undone.
fn stands(lease: &Lease, rejection: &Rejection, step: &StepName, why: &str) -> Failure {
    let is_undone = |step: &&String| {
        let undo = undo_step(&StepName::from(step.as_str()));
        let is_it =
            |record: &StepRecord| record.step == undo && matches!(record.state, StepState::Done(_));
        lease.steps().iter().any(is_it)
    };
    let why = why.trim_end_matches('.');
    let standing: Vec<&str> =
        rejection.undo.iter().filter(|step| !is_undone(step)).map(String::as_str).collect();
    let why = format!(
        "the request is to be rejected ({}), and step `{step}` cannot be undone: {why}. At the vendor \
         stands: {}. See to `{step}`, then revive the run: the others are undone and the request is \
         rejected",
        rejection.reason,
        standing.join(", ")
    );
    Failure::Park { why, step: Some(undo_step(step)) }
}
