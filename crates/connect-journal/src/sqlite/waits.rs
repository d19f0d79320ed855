//! Waits and leases, which last as long as they should, whatever the wall's clock does.
//!
//! Due times and ends of leases are dates, because they outlive the process that wrote them. A life
//! moves those it has written by as much as it sees the wall set; what others have written, it can
//! only keep from being early or lost.

use connect_clock::saturating_shift;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Params, Row, params};

use super::columns::{Column, get};
use super::transaction::{Life, Transaction};
use super::{events, lanes};
use crate::history::Fact;
use crate::steady::WallReading;

/// A run that is ready for a time to come, or a lane under a lease, by its number.
struct Wait {
    no: i64,
    lane: i64,
    since: Timestamp,
    due: Timestamp,
}

impl Wait {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (no, lane) = (row.get("no")?, row.get("lane")?);
        Ok(Self { no, lane, since: get(row, "since")?, due: get(row, "due")? })
    }

    fn shift(self, by: SignedDuration) -> Self {
        Self {
            since: saturating_shift(self.since, by),
            due: saturating_shift(self.due, by),
            ..self
        }
    }

    /// The same length, from `now` on.
    fn restart(self, now: Timestamp) -> Self {
        let by = now.duration_since(self.since);
        self.shift(by)
    }
}

/// The condition for what other lives wrote before the wall was set, and what that alone would make
/// early or lost.
const OF_OTHERS: &str = "life is not ?1 and since <= ?2 and due > min(?2, ?3)
     and (due <= ?3 or since > ?3)";

/// Moves what waits by as much as the wall was set: what this life has written and, because whoever
/// has written the rest may look at the clock later, what cannot wait for that. That is this life's
/// own from now on, so nothing is moved twice.
pub(super) fn follow(tx: &Transaction<'_>, look: &WallReading) -> rusqlite::Result<()> {
    let Some(jump) = look.jump() else { return Ok(()) };
    let (before, now) = (Column(look.before), Column(look.now));
    let (own, all) = ("life = ?1 and due > min(?2, ?3)", params![tx.life(), before, now]);
    for which in [own, OF_OTHERS] {
        for run in runs(tx, which, all)? {
            move_run(tx, &run.shift(jump))?;
        }
        for lease in leases(tx, which, all)? {
            move_lease(tx, &lease.shift(jump))?;
        }
    }
    restart_future(tx)
}

/// Answers for what earlier lives have put to wait, from the first claim on: who claims stays.
pub(super) fn take_over(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let life = tx.life.get();
    if life.has_claimed {
        return Ok(());
    }
    tx.life.set(Life { has_claimed: true, ..life });
    restart_future(tx)?;
    tx.execute(
        "update runs set life = ?1 where state = 'ready' and due > ?2",
        params![tx.life(), Column(tx.now)],
    )
    .map(drop)
}

/// Lets what began at a time still to come begin now: the clock was set back since then, perhaps
/// from a wrong year. When it would end, nobody knows; but it began before now, so nothing is early
/// by this.
pub(super) fn restart_future(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for run in runs(tx, "since > ?1 and due > ?1", params![Column(tx.now)])? {
        move_run(tx, &run.restart(tx.now))?;
    }
    for lease in leases(tx, "since > ?1", params![Column(tx.now)])? {
        move_lease(tx, &lease.restart(tx.now))?;
    }
    Ok(())
}

fn runs(tx: &Transaction<'_>, which: &str, params: impl Params) -> rusqlite::Result<Vec<Wait>> {
    let runs = format!("select no, lane, since, due from runs where state = 'ready' and {which}");
    tx.prepare(&runs)?.query_map(params, Wait::read)?.collect()
}

fn leases(tx: &Transaction<'_>, which: &str, params: impl Params) -> rusqlite::Result<Vec<Wait>> {
    let lanes =
        format!("select no, no as lane, since, due from lanes where running = 1 and {which}");
    tx.prepare(&lanes)?.query_map(params, Wait::read)?.collect()
}

fn move_run(tx: &Transaction<'_>, run: &Wait) -> rusqlite::Result<()> {
    tx.execute(
        "update runs set since = ?2, life = ?3, due = ?4 where no = ?1",
        params![run.no, Column(run.since), tx.life(), Column(run.due)],
    )?;
    events::append(tx, run.no, &Fact::Moved { due: run.due })?;
    lanes::line_up(tx, run.lane)
}

fn move_lease(tx: &Transaction<'_>, lease: &Wait) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set since = ?2, life = ?3, due = ?4 where no = ?1",
        params![lease.no, Column(lease.since), tx.life(), Column(lease.due)],
    )
    .map(drop)
}
