//! What the runs of one processor share.

use std::sync::{Arc, Mutex, PoisonError};

use connect_client::Client;
use connect_clock::Clock;
use connect_journal::{Journal, JournalError};
use tokio::sync::Notify;

use crate::Intake;
use crate::backoff::Jittered;
use crate::dispatch::Routes;
use crate::lease::Leases;
use crate::places::Places;
use crate::report::Tally;
use crate::settings::Settings;
use crate::templates::Templates;

/// Everything the runs of one processor share.
pub(crate) struct Engine<S> {
    pub(crate) client: Client,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: Arc<S>,
    pub(crate) routes: Routes<S>,
    pub(crate) intake: Intake,
    pub(crate) templates: Templates,
    pub(crate) settings: Settings,
    pub(crate) leases: Leases,
    pub(crate) tally: Tally,
    pub(crate) backoff: Jittered,
    pub(crate) places: Places,
    /// Notified when a run ends.
    pub(crate) ended: Notify,
    /// Why no work can be claimed, while that is so.
    pub(crate) trouble: Mutex<Option<JournalError>>,
}

impl<S> Engine<S> {
    /// Says, or takes back, that no work can be claimed; returns what was said before.
    pub(crate) fn set_trouble(&self, trouble: Option<JournalError>) -> Option<JournalError> {
        let mut said = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut said, trouble)
    }

    /// Whether the journal was taken away: nothing more can be written in this life, and what was
    /// written may be lost.
    pub(crate) fn is_gone(&self) -> bool {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*trouble, Some(JournalError::Gone { .. }))
    }
}
