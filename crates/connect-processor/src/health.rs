//! Signs of life, for whoever watches a processor.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};

use crate::ending::Ending;
use crate::gate::Gate;
use crate::report::EndingCounts;

/// The signs of life of a processor, to be looked at while it works.
#[derive(Clone)]
pub struct Health {
    signs: Arc<Mutex<Signs>>,
    pub(crate) endings: EndingCounts,
    clock: Arc<dyn Clock>,
}

/// The state of a processor at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// The time since pending requests were last listed to their end, or since the processor was
    /// made.
    pub since_look: Duration,
    /// The stable code of the error for which they could not be listed the last time, such as
    /// `CLT_UNREACHABLE`.
    pub platform: Option<&'static str>,
    /// The stable code of the error for which the journal gives no work out.
    pub journal: Option<&'static str>,
    /// The endings that runs of this process came to, and how many to each.
    pub ended: BTreeMap<Ending, u64>,
    /// What is paused, such as `everything`, `vendor acme` or `product PRD-411-678-887`.
    pub paused: Vec<String>,
    /// The vendors that are down: nothing of theirs is begun until one run shows that they are back.
    pub down: Vec<String>,
}

struct Signs {
    looked: Monotonic,
    platform: Option<&'static str>,
    journal: Option<&'static str>,
    gate: Option<Arc<Gate>>,
}

impl Health {
    /// Returns those of a processor that is made now.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let looked = clock.monotonic();
        let signs = Signs { looked, platform: None, journal: None, gate: None };
        Self { signs: Arc::new(Mutex::new(signs)), endings: EndingCounts::default(), clock }
    }

    /// Returns how the processor is now.
    #[must_use]
    pub fn vitals(&self) -> Vitals {
        let Signs { looked, platform, journal, ref gate } = *self.signs();
        let (since_look, ended) = (self.clock.since(looked), self.endings.counts());
        let shut = gate.as_ref().map(|gate| (gate.paused(), gate.down()));
        let (paused, down) = shut.unwrap_or_default();
        Vitals { since_look, platform, journal, ended, paused, down }
    }

    /// Keeps what says which work is not begun.
    pub(crate) fn watch(&self, gate: &Arc<Gate>) {
        self.signs().gate = Some(Arc::clone(gate));
    }

    /// Keeps whether pending requests could be listed, or else the error's code.
    pub(crate) fn looked(&self, error: Option<&'static str>) {
        let mut signs = self.signs();
        signs.platform = error;
        if error.is_none() {
            signs.looked = self.clock.monotonic();
        }
    }

    /// Keeps whether the journal gives work out, or else the error's code.
    pub(crate) fn claimed(&self, error: Option<&'static str>) {
        self.signs().journal = error;
    }

    fn signs(&self) -> MutexGuard<'_, Signs> {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Health").field(&self.vitals()).finish()
    }
}
