//! Keeps deadlines: what is overdue is rejected, or left to a person.
//!
//! A request is rejected where it is certain that nothing was done for it. So a run under a deadline
//! writes down each step before it is taken, also those that could be repeated without.

use connect_journal::StepName;
use jiff::Timestamp;
use tracing::info;

use crate::conclusion::Conclusion;
use crate::consent::has_consent;
use crate::deadline::{Deadline, DeadlineStanding};
use crate::delivery::{Deliver, Delivery};

use crate::doubt::lost;
use crate::failure::Failure;
use crate::lease::{Lease, UNDER_DEADLINE};
use crate::outcome::Outcome;
use crate::standing::standing_steps;
use crate::undo::REJECT;

/// The mark of a run that was worked on before it had a deadline: what its first attempts did is
/// written down nowhere.
const LATE: &str = "@deadline.late";

/// The step that a person is asked about when a request is overdue.
const OVERDUE: &str = "@overdue";

/// The mark of a run without a deadline: a person has let it go on, or it is a migration.
pub(crate) const EXTENDED: &str = "@extended";

/// Keeps a request's deadline in one attempt. Returns what it came to, if it is overdue; if not, its
/// handler is to be called.
pub(crate) async fn keep(
    (deadline, standing): (&Deadline, DeadlineStanding),
    now: Timestamp,
    delivery: Delivery<'_>,
    deliver: Deliver,
) -> Result<Option<Conclusion>, Failure> {
    let lease = delivery.lease;
    // What is being rejected already is not overdue: its steps are undone first.
    if lease.has_mark(EXTENDED) || lease.has_mark(REJECT) {
        return Ok(None);
    }
    if !standing.is_overdue(now) {
        lease.keep_deadline(standing.look_at(now));
        if !lease.has_mark(UNDER_DEADLINE) {
            if lease.claim.attempt > 1 {
                lease.mark(LATE).await?;
            }
            lease.mark(UNDER_DEADLINE).await?;
        }
        return Ok(None);
    }
    let question = StepName::from(OVERDUE);
    if has_consent(lease, &question).await? {
        lease.mark(EXTENDED).await?;
        return Ok(None);
    }
    let effects = effects(lease);
    if let (Some(reason), None) = (&deadline.reason, &effects) {
        info!(run = %lease.claim.run, "it {deadline}, so it is rejected");
        lease.check().await?;
        return deliver(delivery, Outcome::fail(reason)).await.map(Some);
    }
    let why = format!(
        "the request {deadline}. {}See to it and fail the request by \
         hand, or revive the run to have its handler go on",
        effects.unwrap_or_default()
    );
    Err(Failure::Park { why, step: Some(question) })
}

/// Takes the deadline from a run for good. A migration has none: it may have waited for its handler,
/// and whoever is rejected loses what they have.
pub(crate) async fn lift(lease: &Lease) -> Result<(), Failure> {
    if lease.has_mark(EXTENDED) { Ok(()) } else { lease.mark(EXTENDED).await }
}

/// Returns what may stand at the vendor, as a sentence; nothing where it is certain that nothing
/// does.
fn effects(lease: &Lease) -> Option<String> {
    let steps = standing_steps(&lease.claim);
    if !steps.is_empty() {
        let steps = steps.join(", ");
        return Some(format!("What these steps did at the vendor may stand: {steps}. "));
    }
    if let Some(restoration) = lease.doubt() {
        return Some(format!("A step {}, so nobody knows what stands. ", lost(restoration)));
    }
    let is_first = lease.claim.attempt <= 1;
    let was_watched = is_first || (lease.has_mark(UNDER_DEADLINE) && !lease.has_mark(LATE));
    let unknown = "It was worked on before it had a deadline, so nobody knows what stands. ";
    (!was_watched).then(|| unknown.to_owned())
}
