//! Limits to how long a request may stay undecided.

use std::fmt;
use std::time::Duration;

use connect_clock::saturating_add;
use jiff::Timestamp;

/// A limit to how long a request may wait for the vendor, and what happens then.
///
/// The time counts by the wall's clock, from when the request came to be pending: what it takes a
/// customer to answer an inquiry does not count.
///
/// ```
/// use std::time::Duration;
/// use connect_processor::Deadline;
///
/// const DAY: Duration = Duration::from_secs(24 * 3600);
/// let reject = Deadline::reject_after(DAY * 14, "We could not deliver within two weeks.");
/// let ask = Deadline::park_after(DAY * 3);
/// # assert_ne!(reject, ask);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    limit: Duration,
    /// The reason to fail the request with; a person decides where there is none.
    pub(crate) reason: Option<String>,
}

impl Deadline {
    /// Fails a request with this reason once it has waited for so long, provided that no effect of
    /// its steps stands. Otherwise it is [parked](Self::park_after).
    pub fn reject_after(limit: Duration, reason: impl Into<String>) -> Self {
        Self { limit, reason: Some(reason.into()) }
    }

    /// Leaves a request to a person once it has waited for so long. Whoever revives its run lets
    /// its handler go on, without a deadline.
    #[must_use]
    pub fn park_after(limit: Duration) -> Self {
        Self { limit, reason: None }
    }

    /// Returns when a request is overdue that waits since an instant.
    pub(crate) fn at(&self, since: Timestamp) -> Timestamp {
        saturating_add(since, self.limit)
    }
}

/// Shows the limit, in the largest unit that it is a whole number of.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.limit.as_secs();
        let units = [(24 * 3600, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")];
        let unit = units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit));
        let (unit, name) = unit.unwrap_or((1, "seconds"));
        write!(f, "{} {name}", seconds / unit)
    }
}
