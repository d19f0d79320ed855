//! Signs of life, for whoever watches a processor.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};

use crate::ending::Ending;
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
}

struct Signs {
    looked: Monotonic,
    platform: Option<&'static str>,
    journal: Option<&'static str>,
}

impl Health {
    /// Returns those of a processor that is made now.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let signs = Signs { looked: clock.monotonic(), platform: None, journal: None };
        Self { signs: Arc::new(Mutex::new(signs)), endings: EndingCounts::default(), clock }
    }

    /// Returns how the processor is now.
    #[must_use]
    pub fn vitals(&self) -> Vitals {
        let Signs { looked, platform, journal } = *self.signs();
        let (since_look, ended) = (self.clock.since(looked), self.endings.counts());
        Vitals { since_look, platform, journal, ended }
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
