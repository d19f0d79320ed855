//! Dates of the wall.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Returns the date this long after another, or the last one there is.
#[must_use]
pub fn saturating_add(date: Timestamp, by: Duration) -> Timestamp {
    saturating_shift(date, SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX))
}

/// Returns the date this long after another or, by a negative span, before it. What is too late is
/// the last date there is, what is too early the first.
#[must_use]
pub fn saturating_shift(date: Timestamp, by: SignedDuration) -> Timestamp {
    let farthest = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    date.checked_add(by).unwrap_or(farthest)
}
