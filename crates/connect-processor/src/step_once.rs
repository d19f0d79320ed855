//! Steps that are never repeated.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::consent::has_consent;
use crate::failure::Failure;
use crate::step::{Step, StepKey};

/// A step that is never repeated.
#[must_use = "a step does nothing until it is run"]
pub struct OnceStep<'a> {
    step: Step<'a>,
    /// What it is about to do, in words for a person.
    about: Option<String>,
}

impl<'a> Step<'a> {
    /// Makes sure never to act twice: a run whose life ended while acting is parked for a person.
    /// So is one whose work failed without a definite answer; only [`Failure::GiveUp`] is definite.
    /// It acts again when a person who was asked about this very step revives the run, once for
    /// each time.
    pub fn once(self) -> OnceStep<'a> {
        OnceStep { step: self, about: None }
    }
}

impl OnceStep<'_> {
    /// Says what it is about to do, such as the call that it makes: whoever is asked later whether it has
    /// happened reads this.
    pub fn about(self, what: impl Into<String>) -> Self {
        Self { about: Some(what.into()), ..self }
    }

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
        let Self { step, about } = self;
        if let Some(recorded) = step.begin()? {
            return Ok(recorded);
        }
        if step.is_in_doubt() && !has_consent(step.lease, step.name()).await? {
            let about = about.map(|what| format!(" (`{what}`)")).unwrap_or_default();
            return Err(in_doubt(&step, &format!("{}{about}", step.doubt())));
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
        "step `{}` must not be repeated and {how}; look at what the vendor has: where it has not \
         happened, revive the run to let it act again; where it has, finish the request by hand",
        step.name()
    );
    Failure::Park { why, step: Some(step.name().clone()) }
}
