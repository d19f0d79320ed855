//! What others see of one account, and whom their calls reach: its processor of now, which may be
//! another one than before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use connect_client::Client;
use connect_clock::SystemClock;
use connect_journal::{MemoryJournal, WriteCounts};
use connect_processor::{Health, Metrics, Processor, State};
use tracing::Span;

use crate::doors::Doors;
use crate::logging;
use crate::settings::AccountName;

/// One account, as others see it.
pub(crate) struct Window {
    pub(crate) name: Option<AccountName>,
    shown: Mutex<Shown>,
}

/// The processor that works for an account now.
struct Shown {
    health: Health,
    written: Arc<dyn Fn() -> WriteCounts + Send + Sync>,
    calls: Router,
}

impl Window {
    /// Shows an account for which no processor works yet.
    pub(crate) fn new(name: Option<AccountName>, client: &Client, metrics: &Metrics) -> Self {
        // Nobody has opened its journal, so what it holds is not known.
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        let processor = Processor::new((), client.clone(), journal).metrics(metrics.clone());
        let shown = Shown {
            health: processor.health(),
            written: Arc::new(WriteCounts::default),
            calls: unheard(),
        };
        Self { name, shown: Mutex::new(shown) }
    }

    /// Shows a processor that is about to start.
    pub(crate) fn show<S: Send + Sync + 'static>(
        &self,
        processor: &Processor<S>,
        written: impl Fn() -> WriteCounts + Send + Sync + 'static,
        doors: Doors,
    ) {
        let (health, calls) = (processor.health(), doors.routes(self.name.as_ref()));
        let mut shown = self.shown();
        health.go_on_from(&shown.health);
        *shown = Shown { health, written: Arc::new(written), calls };
    }

    /// Shows that no processor works now, and why.
    pub(crate) fn cannot_start(&self, state: State, cause: &'static str) {
        let mut shown = self.shown();
        shown.health.cannot_start(state, cause);
        shown.calls = unheard();
    }

    /// Returns the signs of life of its processor, with how much the journal has written among its
    /// numbers.
    pub(crate) fn health(&self) -> Health {
        let shown = self.shown();
        let WriteCounts { operations, commits } = (shown.written)();
        shown.health.metrics().set_written(operations, commits);
        shown.health.clone()
    }

    /// Returns what its processor answers.
    pub(crate) fn calls(&self) -> Router {
        self.shown().calls.clone()
    }

    /// Returns what each line of the log says that is about it.
    pub(crate) fn span(&self) -> Span {
        logging::of_account(self.name.as_ref())
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to all calls while nobody would hear of them: call again.
fn unheard() -> Router {
    Router::new().fallback(async || StatusCode::SERVICE_UNAVAILABLE)
}
