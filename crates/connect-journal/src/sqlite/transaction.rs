//! The transaction that an operation works in, and the errors it may meet.

use std::cell::Cell;

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use crate::error::JournalError;

/// The reasons for which an operation does not succeed.
#[derive(Debug)]
pub(super) enum OperationError {
    /// The journal's rules forbid it. Nothing was written.
    Refused(JournalError),
    /// SQLite failed; something may have been written in this transaction.
    Broken(rusqlite::Error),
}

impl From<JournalError> for OperationError {
    fn from(refusal: JournalError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<rusqlite::Error> for OperationError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

/// A handle on the file, from its first write on.
#[derive(Clone, Copy)]
pub(super) struct Life {
    /// Marks what it has put to wait.
    pub(super) number: i64,
    pub(super) has_claimed: bool,
}

impl Life {
    /// The next life.
    pub(super) fn begin(db: &Connection) -> rusqlite::Result<Self> {
        db.execute("update lives set latest = latest + 1", [])?;
        let number = db.query_row("select latest from lives", [], |row| row.get(0))?;
        Ok(Self { number, has_claimed: false })
    }
}

/// An open transaction, as operations see it.
pub(super) struct Transaction<'a> {
    /// The open transaction.
    pub(super) db: &'a Connection,
    /// The one time of the whole transaction.
    pub(super) now: Timestamp,
    /// The life that writes.
    pub(super) life: Cell<Life>,
    /// Set by operations that make something claimable.
    pub(super) news: Cell<bool>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(db: &'a Connection, now: Timestamp, life: Life) -> Self {
        Self { db, now, life: Cell::new(life), news: Cell::new(false) }
    }

    /// The number of the life that writes.
    pub(super) fn life(&self) -> i64 {
        self.life.get().number
    }

    pub(super) fn prepare(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        #[cfg(test)]
        tests::keep(sql);
        self.db.prepare_cached(sql)
    }

    /// Returns how many rows it changed.
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use connect_clock::Monotonic;

    use super::*;
    use crate::finish::Finish;
    use crate::run::NewRun;
    use crate::sqlite::{claims, operations, schema};
    use crate::step::StepResult;

    thread_local! {
        static PREPARED: RefCell<BTreeSet<String>> = RefCell::default();
    }

    /// Keeps what this thread has prepared.
    pub(super) fn keep(sql: &str) {
        PREPARED.with_borrow_mut(|prepared| prepared.insert(sql.to_owned()));
    }

    /// Every call on the way of runs that succeed, fail and wait.
    fn carry_out_runs(tx: &Transaction<'_>) {
        let runs: Vec<_> = (0..4).map(|n| NewRun::new(format!("{n}"), "lane", "")).collect();
        for _ in 0..2 {
            operations::offer(tx, &runs).unwrap();
        }
        let (due, why) = (Timestamp::UNIX_EPOCH, String::new());
        let ends = [
            Finish::Done { outcome: "".into() },
            Finish::Retry { due, why: why.clone(), hold_lane: true },
            Finish::Wait { due, why, hold_lane: false },
            Finish::Idle { outcome: "".into() },
        ];
        for end in &ends {
            let (worker, until) = ("worker".into(), Timestamp::MAX);
            let claimed = claims::claim(tx, &worker, 2, &[], until, Monotonic::MAX).unwrap();
            let claim = &claimed.claims[0];
            claims::renew(tx, &[(claim.run.clone(), claim.fence)], until).unwrap();
            let (run, fence) = (&claim.run, claim.fence);
            let [first, second] = ["first", "second"].map(crate::StepName::from);
            operations::intend(tx, run, fence, &first).unwrap();
            let done = StepResult::Done("".into());
            operations::record(tx, run, fence, &first, &done, Some(&second)).unwrap();
            operations::finish(tx, run, fence, end).unwrap();
        }
    }

    /// Such a table costs more than all else that the statement does, empty or not.
    #[test]
    fn no_statement_on_the_way_of_a_run_builds_a_table_of_its_own() {
        let mut db = Connection::open_in_memory().unwrap();
        schema::create(&mut db).unwrap();
        let life = Life::begin(&db).unwrap();
        carry_out_runs(&Transaction::new(&db, Timestamp::UNIX_EPOCH, life));

        let prepared = PREPARED.take();
        assert!(prepared.len() > 15, "{prepared:?}");
        for sql in prepared {
            let mut explained = db.prepare(&format!("explain {sql}")).unwrap();
            let operations = explained.raw_query().mapped(|row| row.get::<_, String>("opcode"));
            for operation in operations.map(Result::unwrap) {
                let builds =
                    ["OpenEphemeral", "OpenAutoindex", "SorterOpen"].contains(&&*operation);
                assert!(!builds, "{operation} in {sql}");
            }
        }
    }
}
