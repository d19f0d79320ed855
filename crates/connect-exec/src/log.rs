//! What workers print and have logged, within limits.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use serde::Deserialize;
use tracing::{debug, error, info, warn};

use crate::last_words::LastWords;

/// The most lines of one worker that are logged in a second; others are counted.
const MOST_A_SECOND: u32 = 200;

/// What one worker prints.
pub(crate) struct Printed {
    worker: u64,
    clock: Arc<dyn Clock>,
    budget: Mutex<Budget>,
    last: Mutex<LastWords>,
}

struct Budget {
    second: Monotonic,
    lines: u32,
    left_out: u32,
}

impl Printed {
    pub(crate) fn of(worker: u64, clock: Arc<dyn Clock>) -> Self {
        let budget = Budget { second: clock.monotonic(), lines: 0, left_out: 0 };
        Self { worker, clock, budget: Mutex::new(budget), last: Mutex::default() }
    }

    /// Returns whether one more line may be logged, and of how many left-out lines is to be told before.
    fn allows(&self) -> (bool, u32) {
        let now = self.clock.monotonic();
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left_out = 0;
        if now - budget.second >= Duration::from_secs(1) {
            left_out = budget.left_out;
            *budget = Budget { second: now, lines: 0, left_out: 0 };
        }
        let allows = budget.lines < MOST_A_SECOND;
        if allows {
            budget.lines += 1;
        } else {
            budget.left_out += 1;
        }
        (allows, left_out)
    }

    /// Returns the last lines that it had logged, and those that were too many.
    pub(crate) fn last_words(&self) -> LastWords {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Logs a line, unless there are too many.
    pub(crate) fn line(&self, level: Level, line: &str) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).add(line);
        let worker = self.worker;
        let (allows, left_out) = self.allows();
        if left_out > 0 {
            warn!(worker, left_out, "a worker prints too much; lines were left out");
        }
        match level {
            _ if !allows => {}
            Level::Error => error!(worker, "{line}"),
            Level::Warn => warn!(worker, "{line}"),
            Level::Info => info!(worker, "{line}"),
            Level::Debug => debug!(worker, "{line}"),
        }
    }
}

/// What a worker wants logged.
#[derive(Deserialize)]
pub(crate) struct LogNotice {
    pub(crate) run: Option<String>,
    #[serde(default)]
    pub(crate) level: Level,
    pub(crate) message: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}
