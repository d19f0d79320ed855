//! Which months are due, and their runs.

use std::time::Duration;

use connect_journal::{Journal, JournalError, NewRun, OfferResult, RunId, RunState};
use jiff::Timestamp;

use crate::usage::month::Month;
use crate::usage::schedule::UsageSchedule;

/// The least time between two looks, whatever the hints.
pub(crate) const SHORTEST_REST: Duration = Duration::from_secs(1);
/// The longest time between two looks: contracts and capabilities change, files are rejected, clocks are set.
const LONGEST_REST: Duration = Duration::from_secs(3_600);
/// The most months that are made up for: those since the last that the journal knows.
const MOST_MONTHS: u32 = 12;

/// Returns the time until the next month is due, if that is not too long.
pub(crate) fn rest(schedule: UsageSchedule, now: Timestamp) -> Duration {
    let next = schedule.due(schedule.last(now).after());
    let until = Duration::try_from(next.duration_since(now)).unwrap_or_default();
    until.clamp(SHORTEST_REST, LONGEST_REST)
}

/// Returns the months that are due, the oldest first: the last, and those since the last that is known.
pub(crate) async fn since_known(
    journal: &dyn Journal,
    last: Month,
    id: impl Fn(Month) -> RunId + Send + Sync,
) -> Result<Vec<Month>, JournalError> {
    let mut due = vec![last];
    let mut month = last;
    for _ in 0..MOST_MONTHS {
        if journal.run(&id(month)).await?.is_some() {
            break;
        }
        month = month.before();
        due.push(month);
    }
    // The last of them is known, or so long ago that nothing is: then only this month is due.
    match due.len() - 1 {
        0 => {}
        known if journal.run(&id(due[known])).await?.is_some() => due.truncate(known),
        _ => due.truncate(1),
    }
    due.reverse();
    Ok(due)
}

/// Offers a run, made by after how many attempts it is woken; says whether there is work. One that an
/// earlier version left alone is woken.
pub(crate) async fn offer(
    journal: &dyn Journal,
    run: impl Fn(Option<u32>) -> NewRun + Send + Sync,
) -> Result<bool, JournalError> {
    let new = run(None);
    let id = new.id.clone();
    let offered = journal.offer(&[new]).await?;
    if !offered.contains(&OfferResult::Known(RunState::Idle)) {
        return Ok(offered.contains(&OfferResult::New) || offered.contains(&OfferResult::Woken));
    }
    let attempts = journal.run(&id).await?.map(|run| run.attempt);
    let again = journal.offer(&[run(attempts)]).await?;
    Ok(again.contains(&OfferResult::Woken))
}
