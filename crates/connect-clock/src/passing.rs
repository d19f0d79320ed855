//! Virtual time that passes by itself.

use std::time::Duration;

use crate::{Clock, Monotonic, VirtualClock};

impl VirtualClock {
    /// Lets time pass for as long as this is polled: whenever nobody has anything else to do, the
    /// next moment that anybody waits for comes. It does not return.
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
    /// let work = async {
    ///     let clock: &dyn Clock = &clock;
    ///     clock.sleep(Duration::from_secs(90)).await;
    ///     clock.now()
    /// };
    /// tokio::select! {
    ///     ended = work => assert_eq!(ended.to_string(), "2026-03-01T12:01:30Z"),
    ///     () = clock.pass() => unreachable!("time does not end"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pass(&self) {
        loop {
            // While tokio's time is paused, a sleep ends only when nothing else can run.
            tokio::time::sleep(Duration::from_millis(1)).await;
            if let Some(next) = self.next().filter(|next| *next < Monotonic::MAX) {
                self.advance(next - self.monotonic());
            }
        }
    }
}
