//! The circuit breaker of one vendor: when it opens, and when it closes again.
//!
//! ```text
//!          failures in a row, or too many of them
//!  closed ──────────────────────────────────────► open ◄──┐ the probe fails: open for longer
//!    ▲                                              │ time │
//!    └──────────── the probe is answered ──── half-open ───┘
//! ```

use std::time::Duration;

use connect_clock::Monotonic;

use crate::since::Since;

/// The time after which an outage is none any more: what fails then counts as a failure of its
/// request, or one that nobody can carry out would keep a quiet vendor's breaker open for ever.
const LONGEST_OUTAGE: Duration = Duration::from_secs(24 * 3600);

/// The time until the next probe when one has told nothing about the vendor.
const PROBE_AGAIN: Duration = Duration::from_secs(1);

/// When the circuit breaker of a vendor opens, and for how long.
///
/// Only outages count: no answer, no connection, 5xx. While a breaker is open, nothing of its vendor
/// is begun and nobody is called. Then one run is; its answer closes the breaker, another outage opens
/// it for twice as long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    /// The failures in a row that open it: 10 unless set. A call that began before the vendor's last
    /// answer does not count: others were answered while it hung.
    pub failures: u32,
    /// The share of failures, from 0 to 1, that opens it: 0.5 unless set.
    pub share: f64,
    /// The fewest calls of which a share is taken: 20 unless set.
    pub calls: u32,
    /// The time in which the share is taken: 60 s unless set.
    pub window: Duration,
    /// The time it is open at first: 10 s unless set.
    pub first: Duration,
    /// The longest time until the next probe: 10 minutes unless set.
    pub longest: Duration,
}

impl Default for Breaker {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            failures: 10,
            share: 0.5,
            calls: 20,
            window: seconds(60),
            first: seconds(10),
            longest: seconds(600),
        }
    }
}

/// The time for which a breaker is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    /// An earlier life may have opened it.
    pub(crate) since: Since,
    pub(crate) until: Monotonic,
    /// The number of times it was opened since it was last closed.
    pub(crate) times: u32,
}

/// What a breaker lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lets {
    Everything,
    OneProbe,
    Nothing,
}

/// What has become of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Opened { failures: u32, until: Monotonic },
    StaysOpen { until: Monotonic },
    Closed { after: Duration, probes: u32 },
}

/// The breaker of one vendor.
#[derive(Debug)]
pub(crate) struct Circuit {
    settings: Breaker,
    open: Option<Opening>,
    is_probing: bool,
    in_a_row: u32,
    answered: Option<Monotonic>,
    counts: Counts,
}

impl Circuit {
    pub(crate) fn new(settings: Breaker) -> Self {
        let counts = Counts::default();
        Self { settings, open: None, is_probing: false, in_a_row: 0, answered: None, counts }
    }

    pub(crate) fn opening(&self) -> Option<Opening> {
        self.open
    }

    /// Takes over what the journal says.
    pub(crate) fn restore(&mut self, open: Option<Opening>) {
        if self.open.is_some() && open.is_none() {
            self.reset();
        }
        self.open = open;
    }

    pub(crate) fn lets(&self, now: Monotonic) -> Lets {
        match self.open {
            None => Lets::Everything,
            Some(open) if open.until <= now && !self.is_probing => Lets::OneProbe,
            Some(_) => Lets::Nothing,
        }
    }

    /// Whether the vendor is down for everybody, so that a failure says nothing about its request.
    pub(crate) fn is_outage(&self, now: Monotonic) -> bool {
        self.open.is_some_and(|open| open.since.lasting(now) < LONGEST_OUTAGE)
    }

    /// A probe begins. Until it is over, and for as long as the breaker was open last if nobody says,
    /// nothing else is let through.
    pub(crate) fn probe(&mut self, now: Monotonic) {
        self.is_probing = true;
        if let Some(open) = &mut self.open {
            open.until = now + wait(&self.settings, open.times);
        }
    }

    /// A probe is over. If it has told nothing about the vendor, another one may follow.
    pub(crate) fn probed(&mut self, now: Monotonic) {
        if std::mem::take(&mut self.is_probing)
            && let Some(open) = &mut self.open
        {
            open.until = now + PROBE_AGAIN;
        }
    }

    /// The vendor has answered.
    pub(crate) fn answered(&mut self, is_probe: bool, now: Monotonic) -> Option<Change> {
        self.in_a_row = 0;
        self.answered = Some(now);
        self.counts.count(self.settings.window, true, now);
        let open = self.open.filter(|_| is_probe)?;
        self.open = None;
        self.reset();
        Some(Change::Closed { after: open.since.lasting(now), probes: open.times })
    }

    /// A call that began then has ended in an outage.
    pub(crate) fn failed(
        &mut self,
        began: Monotonic,
        is_probe: bool,
        now: Monotonic,
    ) -> Option<Change> {
        if let Some(open) = &mut self.open {
            if !is_probe || !std::mem::take(&mut self.is_probing) {
                return None;
            }
            open.times += 1;
            open.until = now + wait(&self.settings, open.times);
            return Some(Change::StaysOpen { until: open.until });
        }
        self.counts.count(self.settings.window, false, now);
        if self.answered.is_none_or(|answered| answered <= began) {
            self.in_a_row += 1;
        }
        let is_out = self.in_a_row >= self.settings.failures || self.counts.exceed(&self.settings);
        if !is_out {
            return None;
        }
        let until = now + wait(&self.settings, 1);
        self.open = Some(Opening { since: now.into(), until, times: 1 });
        Some(Change::Opened { failures: self.in_a_row.max(self.counts.failures()), until })
    }

    fn reset(&mut self) {
        (self.is_probing, self.in_a_row, self.counts) = (false, 0, Counts::default());
    }
}

fn wait(settings: &Breaker, times: u32) -> Duration {
    let doublings = times.saturating_sub(1).min(30);
    settings.first.saturating_mul(1 << doublings).min(settings.longest)
}

/// Calls and failures, in this half of the window and in the last.
#[derive(Debug, Default)]
struct Counts {
    since: Monotonic,
    halves: [(u32, u32); 2],
}

impl Counts {
    fn count(&mut self, window: Duration, is_answer: bool, now: Monotonic) {
        let half = window / 2;
        if now - self.since >= window {
            self.halves = [(0, 0); 2];
            self.since = now;
        } else if now - self.since >= half {
            self.halves = [(0, 0), self.halves[0]];
            self.since += half;
        }
        let (calls, failures) = &mut self.halves[0];
        *calls = calls.saturating_add(1);
        *failures = failures.saturating_add(u32::from(!is_answer));
    }

    fn failures(&self) -> u32 {
        self.halves.iter().map(|half| half.1).sum()
    }

    fn exceed(&self, settings: &Breaker) -> bool {
        let calls: u32 = self.halves.iter().map(|half| half.0).sum();
        calls >= settings.calls
            && f64::from(self.failures()) >= f64::from(calls) * settings.share.max(0.01)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Monotonic {
        Monotonic::after_start(Duration::from_secs(second))
    }

    fn opened() -> Circuit {
        let mut circuit = Circuit::new(Breaker::default());
        for second in 0..9 {
            assert_eq!(circuit.failed(at(second), false, at(second)), None);
        }
        let change = circuit.failed(at(9), false, at(9));
        assert_eq!(change, Some(Change::Opened { failures: 10, until: at(19) }));
        circuit
    }

    #[test]
    fn failures_in_a_row_open_it_and_an_answered_probe_closes_it() {
        let mut circuit = opened();
        assert_eq!(circuit.lets(at(18)), Lets::Nothing);
        assert_eq!(circuit.lets(at(19)), Lets::OneProbe);
        circuit.probe(at(19));
        assert_eq!(circuit.lets(at(19)), Lets::Nothing, "a second one is not let through");
        let closed = Change::Closed { after: Duration::from_secs(11), probes: 1 };
        assert_eq!(circuit.answered(true, at(20)), Some(closed));
        circuit.probed(at(20));
        assert_eq!(circuit.lets(at(20)), Lets::Everything);
        assert_eq!(circuit.failed(at(21), false, at(21)), None, "it counts anew");
    }

    #[test]
    fn each_probe_that_fails_doubles_the_wait_up_to_the_longest() {
        let mut circuit = opened();
        let mut waits = Vec::new();
        let mut now = at(19);
        for _ in 0..8 {
            circuit.probe(now);
            circuit.failed(now, true, now);
            circuit.probed(now);
            let until = circuit.opening().unwrap().until;
            waits.push((until - now).as_secs());
            now = until;
        }
        assert_eq!(waits, [20, 40, 80, 160, 320, 600, 600, 600]);
    }

    #[test]
    fn a_probe_that_tells_nothing_is_followed_by_another() {
        let mut circuit = opened();
        circuit.probe(at(19));
        circuit.probed(at(20));
        assert_eq!((circuit.lets(at(20)), circuit.lets(at(21))), (Lets::Nothing, Lets::OneProbe));
    }

    #[test]
    fn calls_that_hung_while_others_were_answered_open_nothing() {
        let mut circuit = Circuit::new(Breaker::default());
        for _ in 0..200 {
            circuit.answered(false, at(19));
        }
        for _ in 0..50 {
            assert_eq!(circuit.failed(at(0), false, at(20)), None);
        }
    }

    #[test]
    fn half_of_many_calls_open_it_and_half_of_few_do_not() {
        let mut circuit = Circuit::new(Breaker::default());
        for second in 0..9 {
            circuit.answered(false, at(second));
            assert_eq!(circuit.failed(at(second), false, at(second)), None);
        }
        circuit.answered(false, at(10));
        assert!(circuit.failed(at(10), false, at(10)).is_some());
    }

    #[test]
    fn old_calls_are_forgotten() {
        let mut circuit = Circuit::new(Breaker::default());
        for minute in 0..40 {
            circuit.answered(false, at(minute * 120));
            assert_eq!(circuit.failed(at(minute * 120), false, at(minute * 120)), None);
        }
    }

    #[test]
    fn an_outage_of_more_than_a_day_is_none() {
        let circuit = opened();
        assert!(circuit.is_outage(at(3600)));
        assert!(!circuit.is_outage(at(25 * 3600)));
    }

    #[test]
    fn an_outage_is_as_old_as_it_is_in_a_life_that_began_after_it() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let since = Since::ago(hours(23), at(1));
        let mut circuit = Circuit::new(Breaker::default());
        circuit.restore(Some(Opening { since, until: at(1), times: 7 }));
        assert!(circuit.is_outage(at(2)));
        assert!(!circuit.is_outage(at(2 * 3600)));
        circuit.probe(at(2));
        let closed = Change::Closed { after: hours(23) + Duration::from_secs(1), probes: 7 };
        assert_eq!(circuit.answered(true, at(2)), Some(closed));
    }
}
