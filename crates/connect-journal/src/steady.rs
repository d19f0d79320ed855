//! Dates that no change of the wall's clock moves.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic, saturating_add, saturating_shift};
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

/// The least distance of the wall from where it should be that says that somebody has set it. What
/// is less makes no difference to anybody who waits: dates go on evenly.
const SET: Duration = Duration::from_secs(1);

/// The number of times that both times are read, to find two that were read together.
const READINGS: usize = 16;

/// Dates as they follow from the last look at the wall and the time since then.
///
/// Between two looks nothing but the passing of time changes what is due. A look shows by how much
/// the wall was set; a store moves the dates it keeps by as much, and then [follows](Self::follow).
#[derive(Debug)]
pub(crate) struct SteadyClock {
    clock: Arc<dyn Clock>,
    /// The date when monotonic time began.
    origin: Mutex<Timestamp>,
}

/// The date that the wall shows, and the one it should show.
#[derive(Clone, Copy)]
pub(crate) struct WallReading {
    /// The date, had nobody set the wall.
    pub(crate) before: Timestamp,
    /// The date.
    pub(crate) now: Timestamp,
}

impl WallReading {
    /// Returns by how much the wall was set forwards; back, if it is negative.
    pub(crate) fn jump(&self) -> Option<SignedDuration> {
        (self.now != self.before).then(|| self.now.duration_since(self.before))
    }

    /// Returns whether what is due then waits, be it before the jump or after it.
    pub(crate) fn keeps_waiting(&self, due: Timestamp) -> bool {
        due > self.before.min(self.now)
    }
}

impl SteadyClock {
    /// Takes the date from the wall.
    pub(crate) fn new(clock: impl Clock) -> Self {
        let (passed, wall) = closest_reading(&clock);
        let passed = SignedDuration::try_from(passed.since_start());
        let origin = saturating_shift(wall, -passed.unwrap_or(SignedDuration::MAX));
        Self { clock: Arc::new(clock), origin: Mutex::new(origin) }
    }

    /// Looks at the wall.
    pub(crate) fn look(&self) -> WallReading {
        let (before, wall) = (self.now(), self.clock.now());
        let was_set = wall.duration_since(before).unsigned_abs() >= SET;
        WallReading { before, now: if was_set { wall } else { before } }
    }

    /// Lives by the wall as a look has shown it.
    pub(crate) fn follow(&self, look: &WallReading) {
        if let Some(jump) = look.jump() {
            let mut origin = self.origin();
            *origin = saturating_shift(*origin, jump);
        }
    }

    fn origin(&self) -> MutexGuard<'_, Timestamp> {
        self.origin.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads both times as close to each other as can be. A process that is set aside between two readings
/// would be late for all its life, and its steps would seem to come after what came of them.
fn closest_reading(clock: &impl Clock) -> (Monotonic, Timestamp) {
    let reading = |_| {
        let (passed, wall) = (clock.monotonic(), clock.now());
        (clock.monotonic() - passed, passed, wall)
    };
    let readings = (0..READINGS).map(reading);
    let closest = readings.min_by_key(|(gap, ..)| *gap);
    closest.map_or_else(|| (clock.monotonic(), clock.now()), |(_, passed, wall)| (passed, wall))
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        saturating_add(*self.origin(), self.monotonic().since_start())
    }

    fn monotonic(&self) -> Monotonic {
        self.clock.monotonic()
    }

    fn until(&self, moment: Monotonic) -> BoxFuture<'static, ()> {
        self.clock.until(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The clocks of a process that is set aside for 50 ms before it reads the wall, all times but one.
    /// Holds the milliseconds that have passed, and how often the wall was read.
    #[derive(Debug)]
    struct SetAside(Mutex<(u64, u32)>);

    impl Clock for SetAside {
        fn now(&self) -> Timestamp {
            let mut times = self.0.lock().unwrap();
            let (passed, readings) = *times;
            *times = (if readings == 3 { passed } else { passed + 50 }, readings + 1);
            Timestamp::from_millisecond(i64::try_from(times.0).unwrap()).unwrap()
        }

        fn monotonic(&self) -> Monotonic {
            Monotonic::after_start(Duration::from_millis(self.0.lock().unwrap().0))
        }

        fn until(&self, _: Monotonic) -> BoxFuture<'static, ()> {
            Box::pin(std::future::pending())
        }
    }

    #[test]
    fn dates_are_not_late_because_the_process_was_set_aside_while_it_read_the_clocks() {
        let steady = SteadyClock::new(SetAside(Mutex::default()));
        let origin = *steady.origin();
        assert_eq!(origin, Timestamp::UNIX_EPOCH);
    }
}
