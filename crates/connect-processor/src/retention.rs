//! Removes runs from the journal that nobody asks about any more.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connect_clock::{Clock, saturating_add, saturating_shift};
use connect_journal::{Journal, RunFilter, RunId, RunView};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::error::Error;
use crate::failure::chain;
use crate::intake::Intake;
use crate::offers::ServedFamily;
use crate::payload::Payload;
use crate::source::Source;

/// The time between two looks.
const REST: Duration = Duration::from_secs(3600);

/// The time between two batches: whoever works comes first.
const PAUSE: Duration = Duration::from_secs(1);

/// The runs of a batch: what one reading of requests holds.
const BATCH: usize = 64;

/// Removes runs that were over long ago, if the platform shows their requests at an end, too. That
/// it does not show one proves nothing. A request that the platform may still list as pending must find its
/// run, or all of its steps would be taken again.
///
/// Reports of usage and monthly jobs stay: whether a month is due is asked of the journal.
pub(crate) struct Retention {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long runs are kept that are over.
    pub(crate) keep: Duration,
}

#[async_trait]
impl Source for Retention {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let (wall, start) = (self.clock.now(), self.clock.monotonic());
        while stop.run_until_cancelled(self.clock.sleep(REST)).await.is_some() {
            // A wall that is set ahead meanwhile makes nothing old.
            let now = self.clock.now().min(saturating_add(wall, self.clock.since(start)));
            match stop.run_until_cancelled(self.remove_old(intake, now)).await {
                Some(Err(error @ Error::OtherJournal { .. })) => return Err(error),
                Some(Err(error)) => {
                    warn!(code = error.code(), error = chain(&error), "old runs are removed later");
                }
                Some(Ok(())) | None => {}
            }
        }
        Ok(())
    }
}

impl Retention {
    async fn remove_old(&self, intake: &Intake, now: Timestamp) -> Result<(), Error> {
        let keep = SignedDuration::try_from(self.keep).unwrap_or(SignedDuration::MAX);
        let before = saturating_shift(now, -keep);
        let mut page =
            RunFilter { ended_before: Some(before), limit: BATCH, ..RunFilter::default() };
        loop {
            let old = self.journal.runs(&page).await?;
            let Some(last) = old.last() else { return Ok(()) };
            page.after = Some(last.id.clone());
            self.remove(intake, &old, before).await?;
            self.clock.sleep(PAUSE).await;
        }
    }

    /// Removes those whose requests are at an end.
    async fn remove(
        &self,
        intake: &Intake,
        old: &[RunView],
        before: Timestamp,
    ) -> Result<(), Error> {
        intake.confirm().await?;
        let read = join_all(old.iter().map(|run| is_at_end(intake, run))).await;
        let at_end = old.iter().zip(read).filter(|(_, is_at_end)| *is_at_end);
        let at_end: Vec<RunId> = at_end.map(|(run, _)| run.id.clone()).collect();
        if at_end.is_empty() {
            return Ok(());
        }
        let removed = self.journal.remove(&at_end, before).await?;
        info!(removed, "runs that were over before {before:.0} are removed");
        Ok(())
    }
}

/// Returns whether the platform shows the request of a run at an end. What it does not show, is of no
/// family that is worked on, or cannot be read, may be anything. A run whose data was erased does not say
/// its family any more: its id is that of one request.
async fn is_at_end(intake: &Intake, run: &RunView) -> bool {
    let families: Vec<&ServedFamily> = match Payload::read(&run.payload) {
        Ok(payload) if !payload.is_of_request() => return false,
        Ok(Payload { collection, .. }) => intake.family(&collection).into_iter().collect(),
        Err(_) if run.payload.is_empty() => intake.families.values().collect(),
        Err(_) => return false,
    };
    for family in families {
        match family.reader.read(run.id.as_str()).await {
            Ok(Some(current)) => return current.head.status.is_final(),
            Ok(None) => {}
            Err(error) => {
                debug!(run = %run.id, error = chain(&error), "its request cannot be read");
            }
        }
    }
    false
}
