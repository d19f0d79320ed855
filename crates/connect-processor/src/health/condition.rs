//! The states of a processor, and what holds it.

use std::time::Duration;

use jiff::Timestamp;

/// Whether a processor gets somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// It has not listed what is pending yet.
    Starting,
    /// It has work.
    Busy,
    /// It has no work.
    Idle,
    /// It has work or may have some, and gets nowhere with it, for a reason of its own.
    Stuck,
    /// A person has told it to end once nothing of its own is under way: `claimed` says how much is.
    Draining,
    /// A person has paused it.
    Paused,
    /// A breaker keeps it from working.
    BreakerOpen,
    /// The platform has not shown what is pending for too long.
    PlatformGone,
}

impl State {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Starting,
        Self::Busy,
        Self::Idle,
        Self::Stuck,
        Self::Draining,
        Self::Paused,
        Self::BreakerOpen,
        Self::PlatformGone,
    ];

    /// Returns the stable word for it, such as `platform_gone`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Busy => "busy",
            Self::Idle => "idle",
            Self::Stuck => "stuck",
            Self::Draining => "draining",
            Self::Paused => "paused",
            Self::BreakerOpen => "breaker_open",
            Self::PlatformGone => "platform_gone",
        }
    }

    /// Whether starting the program again could not help: it is not stuck.
    #[must_use]
    pub fn is_live(self) -> bool {
        self != Self::Stuck
    }

    /// Whether it works on requests.
    #[must_use]
    pub fn is_ready(self) -> bool {
        matches!(self, Self::Busy | Self::Idle)
    }
}

/// A reason for which a processor does not work although it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// A person has paused it, or a part of it.
    Paused,
    /// A breaker is open: whoever it protects failed too often.
    BreakerOpen,
}

/// The state of a processor at one moment, and the numbers that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whether it gets somewhere.
    pub state: State,
    /// The stable code of what keeps it from that.
    pub cause: Option<&'static str>,
    /// The date since which that is so.
    pub since: Timestamp,
    /// The time for which it is so.
    pub lasting: Duration,
    /// The runs at work in this process.
    pub claimed: u64,
    /// The runs that are claimed and not at work here: they are another process's, or one's that has
    /// died and whose lease has still to end.
    pub elsewhere: u64,
    /// The runs of the journal that are due and not at work.
    pub waiting: u64,
    /// The runs that are due later.
    pub planned: u64,
    /// The runs that wait for a person.
    pub parked: u64,
    /// The time since which the oldest of those that are due has been due.
    pub oldest_waiting: Duration,
}
