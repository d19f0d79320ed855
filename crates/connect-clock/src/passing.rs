//! Virtual time that passes by itself.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};

use crate::clock::Clock;
use crate::monotonic::Monotonic;
use crate::virtual_clock::VirtualClock;

impl VirtualClock {
    /// Does work while time passes: whenever nobody has anything else to do, the next moment that
    /// anybody waits for comes.
    ///
    /// Tokio tells when nobody has anything else to do, so everything that takes part runs on one
    /// runtime of one thread whose own time is paused, and nothing waits for a socket or for a
    /// thread that the runtime does not know.
    ///
    /// ```
    /// use std::time::Duration;
    /// use connect_clock::{Clock, VirtualClock};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), jiff::Error> {
    /// let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse()?);
    /// let week = Duration::from_secs(7 * 24 * 60 * 60);
    /// clock.play(clock.until(clock.monotonic() + week)).await;
    /// assert_eq!(clock.now().to_string(), "2026-03-08T12:00:00Z");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn play<W: Future>(&self, work: W) -> W::Output {
        self.play_in_steps(Duration::ZERO, work).await
    }

    /// Does work as [`play`](Self::play) does, while time passes at least this long at a time: a
    /// long story is over sooner, and whoever waits for less is woken late.
    pub async fn play_in_steps<W: Future>(&self, least: Duration, work: W) -> W::Output {
        match select(pin!(work), pin!(self.pass_in_steps(least))).await {
            Either::Left((done, _)) => done,
            Either::Right((never, _)) => match never {},
        }
    }

    /// Lets time pass as [`play`](Self::play) does, for as long as this is polled.
    pub async fn pass(&self) -> Infallible {
        self.pass_in_steps(Duration::ZERO).await
    }

    async fn pass_in_steps(&self, least: Duration) -> Infallible {
        loop {
            // While tokio's time is paused, a sleep ends only when nothing else can run.
            tokio::time::sleep(Duration::from_millis(1)).await;
            if let Some(next) = self.next().filter(|next| *next < Monotonic::MAX) {
                self.advance((next - self.monotonic()).max(least));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn in_long_steps_nobody_is_woken_early() {
        let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
        let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
        let naps = async {
            let clock: &dyn Clock = &clock;
            clock.sleep(minute).await;
            let first = clock.monotonic().since_start();
            clock.sleep(hour * 5).await;
            (first, clock.monotonic().since_start())
        };
        assert_eq!(clock.play_in_steps(hour, naps).await, (hour, hour * 6));
    }
}
