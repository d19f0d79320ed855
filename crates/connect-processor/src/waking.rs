//! Has runs look again that wait as planned, when news asks for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connect_clock::{Clock, Monotonic};
use connect_journal::{Journal, JournalError, RunId, RunState};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::error::Error;
use crate::failure::chain;
use crate::intake::Intake;
use crate::source::Source;
use crate::wakes::Wakes;

/// The least time between two times that one request is woken: whoever calls back without end has
/// it look no more often.
const PAUSE: Duration = Duration::from_secs(5);

/// The time after which one that cannot be woken yet is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// The time for which a run that is at work is waited for. After that it is left to its own time.
const LONGEST: Duration = Duration::from_secs(600);

/// The name of the news, in the history of a run.
const BY: &str = "news of what it waits for";

/// Wakes what is to be woken.
pub(crate) struct Waking {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Source for Waking {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        stop.run_until_cancelled(self.for_ever(&intake.wakes)).await;
        Ok(())
    }
}

impl Waking {
    async fn for_ever(&self, wakes: &Wakes) {
        let mut woken = BTreeMap::new();
        loop {
            let asked = wakes.given().await;
            let now = self.clock.monotonic();
            woken.retain(|_, at| now - *at < PAUSE);
            let mut rests = false;
            for (request, since) in asked {
                let since = since.unwrap_or(now);
                let is_too_soon = woken.contains_key(&request);
                if is_too_soon || !self.wake(&request, since).await {
                    wakes.keep(request, since);
                    rests = true;
                } else {
                    woken.insert(request, now);
                }
            }
            if rests {
                self.clock.sleep(AGAIN).await;
            }
        }
    }

    /// Wakes a request, or finds that there is nothing to wake. A run at work may have looked
    /// already: it is woken once it waits again.
    async fn wake(&self, request: &str, since: Monotonic) -> bool {
        let found = self.journal.hasten(&RunId::from(request), BY).await;
        let is_over = self.clock.since(since) >= LONGEST;
        match found {
            Ok(Some(RunState::Running)) => is_over,
            Err(error @ JournalError::Unavailable { .. }) => {
                warn!(
                    request,
                    code = error.code(),
                    error = chain(&error),
                    "the run is not woken yet"
                );
                is_over
            }
            Err(error) => {
                warn!(request, code = error.code(), error = chain(&error), "the run is not woken");
                true
            }
            Ok(state) => {
                let state = state.map_or("unknown", RunState::as_str);
                debug!(request, state, "the run looks again, if it waits");
                true
            }
        }
    }
}
