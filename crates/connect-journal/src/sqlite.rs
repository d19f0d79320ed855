//! The journal in one SQLite file.

mod backup;
mod claims;
mod columns;
mod committer;
mod connect;
mod controls;
mod create;
mod erase;
mod error;
mod events;
mod files;
mod groups;
mod lanes;
mod notes;
mod open;
mod open_error;
mod operation;
mod operations;
mod queries;
mod removal;
mod schema;
mod transaction;
mod upkeep;
mod waits;
mod writer;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_clock::{Clock, Monotonic, saturating_add};
use jiff::Timestamp;
use rusqlite::Connection;

pub use self::backup::BackupError;
use self::committer::Committer;
pub use self::committer::WriteCounts;
pub use self::erase::{EraseError, Erasure};
use self::error::SqliteError;
use self::files::Files;
pub use self::open_error::OpenError;
use self::operation::Turn;
use self::transaction::Transaction;
use self::writer::Writer;
use crate::claim::Claim;
use crate::control::Control;
use crate::control_check::check;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::HistoryEntry;
use crate::journal::Journal;
use crate::names::{ControlName, Group, RunId, StepName, WorkerId};
use crate::note::AttemptNote;
use crate::notifier::Notifier;
use crate::owner;
use crate::restoration::Restoration;
use crate::run::{Counts, NewRun, OfferResult, RunFilter, RunState, RunView};
use crate::steady::SteadyClock;
use crate::step::StepResult;

/// A journal in one SQLite file, for one machine.
///
/// What was answered with `Ok` is synced to the disk (write-ahead log, `synchronous=FULL`).
/// One thread does all writing: it carries out whatever calls were waiting as one transaction, so
/// that many workers share the cost of one sync. Several processes may open the same file.
///
/// A new file can be read by its user alone; an existing one keeps its permissions. When the file
/// or its write-ahead log is removed or replaced, every call fails with [`JournalError::Gone`], and
/// what was not yet answered is not answered with `Ok`.
///
/// Times before 1677 or after 2262 are kept as the nearest time in between.
///
/// Dropping the journal answers what is waiting and closes the file.
///
/// ```
/// use connect_clock::SystemClock;
/// use connect_journal::{Journal, SqliteJournal};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let file = directory.path().join("journal.db");
/// let journal = SqliteJournal::open(file, SystemClock)?;
/// assert_eq!(journal.counts().await?.ready_now, 0);
/// # Ok(())
/// # }
/// ```
pub struct SqliteJournal {
    reader: Arc<Mutex<Connection>>,
    writer: Writer,
    notifier: Arc<Notifier>,
    clock: Arc<SteadyClock>,
    files: Arc<Files>,
}

impl SqliteJournal {
    /// Opens the journal in `file`, or creates it there if there is no such file.
    ///
    /// # Errors
    /// When the file cannot be opened or is not a whole journal that this version knows. It is left
    /// as it was.
    pub fn open(file: impl AsRef<Path>, clock: impl Clock) -> Result<Self, OpenError> {
        Self::open_with(file.as_ref(), clock, |file, committer| {
            let thread = |source| OpenError::Thread { file: file.to_path_buf(), source };
            Writer::on_thread(committer).map_err(thread)
        })
    }

    /// Opens the journal as [`open`](Self::open) does, without threads: each call is carried out
    /// when it is first polled, in a transaction of its own, and is over then. For a simulation
    /// that lives in one thread; whoever polls waits for the disk.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_inline(file: impl AsRef<Path>, clock: impl Clock) -> Result<Self, OpenError> {
        Self::open_with(file.as_ref(), clock, |_, committer| Ok(Writer::inline(committer)))
    }

    fn open_with(
        file: &Path,
        clock: impl Clock,
        start: impl FnOnce(&Path, Committer) -> Result<Writer, OpenError>,
    ) -> Result<Self, OpenError> {
        let (files, connection) = open::writable(file)?;
        let reader = Arc::new(Mutex::new(open::readable(files.main())?));
        let files = Arc::new(files);
        let clock = Arc::new(SteadyClock::new(clock));
        let notifier = Arc::new(Notifier::new(clock.clone()));
        let committer = Committer {
            connection,
            files: files.clone(),
            clock: clock.clone(),
            notifier: notifier.clone(),
            tally: Arc::default(),
            life: None,
        };
        let writer = start(files.main(), committer)?;
        Ok(Self { reader, writer, notifier, clock, files })
    }

    /// Returns how much this handle has written since it was opened.
    pub fn written(&self) -> WriteCounts {
        self.writer.written()
    }

    async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.files.check()?;
        if self.clock.look().jump().is_some() {
            // Dates are to be shown as the wall has them. If they cannot be moved, they are shown
            // as they stand.
            let _ = self.writer.write(Turn::Write, |_| Ok(())).await;
        }
        let reader = self.reader.clone();
        let look = move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let snapshot = reader.unchecked_transaction()?;
            look(&snapshot)
        };
        let found = if self.writer.is_inline() {
            look()
        } else {
            tokio::task::spawn_blocking(look).await.map_err(JournalError::unavailable)?
        };
        found.map_err(|error| SqliteError::new(self.files.main(), error).into())
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        self.files.before_closing(&self.reader.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        owner::check(owner)?;
        let owner = owner.to_owned();
        self.writer.write(Turn::Write, move |tx| operations::bind(tx, &owner)).await
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        let runs = runs.to_vec();
        self.writer.write(Turn::Write, move |tx| operations::offer(tx, &runs)).await
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let (worker, except) = (worker.clone(), except.to_vec());
        let changes = self.notifier.changes();
        let claim = move |tx: &Transaction<'_>| {
            let lease_end = saturating_add(tx.now, lease);
            claims::claim(tx, &worker, max.get(), &except, lease_end, deadline)
        };
        let claimed = self.writer.write(Turn::Claim, claim).await?;
        if claimed.claims.len() < max.get() {
            self.notifier.came_back_short(changes, claimed.next_due);
        }
        Ok(claimed.claims)
    }

    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let (worker, run, except) = (worker.clone(), run.clone(), except.to_vec());
        let changes = self.notifier.changes();
        let claim = move |tx: &Transaction<'_>| {
            let lease_end = saturating_add(tx.now, lease);
            claims::claim_run(tx, &worker, &run, &except, lease_end, deadline)
        };
        let mut claimed = self.writer.write(Turn::Claim, claim).await?;
        if claimed.claims.is_empty() {
            self.notifier.came_back_short(changes, claimed.next_due);
        }
        Ok(claimed.claims.pop())
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let claims: Vec<_> = claims.iter().map(|claim| (claim.run.clone(), claim.fence)).collect();
        let renew =
            move |tx: &Transaction<'_>| claims::renew(tx, &claims, saturating_add(tx.now, lease));
        let renewed = self.writer.write(Turn::Write, renew).await?;
        Ok(renewed.into_iter().map(|renewed| renewed.then_some(deadline)).collect())
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        let (run, fence, step) = (claim.run.clone(), claim.fence, step.clone());
        self.writer.write(Turn::Write, move |tx| operations::intend(tx, &run, fence, &step)).await
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        let (run, fence) = (claim.run.clone(), claim.fence);
        let (step, next) = (step.clone(), next.cloned());
        let record = move |tx: &Transaction<'_>| {
            operations::record(tx, &run, fence, &step, &result, next.as_ref())
        };
        self.writer.write(Turn::Write, record).await
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        let (run, fence) = (claim.run.clone(), claim.fence);
        self.writer.write(Turn::Write, move |tx| operations::finish(tx, &run, fence, &how)).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        let (claim, step) = (claim.clone(), step.clone());
        let record = move |tx: &Transaction<'_>| notes::record(tx, &claim, &step, &result, &note);
        self.writer.write(Turn::Write, record).await
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        let (claim, notes) = (claim.clone(), notes.to_vec());
        let finish = move |tx: &Transaction<'_>| notes::finish(tx, &claim, &how, &notes);
        self.writer.write(Turn::Write, finish).await
    }

    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError> {
        let run = run.clone();
        self.read(move |db| notes::all(db, &run)).await
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        let (run, by) = (run.clone(), by.to_owned());
        self.writer.write(Turn::Write, move |tx| operations::revive(tx, &run, due, &by)).await
    }

    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError> {
        let (run, by) = (run.clone(), by.to_owned());
        self.writer.write(Turn::Write, move |tx| operations::hasten(tx, &run, &by)).await
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        let (run, why) = (run.clone(), why.to_owned());
        self.writer.write(Turn::Write, move |tx| operations::reopen(tx, &run, &why)).await
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        let runs = runs.to_vec();
        let remove = move |tx: &Transaction<'_>| removal::remove(tx, &runs, ended_before);
        self.writer.write(Turn::Write, remove).await
    }

    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError> {
        let run = run.clone();
        self.read(move |db| queries::history(db, &run, &range)).await
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        let run = run.clone();
        self.read(move |db| queries::run(db, &run)).await
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        let filter = filter.clone();
        self.read(move |db| queries::runs(db, &filter)).await
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        let clock = self.clock.clone();
        self.read(move |db| queries::counts(db, clock.now())).await
    }

    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError> {
        check(name, value.as_ref(), by)?;
        let (name, by) = (name.clone(), by.to_owned());
        let set = move |tx: &Transaction<'_>| controls::set(tx, &name, value.as_ref(), &by);
        self.writer.write(Turn::Write, set).await
    }

    async fn controls(&self) -> Result<Vec<Control>, JournalError> {
        self.read(controls::all).await
    }

    async fn restoration(&self) -> Result<Option<Restoration>, JournalError> {
        self.read(backup::latest).await
    }

    async fn check(&self) -> Result<(), JournalError> {
        Ok(self.files.check()?)
    }

    async fn wait_due(&self, until: Monotonic) {
        self.notifier.wait(until).await;
    }
}

#[cfg(test)]
mod tests {
    use connect_clock::SystemClock;

    use super::*;
    use crate::run::RunFilter;

    /// Lets the file grow by so many pages from now on.
    async fn leave_pages(journal: &SqliteJournal, pages: i64) {
        let limit = move |tx: &Transaction<'_>| {
            let used: i64 = tx.one("pragma page_count", [], |row| row.get(0))?;
            let limit = format!("pragma max_page_count = {}", used + pages);
            Ok(tx.db.query_row(&limit, [], |_| Ok(()))?)
        };
        journal.writer.write(Turn::Write, limit).await.unwrap();
    }

    fn pair(n: usize) -> [NewRun; 2] {
        let payload = vec![b'x'; 3000];
        ["a", "b"].map(|half| NewRun::new(format!("{n:04}{half}"), "lane", payload.clone()))
    }

    #[tokio::test]
    async fn a_full_disk_loses_nothing_and_passes() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("journal.db");
        let journal = SqliteJournal::open(&file, SystemClock).unwrap();
        leave_pages(&journal, 40).await;

        let mut accepted = 0;
        let refusal = loop {
            match journal.offer(&pair(accepted)).await {
                Ok(_) => accepted += 1,
                Err(refusal) => break refusal,
            }
        };
        let JournalError::Unavailable { source } = refusal else { panic!("{refusal}") };
        let told = source.to_string().replace(&file.display().to_string(), "FILE");
        insta::assert_snapshot!(told, @"FILE: database or disk is full; free space on its disk");
        assert!(accepted > 0);
        let runs = journal.runs(&RunFilter::default()).await.unwrap();
        assert_eq!(runs.len(), 2 * accepted, "all of each call or nothing");

        leave_pages(&journal, 1000).await;
        journal.offer(&pair(accepted)).await.unwrap();
        let claims = journal.claim(&"worker".into(), NonZeroUsize::MIN, Duration::MAX).await;
        assert_eq!(claims.unwrap()[0].run, "0000a".into());
    }
}
