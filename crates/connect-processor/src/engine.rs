//! Everything the runs of one processor share.

use std::sync::{Arc, Mutex, PoisonError};

use connect_client::Client;
use connect_clock::Clock;
use connect_journal::{Journal, JournalError, Restoration};
use tokio::sync::Notify;

use crate::backoff::JitteredBackoff;
use crate::dispatch::Routes;
use crate::gate::Gate;
use crate::health::Health;
use crate::intake::Intake;
use crate::lease::LeaseTable;
use crate::monthly::job::Work;
use crate::places::Places;
use crate::report::EndingCounts;
use crate::settings::Settings;
use crate::templates::Templates;
use crate::usage::collector::Collect;

/// Everything the runs of one processor share.
pub(crate) struct Engine<S> {
    pub(crate) client: Client,
    pub(crate) journal: Arc<dyn Journal>,
    /// When the journal was last restored, if ever.
    pub(crate) restoration: Option<Restoration>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: Arc<S>,
    pub(crate) routes: Routes<S>,
    /// Collects usage, where the vendor reports any.
    pub(crate) usage: Option<Box<Collect<S>>>,
    /// Does what is due once a month, where there is such a job.
    pub(crate) monthly: Option<Box<Work<S>>>,
    pub(crate) intake: Intake,
    pub(crate) templates: Templates,
    pub(crate) settings: Settings,
    pub(crate) leases: LeaseTable,
    pub(crate) endings: EndingCounts,
    pub(crate) health: Health,
    pub(crate) backoff: JitteredBackoff,
    pub(crate) places: Places,
    pub(crate) gate: Arc<Gate>,
    /// The notice that a run ends.
    pub(crate) ended: Notify,
    /// The reason for which no work can be claimed, while that is so.
    pub(crate) claim_error: Mutex<Option<JournalError>>,
}

impl<S> Engine<S> {
    /// Sets or clears the reason for which no work can be claimed, and returns the former one.
    pub(crate) fn set_claim_error(&self, error: Option<JournalError>) -> Option<JournalError> {
        self.health.claimed(error.as_ref().map(JournalError::code));
        let mut said = self.claim_error.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut said, error)
    }

    /// Returns whether the journal was taken away: nothing more can be written in this life, and
    /// what was written may be lost.
    pub(crate) fn is_gone(&self) -> bool {
        let error = self.claim_error.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*error, Some(JournalError::Gone { .. }))
    }
}
