//! What a processor's signs say: whether it gets somewhere.

use std::time::Duration;

use connect_clock::Monotonic;
use connect_journal::Counts;
use jiff::Timestamp;

use super::{Health, Hold, Signs};

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
    /// A person has paused it.
    Paused,
    /// A breaker keeps it from working.
    BreakerOpen,
    /// The platform has not shown what is pending for too long.
    PlatformGone,
}

impl State {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Starting,
        Self::Busy,
        Self::Idle,
        Self::Stuck,
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
    /// The runs of the journal that are due and not at work.
    pub waiting: u64,
    /// The runs that are due later.
    pub planned: u64,
    /// The runs that wait for a person.
    pub parked: u64,
    /// The time since which the oldest of those that are due has been due.
    pub oldest_waiting: Duration,
}

impl Health {
    /// Judges the signs: what a person has to see to comes first.
    pub(super) fn judge(
        &self,
        signs: &Signs,
        counts: Result<&Counts, &&'static str>,
    ) -> (State, Option<&'static str>, Monotonic) {
        let now = self.clock.monotonic();
        let holds = |hold| signs.holds.iter().find(|((why, _), _)| *why == hold).map(|(_, at)| *at);
        let (paused, open) = (holds(Hold::Paused), holds(Hold::BreakerOpen));
        let unseen = self.clock.since(signs.looked) > signs.unseen;
        let after = |since: Monotonic| since + signs.stuck < now;
        if let Some((code, since)) = signs.journal {
            return (State::Stuck, Some(code), since);
        }
        if let Err(code) = counts {
            return (State::Stuck, Some(code), signs.asked);
        }
        if signs.claimed > 0 && after(signs.progress) {
            return (State::Stuck, Some("PRC_NO_PROGRESS"), signs.progress);
        }
        let is_free = signs.claimed == 0 && signs.holds.is_empty();
        if is_free && signs.has_looked && after(signs.asked) {
            return (State::Stuck, Some("PRC_NO_CLAIM"), signs.asked);
        }
        match (unseen, signs.platform) {
            (true, Some(code)) => return (State::PlatformGone, Some(code), signs.looked),
            (true, None) if paused.is_none() => return (State::Stuck, Some("SLOW"), signs.looked),
            _ => {}
        }
        if let Some(since) = paused {
            return (State::Paused, Some("PRC_PAUSED"), since);
        }
        if let Some(since) = open {
            return (State::BreakerOpen, Some("PRC_BREAKER_OPEN"), since);
        }
        let has_work = signs.claimed > 0 || counts.is_ok_and(|counts| counts.ready_now > 0);
        let state = match () {
            () if !signs.has_looked => State::Starting,
            () if has_work => State::Busy,
            () => State::Idle,
        };
        (state, None, signs.turned)
    }
}
