//! The stores under test.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use connect_clock::VirtualClock;
use connect_journal::testing::conformance::TestStore;
use connect_journal::{Journal, MemoryJournal, OpenError, SqliteJournal};
use tempfile::TempDir;

pub(crate) struct Memory;

#[async_trait]
impl TestStore for Memory {
    async fn fresh(&self, clock: VirtualClock) -> Arc<dyn Journal> {
        Arc::new(MemoryJournal::new(clock))
    }
}

/// Journals in files of a directory of their own.
pub(crate) struct Sqlite {
    directory: TempDir,
    files: AtomicU32,
    open: fn(PathBuf, VirtualClock) -> Result<SqliteJournal, OpenError>,
}

impl Sqlite {
    pub(crate) fn on_thread() -> Self {
        Self::that_is(SqliteJournal::open)
    }

    pub(crate) fn inline() -> Self {
        Self::that_is(SqliteJournal::open_inline)
    }

    fn that_is(open: fn(PathBuf, VirtualClock) -> Result<SqliteJournal, OpenError>) -> Self {
        Self { directory: tempfile::tempdir().unwrap(), files: AtomicU32::new(0), open }
    }

    fn next_file(&self) -> PathBuf {
        let place = self.files.fetch_add(1, Ordering::Relaxed);
        self.directory.path().join(format!("{place}.db"))
    }
}

#[async_trait]
impl TestStore for Sqlite {
    async fn fresh(&self, clock: VirtualClock) -> Arc<dyn Journal> {
        Arc::new((self.open)(self.next_file(), clock).unwrap())
    }
}
