//! Wall time, monotonic time and waiting, as one thing that can be replaced.
//!
//! Two questions look alike and are not. *What date is it?* is answered by [`Clock::now`]; people
//! and programs set that clock, so it jumps. *How long has it been?* is answered by
//! [`Clock::monotonic`], which never does. A time-out, a lease or an age is measured in monotonic
//! time; only what is shown, stored or compared with dates of others is wall time.
//!
//! [`SystemClock`] is the machine's. A [`VirtualClock`] stands still until it is told to move, and
//! wakes whoever waited for the moments it passes:
//!
//! ```
//! use std::time::Duration;
//! use connect_clock::{Clock, VirtualClock};
//! use futures::FutureExt;
//!
//! let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse()?);
//! let mut nap = clock.until(clock.monotonic() + Duration::from_secs(90));
//! assert!((&mut nap).now_or_never().is_none());
//!
//! clock.advance(Duration::from_secs(90));
//! assert!(nap.now_or_never().is_some());
//! assert_eq!(clock.now().to_string(), "2026-03-01T12:01:30Z");
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! Where everything runs on one thread, [`VirtualClock::play`] moves it on by itself.

mod budget;
mod clock;
mod limit;
mod monotonic;
mod passing;
mod system;
mod virtual_clock;
mod wall;

pub use budget::Budget;
pub use clock::Clock;
pub use limit::TimedOut;
pub use monotonic::Monotonic;
pub use system::SystemClock;
pub use virtual_clock::VirtualClock;
pub use wall::{saturating_add, saturating_shift};
