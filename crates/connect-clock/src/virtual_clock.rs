//! A clock that moves when it is told to.

use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::clock::Clock;
use crate::monotonic::Monotonic;
use crate::wall::saturating_add;

/// A clock that stands still until it is told to move. Clones are the same clock.
///
/// [`advance`](Self::advance) lets time pass: wall and monotonic time move together, and who waits
/// for a moment that has come is woken. [`set`](Self::set) only changes what the wall shows, as
/// somebody does who sets the machine's clock.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    wall: Timestamp,
    monotonic: Monotonic,
    /// The waiting ones, each under a number of its own, and the moments they wait for.
    waiting: Vec<(u64, Monotonic, Waker)>,
    numbers: u64,
}

impl VirtualClock {
    /// Makes a clock whose wall shows `wall`.
    #[must_use]
    pub fn new(wall: Timestamp) -> Self {
        let monotonic = Monotonic::default();
        Self(Arc::new(Mutex::new(State { wall, monotonic, waiting: Vec::new(), numbers: 0 })))
    }

    /// Changes what the wall shows, forwards or backwards. No time passes.
    pub fn set(&self, wall: Timestamp) {
        self.state().wall = wall;
    }

    /// Lets time pass, and wakes who waited for it. The wall stops at its last date.
    pub fn advance(&self, by: Duration) {
        let come: Vec<Waker> = {
            let mut state = self.state();
            state.monotonic += by;
            state.wall = saturating_add(state.wall, by);
            let now = state.monotonic;
            let (come, waiting) =
                mem::take(&mut state.waiting).into_iter().partition(|(_, until, _)| *until <= now);
            state.waiting = waiting;
            let come: Vec<(u64, Monotonic, Waker)> = come;
            come.into_iter().map(|(_, _, waker)| waker).collect()
        };
        come.into_iter().for_each(Waker::wake);
    }

    /// Returns the next moment that anybody waits for.
    #[must_use]
    pub fn next(&self) -> Option<Monotonic> {
        self.state().waiting.iter().map(|(_, until, _)| *until).min()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.state().wall
    }

    fn monotonic(&self) -> Monotonic {
        self.state().monotonic
    }

    fn until(&self, moment: Monotonic) -> BoxFuture<'static, ()> {
        let mut place = Place { clock: self.clone(), number: None };
        poll_fn(move |context| {
            let mut state = place.clock.state();
            if moment <= state.monotonic {
                return Poll::Ready(());
            }
            let number = match place.number {
                Some(number) => number,
                None => {
                    state.numbers += 1;
                    state.numbers
                }
            };
            state.waiting.retain(|(other, ..)| *other != number);
            state.waiting.push((number, moment, context.waker().clone()));
            drop(state);
            place.number = Some(number);
            Poll::Pending
        })
        .boxed()
    }
}

/// A place among those who wait; who no longer waits is forgotten.
struct Place {
    clock: VirtualClock,
    number: Option<u64>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.clock.state().waiting.retain(|(other, ..)| *other != number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::TimedOut;

    const MINUTE: Duration = Duration::from_secs(60);

    fn clock() -> VirtualClock {
        VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn only_those_are_woken_whose_moment_has_come() {
        let clock = clock();
        let start = clock.monotonic();
        let mut soon = clock.until(start + MINUTE);
        let mut late = clock.until(start + MINUTE * 2);
        assert!((&mut soon).now_or_never().is_none() && (&mut late).now_or_never().is_none());
        assert_eq!(clock.next(), Some(start + MINUTE));

        clock.advance(MINUTE);
        assert!(soon.now_or_never().is_some() && (&mut late).now_or_never().is_none());
        assert_eq!(clock.next(), Some(start + MINUTE * 2));
    }

    #[test]
    fn the_wall_jumps_and_nobody_is_woken() {
        let clock = clock();
        let mut nap = clock.until(clock.monotonic() + MINUTE);
        assert!((&mut nap).now_or_never().is_none());
        for wall in ["2056-03-01T12:00:00Z", "1996-03-01T12:00:00Z"] {
            clock.set(wall.parse().unwrap());
            assert_eq!(clock.now().to_string(), wall);
            assert!((&mut nap).now_or_never().is_none());
        }
        clock.advance(MINUTE);
        assert!(nap.now_or_never().is_some());
        assert_eq!(clock.now().to_string(), "1996-03-01T12:01:00Z");
    }

    #[test]
    fn who_no_longer_waits_is_forgotten() {
        let clock = clock();
        let mut nap = clock.until(clock.monotonic() + MINUTE);
        assert!((&mut nap).now_or_never().is_none());
        drop(nap);
        assert_eq!(clock.next(), None);
    }

    #[test]
    fn work_is_done_in_time_or_not() {
        let clock = clock();
        let limited: &dyn Clock = &clock;
        assert_eq!(limited.limit(MINUTE, async { 1 }).now_or_never(), Some(Ok(1)));
        let mut endless = Box::pin(limited.limit(MINUTE, std::future::pending::<()>()));
        assert!((&mut endless).now_or_never().is_none());
        clock.advance(MINUTE);
        assert_eq!(endless.now_or_never(), Some(Err(TimedOut)));
    }
}
