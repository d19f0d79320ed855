//! The order in which requests are worked on: those that are to be over first, first.

use connect_clock::saturating_shift;
use connect_journal::NewRun;
use jiff::{SignedDuration, Timestamp};

use crate::deadline::DeadlineStanding;
use crate::head::Head;

/// Returns the date by which a request should be over: its deadline's, or else a day after it came to
/// be pending, as the journal takes it of runs without a date. Each zone of its service level that it
/// has come to, where the platform shows one, counts as a day that is gone.
///
/// The same reading gives the same date, whenever it is asked: a date that moves would be written down
/// with every look.
pub(crate) fn urgency(head: &Head, deadline: Option<DeadlineStanding>) -> Option<Timestamp> {
    if let Some(DeadlineStanding::At(at)) = deadline {
        return Some(at);
    }
    let day = SignedDuration::try_from(NewRun::NOMINAL).ok()?;
    let zone = i32::try_from(head.zone.unwrap_or_default()).unwrap_or(i32::MAX);
    let left = day.saturating_mul(1_i32.saturating_sub(zone));
    head.pending_since().map(|since| saturating_shift(since, left))
}
