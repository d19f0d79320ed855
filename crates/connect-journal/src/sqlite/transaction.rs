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
