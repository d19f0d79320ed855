//! What a run may have left at the vendor.

use connect_journal::{Claim, StepName, StepState};

use crate::conclude::FAILING;

/// Returns the steps of handlers that have happened or may have. Those before this run itself was
/// about to fail the request do not count: its handler has seen to them.
pub(crate) fn standing_steps(claim: &Claim) -> Vec<&str> {
    let failing = StepName::from(FAILING);
    let failed = claim.steps.iter().find(|record| record.step == failing).map(|mark| mark.fence);
    let stands = claim.steps.iter().filter(|record| {
        let later = failed.is_none_or(|failed| record.fence > failed);
        let is_handlers = !record.step.as_str().starts_with('@');
        later && is_handlers && !matches!(record.state, StepState::GaveUp(_))
    });
    stands.map(|record| record.step.as_str()).collect()
}
