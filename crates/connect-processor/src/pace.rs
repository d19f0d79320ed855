//! How long handlers take as a rule, and when one takes so long beside the others that it is waiting for
//! somebody who hangs.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many times as long as nine of ten others a handler takes that is slow.
const SLOW: u32 = 3;

/// The least time after which a handler is slow, however fast the others are: below that there is
/// little to be won.
const LEAST: Duration = Duration::from_millis(100);

/// By how much a handler that took longer than nine of ten moves that time, and one that did not moves
/// it back, at most. Nine of the one are one of the other, so a few that hang change nothing, however
/// long they take.
const UP: f64 = 1.09;
const DOWN: f64 = 0.99;

/// The time that handlers take as a rule.
pub(crate) struct Pace {
    /// The time after which a handler is slow, whatever the others take.
    most: Duration,
    /// What nine of ten do not exceed, in seconds; none before the first has ended.
    usual: Mutex<Option<f64>>,
}

impl Pace {
    pub(crate) fn new(most: Duration) -> Self {
        Self { most, usual: Mutex::default() }
    }

    /// Takes down how long a handler took.
    pub(crate) fn note(&self, took: Duration) {
        let took = took.min(self.most).as_secs_f64();
        let mut usual = self.usual.lock().unwrap_or_else(PoisonError::into_inner);
        *usual = Some(match *usual {
            None => took,
            Some(usual) if took > usual => took.min(usual * UP),
            Some(usual) => took.max(usual * DOWN),
        });
    }

    /// Returns how long a handler that has worked for this long is to be left alone before it is looked at
    /// again; `None` when it is slow. Beside others it is slow only while its place `is_wanted`.
    pub(crate) fn left(&self, worked: Duration, is_wanted: bool) -> Option<Duration> {
        let to_most = self.most.checked_sub(worked).filter(|left| !left.is_zero())?;
        let usual = *self.usual.lock().unwrap_or_else(PoisonError::into_inner);
        let slow_after = usual.map(|usual| (Duration::from_secs_f64(usual) * SLOW).max(LEAST));
        let left = slow_after.map(|slow_after| slow_after.saturating_sub(worked));
        match left {
            Some(Duration::ZERO) if is_wanted => None,
            Some(left) if !left.is_zero() => Some(left.min(to_most)),
            // Nobody wants the place, or nothing is known yet of the others.
            _ => Some(worked.max(LEAST).min(to_most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_secs(2);

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// After handlers that take 40 ms, but for one in so many that hangs.
    fn pace(one_in: usize) -> Pace {
        let pace = Pace::new(MOST);
        for number in 0..2000 {
            let hangs = number % one_in == one_in - 1;
            pace.note(if hangs { ms(20_000) } else { ms(40) });
        }
        pace
    }

    #[test]
    fn a_handler_is_slow_beside_others_once_its_place_is_wanted() {
        let pace = pace(20);
        assert_eq!(pace.left(ms(200), true), None);
        assert_eq!(pace.left(ms(200), false), Some(ms(200)), "it is looked at again");
        assert!(pace.left(ms(100), true).is_some(), "that is not long yet");
        assert_eq!(pace.left(MOST, false), None);
    }

    #[test]
    fn where_every_fifth_hangs_that_is_the_rule() {
        assert!(pace(5).left(ms(1900), true).is_some());
        assert_eq!(pace(5).left(MOST, true), None);
    }

    #[test]
    fn a_vendor_that_becomes_slow_makes_no_handler_slow_for_long() {
        let pace = pace(20);
        let calls = (1..).find(|_| {
            pace.note(ms(600));
            pace.left(ms(600), true).is_some()
        });
        assert!(calls.unwrap() < 50, "{calls:?}");
    }

    #[test]
    fn before_anything_is_known_a_handler_is_slow_in_the_end() {
        let pace = Pace::new(MOST);
        assert_eq!(pace.left(Duration::ZERO, true), Some(LEAST));
        assert_eq!(pace.left(ms(1900), true), Some(ms(100)));
        assert_eq!(pace.left(MOST, true), None);
    }
}
