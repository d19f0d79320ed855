//! Removing runs that were over long ago.

use jiff::Timestamp;
use rusqlite::params;

use super::columns::Column;
use super::transaction::{OperationError, Transaction};
use crate::names::RunId;

/// Removes those of the runs that were over before then. Returns how many there were.
pub(super) fn remove(
    tx: &Transaction<'_>,
    runs: &[RunId],
    before: Timestamp,
) -> Result<u64, OperationError> {
    let mut removed = 0;
    for run in runs {
        removed += u64::from(remove_one(tx, run, before)?);
    }
    Ok(removed)
}

fn remove_one(tx: &Transaction<'_>, run: &RunId, before: Timestamp) -> rusqlite::Result<bool> {
    let over = "select no, lane from runs
         where id = ?1 and state in ('done', 'dead') and since < ?2";
    let over = tx.first(over, params![run.as_str(), Column(before)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    let Some((no, lane)) = over else { return Ok(false) };
    tx.execute("delete from attempt_notes where run = ?1", [no])?;
    tx.execute("delete from events where run = ?1", [no])?;
    tx.execute("delete from runs where no = ?1", [no])?;
    if !tx.prepare("select 1 from runs where lane = ?1 limit 1")?.exists([lane])? {
        remove_lane(tx, lane)?;
    }
    Ok(true)
}

/// Keeps of a lane only how far fences have come: a lane of its name must not give one out again
/// that a claim of old may still carry.
fn remove_lane(tx: &Transaction<'_>, lane: i64) -> rusqlite::Result<()> {
    let keep = "update removed_lanes
         set fence = max(fence, (select fence from lanes where no = ?1))";
    tx.execute(keep, [lane])?;
    tx.execute("delete from lanes where no = ?1", [lane]).map(drop)
}
