//! Hears of requests by asking for what is pending, again and again.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connect_clock::Clock;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::backoff::JitteredBackoff;
use crate::error::Error;
use crate::health::Health;
use crate::intake::Intake;
use crate::look::Look;
use crate::pending_list::PendingList;
use crate::retry_delay;
use crate::source::Source;

/// The least time between two walks that hints ask for.
const HINT_PAUSE: Duration = Duration::from_secs(1);

/// Asks for the lists of pending requests, one for each family.
pub(crate) struct Polling {
    pub(crate) lists: Vec<PendingList>,
    pub(crate) every: Duration,
    pub(crate) backoff: JitteredBackoff,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) health: Health,
}

#[async_trait]
impl Source for Polling {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        match stop.run_until_cancelled(self.until_senseless(intake)).await {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    async fn look(&self, intake: &Intake) -> Result<Look, Error> {
        let look = self.walk(intake).await;
        self.health.looked(look.as_ref().err().map(Error::code));
        look
    }
}

impl Polling {
    /// Polls until the platform turns out to be another one. When it asks to be left alone for
    /// longer than a beat, it is; a platform that fails again and again is asked less and less
    /// often.
    async fn until_senseless(&self, intake: &Intake) -> Error {
        let mut failures = 0;
        loop {
            let beat = self.beat(intake).await;
            self.health.looked(beat.as_ref().err().map(Error::code));
            let rest = match beat {
                Ok(()) => {
                    failures = 0;
                    match self.rest(intake).await {
                        Ok(()) => continue,
                        // What a hint's walk met, the next beat meets, too.
                        Err(error) => {
                            warn!(code = error.code(), %error, "a hint was in vain");
                            self.every
                        }
                    }
                }
                Err(error) if error.ends_processor() => return error,
                Err(error) => {
                    failures += 1;
                    warn!(code = error.code(), %error, "polling goes on later");
                    let backoff = self.backoff.delay(failures);
                    retry_delay::delay(
                        retry_delay::asked_by_platform(&error),
                        self.every.max(backoff),
                    )
                }
            };
            self.clock.sleep(rest).await;
        }
    }

    /// Rests until the next beat is due, and walks the lists that hints are about meanwhile. A hint
    /// never puts a beat off, and two walks that hints ask for are a second apart.
    async fn rest(&self, intake: &Intake) -> Result<(), Error> {
        let due = self.clock.monotonic() + self.every;
        while let Ok(hinted) = self.clock.limit_until(due, intake.hints.given()).await {
            intake.confirm().await?;
            for list in self.lists.iter().filter(|list| hinted.contains(list.collection())) {
                list.walk(intake).await?;
            }
            self.clock.until(due.min(self.clock.monotonic() + HINT_PAUSE)).await;
        }
        Ok(())
    }

    /// Walks every list, and stops at one that cannot be had.
    async fn walk(&self, intake: &Intake) -> Result<Look, Error> {
        let mut look = Look::default();
        for list in &self.lists {
            look.add(list.walk(intake).await?);
        }
        Ok(look)
    }

    /// Walks every list, also when another one cannot be had. Nothing is taken from a platform
    /// before it has said which one it is.
    async fn beat(&self, intake: &Intake) -> Result<(), Error> {
        intake.confirm().await?;
        // What was hinted at until now, this walk sees.
        intake.hints.take();
        let mut walked = Ok(());
        for list in &self.lists {
            walked = list.walk(intake).await.map(drop).and(walked);
        }
        walked
    }
}
