//! Requests that cannot be worked on: after so many attempts in vain, a person looks.

use std::num::NonZeroU32;
use std::sync::Arc;

use connect_journal::{Fact, Finish, HistoryEntry, Journal, RunId};
use tracing::warn;

use crate::engine::Engine;
use crate::failure::{Failure, chain};
use crate::lease::Lease;
use crate::messages::Messages;
use crate::payload::Payload;
use crate::retry_delay::Cause;

/// The number of attempts in a row that may never come to an end: their processes were killed, or
/// broke off. Runs that were at work beside the one that is to blame count as many.
const MOST_BROKEN_OFF: u32 = 20;

/// The number of attempts between two looks at how the earlier ones ended: looking reads the whole
/// history of the run.
const LOOK_EVERY: u32 = 4;

/// The end of the reason of a failure that somebody's outage has caused.
const UNCOUNTED: &str = " (an outage, not counted as a failure of the request)";

/// What people are told in the conversation about a request that is parked for this.
const MESSAGE: &str = "The processing of this request has failed again and again. It is \
                                  not tried any more by itself; a person at the vendor has to look.";

/// The reason of a failure that says nothing about its request.
pub(crate) fn uncounted(why: &str) -> String {
    format!("{why}{UNCOUNTED}")
}

/// Returns why a run is to be parked whose attempts never come to an end, if it is one. It would come
/// first for ever: interrupted runs do.
pub(crate) async fn broken_off(lease: &Lease) -> Result<Option<String>, Failure> {
    let Lease { claim, journal, .. } = lease;
    if claim.attempt <= MOST_BROKEN_OFF || !claim.attempt.is_multiple_of(LOOK_EVERY) {
        return Ok(None);
    }
    let reading = journal.history(&claim.run, 0..u64::MAX);
    let history = lease.guard(reading).await?.map_err(Failure::Journal)?;
    // This attempt's own claim is the last.
    let broken_off = claims_since_end(&history).saturating_sub(1);
    Ok((broken_off >= MOST_BROKEN_OFF).then(|| {
        format!(
            "{broken_off} attempts in a row never came to an end: their processes were killed or \
             broke off. See what the logs of that time say, then revive the run"
        )
    }))
}

/// Says in the conversation about a request that it is parked, once, where that is wanted.
pub(crate) async fn tell<S>(engine: &Engine<S>, lease: &Arc<Lease>) {
    let is_request = Payload::read(&lease.claim.payload).is_ok_and(|it| it.is_of_request());
    if !engine.settings.tells_parked || !is_request {
        return;
    }
    let messages = Messages::new(engine.client.clone(), Arc::clone(lease));
    if let Err(failure) = messages.say_parked(MESSAGE).await {
        warn!(run = %lease.claim.run, error = %failure, "that the request is parked is not said");
    }
}

/// Returns why a run that has failed once more is to be parked, if it is. A failure of an outage is
/// not counted; and one that is planned for a day, or under a deadline, is tried until then.
pub(crate) async fn verdict(lease: &Lease, source: &Cause, most: NonZeroU32) -> Option<String> {
    let failures = lease.claim.failures.saturating_add(1);
    if failures < most.get() || lease.has_date_ahead() {
        return None;
    }
    let uncounted = uncounted_failures(lease.journal.as_ref(), &lease.claim.run).await?;
    let failures = failures.saturating_sub(uncounted);
    (failures >= most.get()).then(|| {
        format!(
            "{failures} attempts in a row have failed, the last one with: {}. See to it, then revive \
             the run to have it tried again",
            chain(source)
        )
    })
}

/// The number of failures in a row that were outages; none where it cannot be read.
async fn uncounted_failures(journal: &dyn Journal, run: &RunId) -> Option<u32> {
    match journal.history(run, 0..u64::MAX).await {
        Ok(history) => Some(uncounted_in(&history)),
        Err(error) => {
            warn!(%run, code = error.code(), error = chain(&error), "its failures are not counted");
            None
        }
    }
}

fn uncounted_in(history: &[HistoryEntry]) -> u32 {
    let ends = history.iter().rev().filter_map(|entry| match &entry.fact {
        Fact::Finished { how, .. } => Some(how),
        _ => None,
    });
    let failures = ends.map_while(|how| match how {
        Finish::Retry { why, .. } => Some(why),
        _ => None,
    });
    u32::try_from(failures.filter(|why| why.ends_with(UNCOUNTED)).count()).unwrap_or(u32::MAX)
}

/// The number of claims since the last that was finished, or since a person revived the run.
fn claims_since_end(history: &[HistoryEntry]) -> u32 {
    let since = history
        .iter()
        .rev()
        .take_while(|entry| !matches!(entry.fact, Fact::Finished { .. } | Fact::Revived { .. }));
    let claims = since.filter(|entry| matches!(entry.fact, Fact::Claimed { .. })).count();
    u32::try_from(claims).unwrap_or(u32::MAX)
}
