//! The one task that has the platform do by itself what is due.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_world::Denial;

use crate::background::{Background, sleep};
use crate::platform::Platform;

/// The longest time without a look at the wall's clock, which may be set meanwhile.
const LONGEST: Duration = Duration::from_secs(60);

/// Starts to do what is due, now and later. What is not done by the end stays due in the world.
pub(crate) fn start(platform: Platform, clock: Arc<dyn Clock>) -> Background {
    Background::start(async move {
        // A world that can no longer be kept does nothing more, as it answers nobody.
        let _ = run(&platform, &*clock).await;
    })
}

async fn run(platform: &Platform, clock: &dyn Clock) -> Result<(), Denial> {
    loop {
        let next = platform.do_due().await?;
        let left = |next: jiff::Timestamp| next.duration_since(clock.now()).try_into();
        let wait = next.map(|next| left(next).unwrap_or(Duration::ZERO).min(LONGEST));
        tokio::select! {
            biased;
            () = platform.due_changed() => {}
            () = sleep(clock, wait) => {}
        }
    }
}
