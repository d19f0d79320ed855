//! A batch of operations becomes one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, TransactionBehavior};

use super::error::SqliteError;
use super::files::Files;
use super::operation::Operation;
use super::transaction::{Life, Transaction};
use super::waits;
use crate::error::JournalError;
use crate::notifier::Notifier;
use crate::steady::SteadyClock;

/// Counts of what a [`SqliteJournal`](super::SqliteJournal) has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteCounts {
    /// Calls answered after a successful commit, refused ones included.
    pub operations: u64,
    /// Transactions committed for them, each synced to the disk once.
    pub commits: u64,
}

/// Counts what was written, also for those who do not write.
#[derive(Default)]
pub(super) struct Tally {
    operations: AtomicU64,
    commits: AtomicU64,
}

impl Tally {
    pub(super) fn written(&self) -> WriteCounts {
        WriteCounts {
            operations: self.operations.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
        }
    }
}

/// The writing connection, and what goes with every commit.
pub(super) struct Committer {
    pub(super) connection: Connection,
    pub(super) files: Arc<Files>,
    pub(super) clock: Arc<SteadyClock>,
    pub(super) notifier: Arc<Notifier>,
    pub(super) tally: Arc<Tally>,
    /// Begins with the first commit.
    pub(super) life: Option<Life>,
}

/// The place of the operation that failed in its batch, or `None` if the transaction as a whole
/// did.
type FailedOperation = Option<usize>;

impl Committer {
    /// Answers every operation of the batch. One that fails for a reason of its own is answered
    /// and left out, and the others are tried again without it.
    pub(super) fn settle(&mut self, mut batch: Vec<Box<dyn Operation>>) {
        batch.sort_by_key(|operation| operation.turn());
        if let Err(trouble) = self.files.check() {
            return fail(batch, &trouble);
        }
        while let Err((culprit, error)) = self.commit(&mut batch) {
            let failure = SqliteError::new(self.files.main(), error);
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
    ) -> Result<(), (FailedOperation, rusqlite::Error)> {
        if batch.is_empty() {
            return Ok(());
        }
        let whole = |error| (None, error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(whole)?;
        let look = self.clock.look();
        let life = self.life.map_or_else(|| Life::begin(&transaction), Ok).map_err(whole)?;
        let tx = Transaction::new(&transaction, look.now, life);
        waits::follow(&tx, &look).map_err(whole)?;
        for (place, operation) in batch.iter_mut().enumerate() {
            operation.work(&tx).map_err(|error| (Some(place), error))?;
        }
        let (news, life) = (tx.news.get(), tx.life.get());
        transaction.commit().map_err(whole)?;
        self.life = Some(life);
        self.clock.follow(&look);
        self.tally.commits.fetch_add(1, Ordering::Relaxed);
        if news {
            self.notifier.notify();
        }
        Ok(())
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.files.before_closing(&self.connection);
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
    use tokio::sync::oneshot;

    use super::*;
    use crate::sqlite::operation::{Turn, operation};
    use crate::sqlite::schema;

    type Reply = oneshot::Receiver<Result<usize, JournalError>>;

    fn committer() -> Committer {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        let tables = "pragma foreign_keys = on;
            create table notes (text unique);
            create table orphans (note references notes (text) deferrable initially deferred)";
        connection.execute_batch(tables).unwrap();
        Committer {
            connection,
            files: Arc::new(Files::none()),
            clock: Arc::new(SteadyClock::new(SystemClock)),
            notifier: Arc::new(Notifier::new(Arc::new(SystemClock))),
            tally: Arc::default(),
            life: None,
        }
    }

    fn statement(turn: Turn, sql: &'static str) -> (Box<dyn Operation>, Reply) {
        operation(turn, move |tx| Ok(tx.execute(sql, [])?))
    }

    /// Settles a batch of such statements and tells how each was answered.
    fn settle(committer: &mut Committer, batch: &[&'static str]) -> Vec<&'static str> {
        let (batch, answers): (Vec<_>, Vec<_>) =
            batch.iter().map(|sql| statement(Turn::Write, sql)).unzip();
        committer.settle(batch);
        let answered = |mut answer: Reply| match answer.try_recv().unwrap() {
            Ok(_) => "ok",
            Err(error) => error.code(),
        };
        answers.into_iter().map(answered).collect()
    }

    fn notes(committer: &Committer) -> Vec<String> {
        let mut notes =
            committer.connection.prepare("select text from notes order by text").unwrap();
        notes.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn an_operation_that_breaks_spoils_only_itself() {
        let mut committer = committer();
        let breaks_halfway = "insert into notes values ('b'), ('a')";
        let batch =
            ["insert into notes values ('a')", breaks_halfway, "insert into notes values ('c')"];
        assert_eq!(settle(&mut committer, &batch), ["ok", "JRN_UNAVAILABLE", "ok"]);
        assert_eq!(notes(&committer), ["a", "c"]);
        assert_eq!(committer.tally.commits.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_commit_that_fails_leaves_nothing_and_the_next_one_works() {
        let mut committer = committer();
        let noticed_by_the_commit = "insert into orphans values ('nobody')";
        let batch = ["insert into notes values ('a')", noticed_by_the_commit];
        assert_eq!(settle(&mut committer, &batch), ["JRN_UNAVAILABLE", "JRN_UNAVAILABLE"]);
        assert_eq!(notes(&committer), Vec::<String>::new());

        assert_eq!(settle(&mut committer, &["insert into notes values ('b')"]), ["ok"]);
        assert_eq!(notes(&committer), ["b"]);
    }

    #[test]
    fn a_claim_sees_what_waited_with_it_to_be_written() {
        let mut committer = committer();
        let (claim, mut claimed) = statement(Turn::Claim, "update notes set text = 'claimed'");
        let (write, _answer) = statement(Turn::Write, "insert into notes values ('a')");
        committer.settle(vec![claim, write]);
        assert_eq!(claimed.try_recv().unwrap().unwrap(), 1);
    }
}
