//! The writing thread: whatever calls are waiting become one transaction.

use std::{
    cell::Cell,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use connect_clock::Clock;
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, TransactionBehavior};
use tokio::sync::oneshot;

use super::{failure::Failure, files::Files};
use crate::{JournalError, notifier::Notifier};

/// The most operations one transaction carries.
const LARGEST_BATCH: usize = 512;

/// How long an operation waits for others to share its transaction when the one before was shared:
/// a sync costs more than that, and a lone worker never waits.
const GATHER: Duration = Duration::from_millis(1);

/// How much a [`SqliteJournal`](super::SqliteJournal) has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Calls answered after a successful commit, refused ones included.
    pub operations: u64,
    /// Transactions committed for them, each synced to the disk once.
    pub commits: u64,
}

/// When an operation's turn comes within its transaction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// First, because writes free lanes…
    Write,
    /// …that claims can then take.
    Claim,
}

/// Why an operation did not succeed.
#[derive(Debug)]
pub(super) enum Setback {
    /// The journal's rules forbid it. Nothing was written.
    Refused(JournalError),
    /// SQLite failed; something may have been written in this transaction.
    Broken(rusqlite::Error),
}

impl From<JournalError> for Setback {
    fn from(refusal: JournalError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<rusqlite::Error> for Setback {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

/// What an operation works with.
pub(super) struct Desk<'a> {
    /// The open transaction.
    pub(super) db: &'a Connection,
    /// The one time of the whole transaction.
    pub(super) now: Timestamp,
    /// Set by operations that make something claimable.
    pub(super) news: Cell<bool>,
}

impl Desk<'_> {
    pub(super) fn prepare(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.db.prepare_cached(sql)
    }

    /// How many rows it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.prepare(sql)?.execute(params)
    }

    /// The first row, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>> {
        self.one(sql, params, read).optional()
    }

    /// The first row, which has to be there.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.prepare(sql)?.query_row(params, read)
    }
}

/// A handle on the writing thread, which ends with it.
pub(super) struct Writer {
    /// `None` only while dropping.
    queue: Option<Sender<Box<dyn Operation>>>,
    thread: Option<JoinHandle<()>>,
    tally: Arc<Tally>,
}

#[derive(Default)]
struct Tally {
    operations: AtomicU64,
    commits: AtomicU64,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        files: Arc<Files>,
        clock: Arc<dyn Clock>,
        notifier: Arc<Notifier>,
    ) -> io::Result<Self> {
        let (queue, waiting) = channel();
        let tally = Arc::new(Tally::default());
        let mut thread = WritingThread { connection, files, clock, notifier, tally: tally.clone() };
        let thread = thread::Builder::new()
            .name("journal writer".to_owned())
            .spawn(move || thread.serve(&waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), tally })
    }

    /// Carries out `work` in some transaction and answers once that is on the disk. `work` is done
    /// again when the first transaction had to be rolled back for another operation's sake.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        work: impl FnMut(&Desk<'_>) -> Result<T, Setback> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (reply, answer) = oneshot::channel();
        let operation = Box::new(Pending { turn, work, answer: None, reply });
        if let Some(queue) = &self.queue {
            // When the thread is gone, the reply is dropped with the operation.
            let _ = queue.send(operation);
        }
        answer.await.unwrap_or_else(|_| {
            Err(JournalError::unavailable("the writing thread has ended; restart the process"))
        })
    }

    pub(super) fn written(&self) -> Written {
        Written {
            operations: self.tally.operations.load(Ordering::Relaxed),
            commits: self.tally.commits.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to wait for.
            let _ = thread.join();
        }
    }
}

/// An operation in the queue, whatever it answers.
trait Operation: Send {
    fn turn(&self) -> Turn;
    /// Does the work and keeps the answer.
    fn work(&mut self, desk: &Desk<'_>) -> rusqlite::Result<()>;
    /// Gives the answer away: it is on the disk.
    fn committed(self: Box<Self>);
    fn failed(self: Box<Self>, failure: JournalError);
}

struct Pending<T, W> {
    turn: Turn,
    work: W,
    answer: Option<Result<T, JournalError>>,
    reply: oneshot::Sender<Result<T, JournalError>>,
}

impl<T, W> Operation for Pending<T, W>
where
    T: Send,
    W: FnMut(&Desk<'_>) -> Result<T, Setback> + Send,
{
    fn turn(&self) -> Turn {
        self.turn
    }

    fn work(&mut self, desk: &Desk<'_>) -> rusqlite::Result<()> {
        self.answer = Some(match (self.work)(desk) {
            Ok(answer) => Ok(answer),
            Err(Setback::Refused(refusal)) => Err(refusal),
            Err(Setback::Broken(error)) => return Err(error),
        });
        Ok(())
    }

    fn committed(self: Box<Self>) {
        if let Some(answer) = self.answer {
            // Whoever asked may have gone.
            let _ = self.reply.send(answer);
        }
    }

    fn failed(self: Box<Self>, failure: JournalError) {
        let _ = self.reply.send(Err(failure));
    }
}

struct WritingThread {
    connection: Connection,
    files: Arc<Files>,
    clock: Arc<dyn Clock>,
    notifier: Arc<Notifier>,
    tally: Arc<Tally>,
}

/// Which operation of a batch failed, or `None` if the transaction as a whole did.
type Culprit = Option<usize>;

impl WritingThread {
    fn serve(&mut self, waiting: &Receiver<Box<dyn Operation>>) {
        let mut in_company = false;
        while let Ok(first) = waiting.recv() {
            if in_company {
                thread::sleep(GATHER);
            }
            let mut batch = vec![first];
            batch.extend(waiting.try_iter().take(LARGEST_BATCH - 1));
            batch.sort_by_key(|operation| operation.turn());
            in_company = batch.len() > 1;
            self.settle(batch);
        }
        self.files.before_closing(&self.connection);
    }

    /// Answers every operation of the batch. One that fails for a reason of its own is answered
    /// and left out, and the others are tried again without it.
    fn settle(&mut self, mut batch: Vec<Box<dyn Operation>>) {
        if let Err(trouble) = self.files.check() {
            return fail(batch, &trouble);
        }
        while let Err((culprit, error)) = self.commit(&mut batch) {
            let failure = Failure::new(self.files.main(), error);
            tracing::warn!(operations = batch.len(), %failure, "rolled back");
            match culprit {
                Some(culprit) if failure.concerns_one_operation() => {
                    batch.remove(culprit).failed(failure.into());
                }
                _ => {
                    return fail(batch, &failure);
                }
            }
        }
        // What was written to a file that was removed meanwhile is on no disk.
        if let Err(trouble) = self.files.check() {
            return fail(batch, &trouble);
        }
        self.tally.operations.fetch_add(batch.len() as u64, Ordering::Relaxed);
        batch.into_iter().for_each(Operation::committed);
    }

    /// All of the batch, or nothing.
    fn commit(
        &mut self,
        batch: &mut [Box<dyn Operation>],
    ) -> Result<(), (Culprit, rusqlite::Error)> {
        if batch.is_empty() {
            return Ok(());
        }
        let whole = |error| (None, error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(whole)?;
        let now = self.clock.now();
        let desk = Desk { db: &transaction, now, news: Cell::new(false) };
        for (place, operation) in batch.iter_mut().enumerate() {
            operation.work(&desk).map_err(|error| (Some(place), error))?;
        }
        let news = desk.news.get();
        transaction.commit().map_err(whole)?;
        self.tally.commits.fetch_add(1, Ordering::Relaxed);
        if news {
            self.notifier.notify();
        }
        Ok(())
    }
}

fn fail(batch: Vec<Box<dyn Operation>>, why: &(impl Clone + Into<JournalError>)) {
    for operation in batch {
        operation.failed(why.clone().into());
    }
}

#[cfg(test)]
mod tests {
    use connect_clock::SystemClock;

    use super::*;

    type Reply = oneshot::Receiver<Result<usize, JournalError>>;

    fn thread() -> WritingThread {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "pragma foreign_keys = on;
            create table notes (text unique);
            create table orphans (note references notes (text) deferrable initially deferred)";
        connection.execute_batch(tables).unwrap();
        WritingThread {
            connection,
            files: Arc::new(Files::none()),
            clock: Arc::new(SystemClock),
            notifier: Arc::new(Notifier::new(Arc::new(SystemClock))),
            tally: Arc::default(),
        }
    }

    fn operation(turn: Turn, sql: &'static str) -> (Box<dyn Operation>, Reply) {
        let (reply, answer) = oneshot::channel();
        let work = move |desk: &Desk<'_>| Ok(desk.execute(sql, [])?);
        (Box::new(Pending { turn, work, answer: None, reply }), answer)
    }

    /// Settles a batch of such statements and tells how each was answered.
    fn settle(thread: &mut WritingThread, batch: &[&'static str]) -> Vec<&'static str> {
        let (batch, answers): (Vec<_>, Vec<_>) =
            batch.iter().map(|sql| operation(Turn::Write, sql)).unzip();
        thread.settle(batch);
        let answered = |mut answer: Reply| match answer.try_recv().unwrap() {
            Ok(_) => "ok",
            Err(error) => error.code(),
        };
        answers.into_iter().map(answered).collect()
    }

    fn notes(thread: &WritingThread) -> Vec<String> {
        let mut notes = thread.connection.prepare("select text from notes order by text").unwrap();
        notes.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn an_operation_that_breaks_spoils_only_itself() {
        let mut thread = thread();
        let breaks_halfway = "insert into notes values ('b'), ('a')";
        let batch =
            ["insert into notes values ('a')", breaks_halfway, "insert into notes values ('c')"];
        assert_eq!(settle(&mut thread, &batch), ["ok", "JRN_UNAVAILABLE", "ok"]);
        assert_eq!(notes(&thread), ["a", "c"]);
        assert_eq!(thread.tally.commits.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_commit_that_fails_leaves_nothing_and_the_next_one_works() {
        let mut thread = thread();
        let noticed_by_the_commit = "insert into orphans values ('nobody')";
        let batch = ["insert into notes values ('a')", noticed_by_the_commit];
        assert_eq!(settle(&mut thread, &batch), ["JRN_UNAVAILABLE", "JRN_UNAVAILABLE"]);
        assert_eq!(notes(&thread), Vec::<String>::new());

        assert_eq!(settle(&mut thread, &["insert into notes values ('b')"]), ["ok"]);
        assert_eq!(notes(&thread), ["b"]);
    }

    #[test]
    fn a_claim_sees_what_waited_with_it_to_be_written() {
        let mut thread = thread();
        let (queue, waiting) = channel();
        let (claim, mut claimed) = operation(Turn::Claim, "update notes set text = 'claimed'");
        let (write, _answer) = operation(Turn::Write, "insert into notes values ('a')");
        for operation in [claim, write] {
            queue.send(operation).unwrap();
        }
        drop(queue);
        thread.serve(&waiting);
        assert_eq!(claimed.try_recv().unwrap().unwrap(), 1);
    }
}
