//! Questions that a person was asked, and has answered.

use connect_journal::{Fact, Finish, StepName};

use crate::failure::Failure;
use crate::lease::Lease;

/// Returns whether a person who was asked about this step, since it was last about to act, has
/// answered by reviving the run. A run that was parked for another reason and revived says nothing
/// about it.
pub(crate) async fn has_consent(lease: &Lease, step: &StepName) -> Result<bool, Failure> {
    let Lease { journal, claim, .. } = lease;
    let history = journal.history(&claim.run, 0..u64::MAX).await.map_err(Failure::Journal)?;
    // An answer from before a restoration may have been acted on, and that be lost.
    let holds = |at| lease.doubt().is_none_or(|restoration| restoration.at <= at);
    let history: Vec<_> = history.into_iter().filter(|event| holds(event.at)).collect();
    let since = history.iter().rposition(|event| intends(&event.fact, step));
    let events = &history[since.unwrap_or_default()..];
    let mut asked = events.iter().skip_while(|event| !asks_about(&event.fact, step));
    Ok(asked.any(|event| matches!(event.fact, Fact::Revived { .. })))
}

fn intends(fact: &Fact, name: &StepName) -> bool {
    matches!(fact, Fact::Intended { step, .. } if step == name)
}

fn asks_about(fact: &Fact, name: &StepName) -> bool {
    let Fact::Finished { how: Finish::Park { step: Some(step), .. }, .. } = fact else {
        return false;
    };
    step == name
}
