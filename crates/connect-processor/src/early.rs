//! Outcomes that the platform is told before the handler has come to its end.

use connect_journal::{StepName, StepState};
use connect_model::{ParameterUpdate, Request, RequestStatus};

use crate::attempt::Attempt;
use crate::conclusion::Conclusion;
use crate::context::Context;
use crate::delivery::Delivery;
use crate::ending::Ending;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::outcome::Outcome;
use crate::proof::unwritten;
use crate::read_back::read_back;
use crate::step::Step;
use crate::telling::{Means, Told};

/// The beginning of the names of steps that say: the platform is told this, and the handler goes on. Each has
/// a result once the handler has come to its end.
pub(crate) const EARLY: &str = "@early.";

/// The beginning of the names of steps that say: the platform has been told this.
const TOLD: &str = "@told.";

/// The decisions after which a request comes back.
const COMES_BACK: [&str; 2] = ["inquire", "schedule"];

impl<R: Request, S> Context<R, S> {
    /// Tells the platform the outcome while the handler goes on, and returns the request as it is then. The
    /// handler's own outcome is [`Outcome::Decided`] afterwards.
    ///
    /// That it is told is written down first. A handler that does not come to its end after that is called
    /// again, although its request is no longer pending, and has to tell the same. Nothing is
    /// [undone](Self::undo) for a rejection that is told in this way.
    ///
    /// It is for code that cannot be written otherwise. What a handler returns is told as safely, and later:
    /// when all that it stands for has happened.
    ///
    /// # Errors
    ///
    /// What the platform refuses; nothing is decided then. When it is told a second time, or told
    /// something that is no decision, the run is parked.
    pub async fn decide(&self, outcome: Outcome) -> Result<R, Failure> {
        let Attempt { lease, telling, .. } = self.attempt.as_ref();
        let verb = verb(&outcome)
            .ok_or_else(|| Failure::park("a handler can tell early only a decision"))?;
        let means = match (telling.means.get(), telling.told.get()) {
            (Some(means), None) => means,
            (_, Some(_)) => return Err(decided_twice()),
            (None, None) => return Err(Failure::park("this request cannot be decided early")),
        };
        let step = step(lease, verb);
        let conclusion = match told(lease, self.request().status()) {
            // An earlier attempt has told it, and the request shows it.
            Some(earlier) if earlier == verb => comes_to(verb),
            Some(earlier) => {
                return Err(Failure::park(format!(
                    "an earlier attempt has decided to {earlier}, and this one decides to {verb}"
                )));
            }
            None => {
                Step::new(lease, step.as_str()).intend().await?;
                self.attempt.deliver(means, outcome).await?
            }
        };
        if COMES_BACK.contains(&verb) && !has(lease, &told_step(&step)) {
            Step::new(lease, told_step(&step).as_str()).record_value(&()).await?;
        }
        // Nobody else tells in this attempt.
        let _ = telling.told.set(Told { step, conclusion });
        read_back(&self.attempt.client, lease, &means.id).await
    }

    /// Returns which visit of the request this is: 1, and one more whenever it has come back after it was
    /// [decided](Self::decide) to inquire or to schedule it. What a handler did in an earlier visit it may do
    /// again in this one, under other names.
    ///
    /// # Errors
    ///
    /// [`Failure::Journal`] when the lease was lost or the journal failed.
    pub async fn visit(&self) -> Result<u32, Failure> {
        let lease = &self.attempt.lease;
        for verb in COMES_BACK {
            let step = step(lease, verb);
            let is_here = told(lease, self.request().status()) == Some(verb);
            if has(lease, &told_step(&step)) && !is_here {
                // It came back before its handler had come to its end: that visit is over.
                Step::new(lease, step.as_str()).record_value(&()).await?;
            }
        }
        let visits = COMES_BACK.map(|verb| finished(lease, verb));
        Ok(1 + visits.iter().sum::<u32>())
    }

    /// Writes parameters of the request while the handler goes on, and returns the request as it is then.
    /// What it shows already is not written again; what the answer does not show is read back.
    ///
    /// What belongs to an outcome is better [part of it](crate::Approval::parameter): it is written when all
    /// has happened.
    ///
    /// # Errors
    ///
    /// What the platform refuses, and parameters of requests that have none.
    pub async fn write(&self, params: Vec<ParameterUpdate>) -> Result<R, Failure> {
        let Attempt { lease, telling, .. } = self.attempt.as_ref();
        let means = telling
            .means
            .get()
            .ok_or_else(|| Failure::park("this request cannot be written to"))?;
        if unwritten(&params, self.request()).is_some() {
            self.attempt.delivery(means).write::<R>(params).await?;
        }
        read_back(&self.attempt.client, lease, &means.id).await
    }
}

impl Attempt {
    /// Sets how the platform is told.
    pub(crate) fn tell_by(&self, means: Means) -> &Means {
        self.telling.means.get_or_init(|| means)
    }

    /// Tells the platform the handler's outcome, unless that was done early.
    pub(crate) async fn conclude(
        &self,
        means: &Means,
        outcome: Outcome,
    ) -> Result<Conclusion, Failure> {
        match (self.telling.told.get(), outcome) {
            (None, outcome) => self.deliver(means, outcome).await,
            (Some(told), Outcome::Decided) => {
                // The run of a request that is over is over, too.
                if !matches!(told.conclusion, Conclusion::Ended(_)) {
                    Step::new(&self.lease, told.step.as_str()).record_value(&()).await?;
                }
                Ok(told.conclusion.clone())
            }
            (Some(_), _) => Err(decided_twice()),
        }
    }

    async fn deliver(&self, means: &Means, outcome: Outcome) -> Result<Conclusion, Failure> {
        (means.deliver)(self.delivery(means), outcome).await
    }

    fn delivery<'a>(&'a self, means: &'a Means) -> Delivery<'a> {
        let Self { lease, client, messages, .. } = self;
        let Means { id, template, .. } = means;
        Delivery { client, lease, messages, id, template: template.clone() }
    }
}

/// The handler is at fault: what holds is what it has told first.
fn decided_twice() -> Failure {
    Failure::park("the handler has decided twice")
}

/// Returns whether an earlier attempt has told the platform what the request shows, and its handler has not
/// come to its end since.
pub(crate) fn is_unfinished(lease: &Lease, status: &RequestStatus) -> bool {
    told(lease, status).is_some()
}

/// Returns what an earlier attempt has told, when the request shows it and the handler has not come to its end
/// since.
fn told<'a>(lease: &'a Lease, status: &RequestStatus) -> Option<&'a str> {
    let led_here = |verb: &str| match verb {
        "approve" => status.is_granted(),
        "fail" => status.is_final() && !status.is_granted(),
        "inquire" => *status == RequestStatus::Inquiring,
        "schedule" => *status == RequestStatus::Scheduled,
        _ => false,
    };
    let open = lease.claim.steps.iter().filter(|it| matches!(it.state, StepState::Intended));
    let mut verbs =
        open.filter_map(|it| Some(it.step.as_str().strip_prefix(EARLY)?.split_once('.')?.0));
    verbs.find(|verb| led_here(verb))
}

/// Returns what an attempt comes to that has told the platform this.
fn comes_to(verb: &str) -> Conclusion {
    match verb {
        "approve" => Conclusion::Ended(Ending::Approved),
        "fail" => Conclusion::Ended(Ending::Failed),
        "inquire" => Conclusion::Idle(Ending::Inquired),
        _ => Conclusion::Idle(Ending::Scheduled),
    }
}

/// The step that says that the platform is told: one that is not finished, or else a new one.
fn step(lease: &Lease, verb: &str) -> StepName {
    StepName::from(format!("{EARLY}{verb}.{}", finished(lease, verb) + 1))
}

/// The step that says that the platform has been told.
fn told_step(early: &StepName) -> StepName {
    StepName::from(early.as_str().replacen(EARLY, TOLD, 1))
}

/// How often this was told by handlers that have come to their end since.
fn finished(lease: &Lease, verb: &str) -> u32 {
    let beginning = format!("{EARLY}{verb}.");
    let is_done = |state: &StepState| !matches!(state, StepState::Intended);
    let steps = lease.steps();
    let done = steps.iter().filter(|it| it.step.as_str().starts_with(&beginning));
    done.filter(|it| is_done(&it.state)).fold(0, |count, _| count + 1)
}

fn has(lease: &Lease, name: &StepName) -> bool {
    lease.steps().iter().any(|it| it.step == *name)
}

fn verb(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Approve(_) => Some("approve"),
        Outcome::Fail { .. } => Some("fail"),
        Outcome::Inquire(_) => Some("inquire"),
        Outcome::Schedule { .. } => Some("schedule"),
        Outcome::Reschedule { .. } | Outcome::Skip | Outcome::Confirm | Outcome::Decided => None,
    }
}
