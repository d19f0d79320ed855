//! Limits to how long a request may stay undecided.

use std::fmt;
use std::time::Duration;

use connect_clock::saturating_add;
use jiff::Timestamp;

use crate::head::Head;

/// The time until a run looks at its request's zone again: zones are counted in days.
const LOOK: Duration = Duration::from_secs(3600);

/// A limit to how long a request may wait for the vendor, and what happens then.
///
/// The time counts by the wall's clock, from when the request came to be pending: what it takes a
/// customer to answer an inquiry does not count. Or else a zone of the request's
/// [service level](connect_model::ServiceLevel) is the limit, as far as the platform shows one.
///
/// ```
/// use std::time::Duration;
/// use connect_processor::Deadline;
///
/// const DAY: Duration = Duration::from_secs(24 * 3600);
/// let reject = Deadline::reject_after(DAY * 14, "We could not deliver within two weeks.");
/// let ask = Deadline::park_after(DAY * 3);
/// let reject_in_zone = Deadline::reject_in_zone(6, "We could not deliver in time.");
/// # assert_ne!(reject, ask);
/// # assert_ne!(reject, reject_in_zone);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    limit: Limit,
    /// The reason to fail the request with; a person decides where there is none.
    pub(crate) reason: Option<String>,
}

impl Deadline {
    /// Fails a request with this reason once it has waited for so long, provided that no effect of
    /// its steps stands. Otherwise it is [parked](Self::park_after).
    pub fn reject_after(limit: Duration, reason: impl Into<String>) -> Self {
        Self { limit: Limit::Time(limit), reason: Some(reason.into()) }
    }

    /// Fails a request with this reason once it is in this zone of its service level or a higher one
    /// (OpenAPI 37.0, `sli`), provided that no effect of its steps stands. Otherwise it is
    /// [parked](Self::park_in_zone).
    pub fn reject_in_zone(zone: u32, reason: impl Into<String>) -> Self {
        Self { limit: Limit::Zone(zone), reason: Some(reason.into()) }
    }

    /// Leaves a request to a person once it is in this zone or a higher one, as
    /// [`park_after`](Self::park_after) does.
    #[must_use]
    pub fn park_in_zone(zone: u32) -> Self {
        Self { limit: Limit::Zone(zone), reason: None }
    }

    /// Leaves a request to a person once it has waited for so long. Whoever revives its run lets
    /// its handler go on, without a deadline.
    #[must_use]
    pub fn park_after(limit: Duration) -> Self {
        Self { limit: Limit::Time(limit), reason: None }
    }

    /// Returns how a request stands to the limit; nothing where it does not say what that takes.
    pub(crate) fn standing(&self, head: &Head) -> Option<DeadlineStanding> {
        Some(match self.limit {
            Limit::Time(limit) => {
                DeadlineStanding::At(saturating_add(head.pending_since()?, limit))
            }
            Limit::Zone(zone) if head.zone? >= zone => DeadlineStanding::Overdue,
            Limit::Zone(_) => DeadlineStanding::InTime,
        })
    }
}

/// What a request may reach at most.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Limit {
    Time(Duration),
    Zone(u32),
}

/// How a request stands to its deadline.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DeadlineStanding {
    /// It is overdue from then on.
    At(Timestamp),
    Overdue,
    /// It is not overdue, and nobody knows when it will be.
    InTime,
}

impl DeadlineStanding {
    pub(crate) fn is_overdue(self, now: Timestamp) -> bool {
        match self {
            Self::At(at) => at <= now,
            Self::Overdue => true,
            Self::InTime => false,
        }
    }

    /// Returns when to look at the latest.
    pub(crate) fn look_at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Overdue => now,
            Self::InTime => saturating_add(now, LOOK),
        }
    }
}

/// Says what is wrong with a request that has reached the limit; a time in the largest unit that it is
/// a whole number of.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = match self.limit {
            Limit::Time(limit) => limit,
            Limit::Zone(zone) => return write!(f, "has come to zone {zone} of its service level"),
        };
        let seconds = limit.as_secs();
        let units = [(24 * 3600, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")];
        let unit = units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit));
        let (unit, name) = unit.unwrap_or((1, "seconds"));
        write!(f, "is undecided for more than {} {name}", seconds / unit)
    }
}
