//! Dates of the wall.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Returns the date this long after another, or the last one there is.
#[must_use]
pub fn later(date: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| date.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}
