//! Requests that somebody else brought on.

use std::sync::Arc;

use connect_journal::{Claim, StepName};
use tokio::sync::OwnedSemaphorePermit;

use crate::conclude::conclude;
use crate::conclusion::Conclusion;
use crate::consent::has_consent;
use crate::ending::Ending;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::read::CurrentRequest;
use crate::standing::{STANDING, standing_steps};

/// A former life, or somebody else, brought the request on. Where somebody else ended it without
/// approving it, what was done for it stands at the vendor: what is registered for that takes it back,
/// or a person has to know.
pub(crate) async fn settled<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    current: &CurrentRequest,
    collection: &str,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<Conclusion, Failure> {
    let (kind, status) = (current.head.kind.as_str(), &current.head.status);
    if !status.is_final() {
        return Ok(Conclusion::Idle(Ending::SettledElsewhere));
    }
    let is_over = status.is_granted() || standing_steps(&lease.claim).is_empty();
    if is_over || has_consent(lease, &StepName::from(STANDING)).await? {
        return Ok(Conclusion::Ended(Ending::SettledElsewhere));
    }
    let attempt = engine.attempt(lease);
    let (route, raw) = ((collection, kind), &*current.raw);
    match engine.routes.prepare_elsewhere(route, raw, &engine.state, &attempt)? {
        Some(prepared) => conclude(engine, &attempt, current, prepared, permit).await,
        None => {
            Err(standing_elsewhere(&lease.claim, &format!("brought the request to `{status}`"), ""))
        }
    }
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
