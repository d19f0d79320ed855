//! Everything in one thread, without a socket, by one clock that moves when told to.

mod deadlines;
mod jobs;
mod month;
mod scheduling;
mod story;

use std::sync::Arc;
use std::time::Duration;

use connect_clock::VirtualClock;
use connect_journal::{Journal, MemoryJournal, SqliteJournal};

/// The time that passes at once in stories of many days: a processor looks into its journal every
/// second, and a month has two and a half million.
const STEP: Duration = Duration::from_secs(60);

/// A clock that shows noon.
fn noon() -> VirtualClock {
    VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap())
}

fn in_memory(clock: &VirtualClock) -> Arc<dyn Journal> {
    Arc::new(MemoryJournal::new(clock.clone()))
}

/// A journal in a folder, without a thread of its own.
fn on_disk(folder: &tempfile::TempDir, clock: &VirtualClock) -> Arc<dyn Journal> {
    let file = folder.path().join("journal.sqlite");
    Arc::new(SqliteJournal::open_inline(file, clock.clone()).unwrap())
}
