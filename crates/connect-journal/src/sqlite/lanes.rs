//! Lanes are the queue: each stands in it at most once, with the one run a claim would take.
//!
//! No statement on the way of every run says `returning`: SQLite builds a table for each.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::Column;
use super::transaction::Transaction;
use crate::names::{Fence, Lane};

/// A lane that can be claimed, and the run a claim takes.
pub(super) struct ClaimableLane {
    pub(super) no: i64,
    pub(super) lane: Lane,
    pub(super) run: i64,
    /// The claim's own.
    pub(super) fence: Fence,
    /// The run's former claim was not finished; its lease ran out.
    pub(super) interrupted: bool,
}

/// A lane that could be claimed if it, or the run it would give, were readable.
pub(super) struct UnreadableLane {
    pub(super) lane: i64,
    /// The run a claim would take, if that can be told.
    pub(super) run: Option<i64>,
    pub(super) error: rusqlite::Error,
}

const DUE: &str = "select no, name, next, fence from lanes
     where running = ?1 and due <= ?2 order by due, next limit ?3";

/// At most `max` lanes that can be claimed now, the interrupted ones first.
pub(super) fn claimable(
    tx: &Transaction<'_>,
    max: usize,
) -> rusqlite::Result<Vec<Result<ClaimableLane, UnreadableLane>>> {
    let mut found = due(tx, true, max)?;
    found.extend(due(tx, false, max - found.len())?);
    Ok(found)
}

fn due(
    tx: &Transaction<'_>,
    interrupted: bool,
    max: usize,
) -> rusqlite::Result<Vec<Result<ClaimableLane, UnreadableLane>>> {
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    tx.prepare(DUE)?
        .query_map(params![interrupted, Column(tx.now), max], |row| {
            let no = row.get(0)?;
            Ok(lane(row, no, interrupted).map_err(|error| UnreadableLane {
                lane: no,
                run: row.get(2).unwrap_or_default(),
                error,
            }))
        })?
        .collect()
}

fn lane(row: &Row<'_>, no: i64, interrupted: bool) -> rusqlite::Result<ClaimableLane> {
    let Column(Fence(latest)) = row.get(3)?;
    Ok(ClaimableLane {
        no,
        lane: row.get::<_, String>(1)?.into(),
        run: row.get(2)?,
        fence: Fence(latest + 1),
        interrupted,
    })
}

/// Ends the lane's lease, if there is one, and keeps the lane for a run that waits for a person.
pub(super) fn set_aside(tx: &Transaction<'_>, lane: i64, run: i64) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set running = 0, holder = ?2, due = null where no = ?1",
        params![lane, run],
    )
    .map(drop)
}

/// Returns when time alone next makes a lane claimable.
pub(super) fn next_due(tx: &Transaction<'_>) -> rusqlite::Result<Option<Timestamp>> {
    let next = "select due from lanes where running = ?1 and due > ?2 order by due limit 1";
    let due = |running: bool| {
        tx.first(next, params![running, Column(tx.now)], |row| row.get(0).map(|Column(due)| due))
    };
    Ok(due(true)?.into_iter().chain(due(false)?).min())
}

/// The number of the lane of this name, which is created when it is new.
pub(super) fn number(tx: &Transaction<'_>, name: &Lane) -> rusqlite::Result<i64> {
    let known =
        tx.first("select no from lanes where name = ?1", [name.as_str()], |row| row.get(0))?;
    match known {
        Some(no) => Ok(no),
        None => {
            let new = "insert into lanes (name, fence) select ?1, fence from removed_lanes";
            tx.execute(new, [name.as_str()])?;
            Ok(tx.db.last_insert_rowid())
        }
    }
}

/// Gives the lane to its claimable run until `lease_end`, under the new fence.
pub(super) fn take(
    tx: &Transaction<'_>,
    claimable: &ClaimableLane,
    lease_end: Timestamp,
) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set fence = ?2, holder = ?3, running = 1, since = ?4, life = ?5, due = ?6
         where no = ?1",
        params![
            claimable.no,
            Column(claimable.fence),
            claimable.run,
            Column(tx.now),
            tx.life(),
            Column(lease_end)
        ],
    )
    .map(drop)
}

/// Moves the end of the lane's lease.
pub(super) fn extend(
    tx: &Transaction<'_>,
    lane: i64,
    lease_end: Timestamp,
) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set since = ?2, life = ?3, due = ?4 where no = ?1",
        params![lane, Column(tx.now), tx.life(), Column(lease_end)],
    )
    .map(drop)
}

/// Ends the lane's lease but keeps the lane for its holder, which waits until `due` or, without
/// one, for a person.
pub(super) fn keep(
    tx: &Transaction<'_>,
    lane: i64,
    due: Option<Timestamp>,
) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set running = 0, due = ?2 where no = ?1",
        params![lane, due.map(Column)],
    )?;
    tx.news.set(tx.news.get() || due.is_some());
    Ok(())
}

/// Ends the lane's lease and frees the lane for the first of its ready runs.
pub(super) fn release(tx: &Transaction<'_>, lane: i64) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set running = 0, holder = null, (next, due) =
             (select no, due from runs where lane = ?1 and state = 'ready'
              order by due, no limit 1)
         where no = ?1",
        [lane],
    )?;
    tell(tx, lane)
}

/// Lets the lane stand in the queue as it should after its ready runs changed: for its holder,
/// or for the first of its ready runs if nobody holds it.
pub(super) fn line_up(tx: &Transaction<'_>, lane: i64) -> rusqlite::Result<()> {
    tx.execute(
        "update lanes set (next, due) =
             (select no, due from runs where lane = ?1 and state = 'ready'
              and (lanes.holder is null or lanes.holder = no)
              order by due, no limit 1)
         where no = ?1 and running = 0",
        [lane],
    )?;
    tell(tx, lane)
}

/// Notes as news that the lane has something to claim, if it has.
fn tell(tx: &Transaction<'_>, lane: i64) -> rusqlite::Result<()> {
    let waits = "select 1 from lanes where no = ?1 and running = 0 and due is not null";
    let news = tx.news.get() || tx.prepare(waits)?.exists([lane])?;
    tx.news.set(news);
    Ok(())
}

#[cfg(test)]
mod tests {
    use connect_clock::Monotonic;
    use rusqlite::{Connection, StatementStatus};

    use super::*;
    use crate::finish::Finish;
    use crate::run::NewRun;
    use crate::sqlite::transaction::Life;
    use crate::sqlite::{claims, operations, schema};

    /// SQLite's own measure of work: steps of its virtual machine for one look into the queue.
    fn steps_to_find_a_lane(backlog: usize) -> i32 {
        let mut db = Connection::open_in_memory().unwrap();
        schema::create(&mut db).unwrap();
        let life = Life::begin(&db).unwrap();
        let tx = Transaction::new(&db, Timestamp::UNIX_EPOCH, life);
        let runs = |of: &str| -> Vec<_> {
            (0..backlog)
                .map(|n| NewRun::new(format!("{of}{n}"), of, "").due(Timestamp::UNIX_EPOCH))
                .collect()
        };
        let claim = || {
            let worker = "worker".into();
            let claimed = claims::claim(&tx, &worker, 1, Timestamp::MAX, Monotonic::MAX).unwrap();
            claimed.claims
        };
        for lane in ["busy", "parked"] {
            operations::offer(&tx, &runs(lane)).unwrap();
        }
        claim();
        let parked = claim().remove(0);
        let park = Finish::Park { why: "look".to_owned(), hold_lane: true, step: None };
        operations::finish(&tx, &parked.run, parked.fence, &park).unwrap();
        operations::offer(&tx, &[NewRun::new("free", "free", "")]).unwrap();

        let mut look = tx.prepare(DUE).unwrap();
        assert!(look.exists(params![false, Column(tx.now), 1]).unwrap());
        look.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn a_backlog_behind_held_lanes_costs_a_claim_nothing() {
        assert_eq!(steps_to_find_a_lane(2), steps_to_find_a_lane(2000));
    }
}
