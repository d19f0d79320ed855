//! What a run may have left at the vendor.

use connect_journal::{Claim, StepName, StepResult, StepState};

use crate::failure::Failure;

/// The mark in the journal that says: this run was about to fail its request. A later life that
/// finds the request failed then knows whose decision it was. No handler can take a step of this
/// name.
pub(crate) const FAILING: &str = "@fail";

/// The same mark of a run that was about to confirm that its request was taken back.
pub(crate) const CONFIRMING: &str = "@confirm";

/// The step that a person is asked about when effects stand at the vendor for a request that somebody
/// else ended, or is to end. No handler can take a step of this name.
pub(crate) const STANDING: &str = "@standing";

/// The beginning of the names of the steps that undo others. No handler can take a step of such a
/// name.
pub(crate) const UNDO: &str = "@undo.";

/// Returns the step that undoes a step.
pub(crate) fn undo_step(step: &StepName) -> StepName {
    StepName::from(format!("{UNDO}{step}"))
}

/// Whether an earlier attempt has undone a step.
pub(crate) fn is_undone(claim: &Claim, step: &StepName) -> bool {
    matches!(claim.result(&undo_step(step)), Some(StepResult::Done(_)))
}

/// Returns the steps of handlers that have happened or may have, and were not undone. Those before this
/// run itself was about to fail the request, or to confirm that it was taken back, do not count: its
/// handler has seen to them.
pub(crate) fn standing_steps(claim: &Claim) -> Vec<&str> {
    let marks = [FAILING, CONFIRMING].map(StepName::from);
    let seen = claim.steps.iter().filter(|record| marks.contains(&record.step));
    let seen = seen.map(|mark| mark.fence).max();
    let stands = claim.steps.iter().filter(|record| {
        let later = seen.is_none_or(|seen| record.fence > seen);
        let is_handlers = !record.step.as_str().starts_with('@');
        let happened = !matches!(record.state, StepState::GaveUp(_));
        later && is_handlers && happened && !is_undone(claim, &record.step)
    });
    stands.map(|record| record.step.as_str()).collect()
}

/// Asks a person to see to what stands at the vendor: what somebody else did, and what keeps it from
/// being taken back.
pub(crate) fn standing_elsewhere(claim: &Claim, how: &str, trouble: &str) -> Failure {
    let steps = standing_steps(claim).join(", ");
    let why = format!(
        "somebody else {how} while this run had begun: {steps}. What these steps did at the vendor \
         stands{trouble}; see to it, then revive the run to end it"
    );
    Failure::Park { why, step: Some(StepName::from(STANDING)) }
}
