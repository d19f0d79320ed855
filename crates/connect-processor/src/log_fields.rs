//! Fields of log lines, as programs read them: numbers and plain words, not Rust's own notation.

use std::time::Duration;

use jiff::Timestamp;

/// Returns a time in whole milliseconds, for a field that ends in `_ms`.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns a date to the millisecond.
pub(crate) fn date(at: Timestamp) -> String {
    format!("{at:.3}")
}
