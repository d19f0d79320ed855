//! Lanes are the queue: each stands in it at most once, with the one run a claim would take.
//!
//! No statement on the way of every run says `returning`: SQLite builds a table for each.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::Column;
use super::transaction::Transaction;
use crate::names::{Fence, Lane, RunId};

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

/// The most lanes whose due time has come that one transaction puts into the queue, so that a claim
/// stays short however many there are. Those that are left come with the next.
const PROMOTED_AT_ONCE: i64 = 10_000;

/// The date by which a lane stands in the queue: the one by which its run should be over, or a day
/// after it is due, as `run::place_in_queue` says it. Near the end of time it is the end.
macro_rules! place_in_queue {
    ($run:literal, $due:literal) => {
        concat!("coalesce(", $run, ", min(", $due, ", 9223285636854775807) + 86400000000000)")
    };
}

const TO_PROMOTE: &str = "select no from lanes indexed by lanes_by_due
     where running = 0 and due <= ?1 and due is not null and urgent is null
     order by due limit ?2";

const PROMOTE: &str = concat!(
    "update lanes set urgent = ",
    place_in_queue!("(select urgent from runs where no = lanes.next)", "due"),
    " where no = ?1"
);

/// Puts lanes into the queue whose due time has come, each once.
///
/// One statement for all of them would build a table of theirs in every claim, though there are
/// rarely any.
pub(super) fn promote(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let due = params![Column(tx.now), PROMOTED_AT_ONCE];
    let lanes: Vec<i64> = tx
        .prepare(TO_PROMOTE)?
        .query_map(due, |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    lanes.into_iter().try_for_each(|lane| tx.execute(PROMOTE, [lane]).map(drop))
}

const INTERRUPTED: &str = "select no, name, next, fence, group_no from lanes
     indexed by lanes_by_due
     where running = 1 and due <= ?1 and due is not null and urgent is null
     order by due, next";

const READY: &str = "select no, name, next, fence from lanes indexed by lanes_by_urgency
     where urgent is not null order by urgent, next limit ?1";

type Claimable = Result<ClaimableLane, UnreadableLane>;

/// At most `max` lanes that can be claimed now, the interrupted ones first, none whose next run is
/// of a closed group.
pub(super) fn claimable(
    tx: &Transaction<'_>,
    max: usize,
    closed: &[i64],
) -> rusqlite::Result<Vec<Claimable>> {
    let mut found = interrupted(tx, max, closed)?;
    let rest = max - found.len();
    found.extend(if closed.is_empty() { ready(tx, rest)? } else { open(tx, rest, closed)? });
    Ok(found)
}

/// Looks at every interrupted lane of a closed group, too: they are no more than there were workers
/// that died.
fn interrupted(
    tx: &Transaction<'_>,
    max: usize,
    closed: &[i64],
) -> rusqlite::Result<Vec<Claimable>> {
    let open = |row: &Row<'_>| Ok(is_open(row, closed).then(|| claimable_lane(row, true)));
    tx.prepare(INTERRUPTED)?
        .query_map([Column(tx.now)], open)?
        .filter_map(Result::transpose)
        .take(max)
        .collect()
}

fn is_open(row: &Row<'_>, closed: &[i64]) -> bool {
    let group: Option<i64> = row.get(4).unwrap_or_default();
    group.is_none_or(|group| !closed.contains(&group))
}

fn ready(tx: &Transaction<'_>, max: usize) -> rusqlite::Result<Vec<Claimable>> {
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    tx.prepare(READY)?.query_map([max], |row| Ok(claimable_lane(row, false)))?.collect()
}

const CLAIMABLE_OF: &str = "select lanes.no, lanes.name, lanes.next, lanes.fence, lanes.group_no,
     lanes.running from runs join lanes on lanes.no = runs.lane and lanes.next = runs.no
     where runs.id = ?1 and lanes.due <= ?2 and lanes.due is not null";

/// The lane of a run, if it can be claimed now and gives this run, which is of no closed group.
pub(super) fn claimable_of(
    tx: &Transaction<'_>,
    run: &RunId,
    closed: &[i64],
) -> rusqlite::Result<Option<Claimable>> {
    let found = tx.first(CLAIMABLE_OF, params![run.as_str(), Column(tx.now)], |row| {
        let interrupted = row.get(5)?;
        Ok(is_open(row, closed).then(|| claimable_lane(row, interrupted)))
    })?;
    Ok(found.flatten())
}

/// Returns when time alone next makes the lane of a run claimable.
pub(super) fn next_due_of(
    tx: &Transaction<'_>,
    run: &RunId,
) -> rusqlite::Result<Option<Timestamp>> {
    let next = "select lanes.due from runs join lanes on lanes.no = runs.lane
         where runs.id = ?1 and lanes.due > ?2 and lanes.due is not null";
    let due = |row: &Row<'_>| row.get(0).map(|Column(due)| due);
    tx.first(next, params![run.as_str(), Column(tx.now)], due)
}

/// The first lanes of all groups that are not closed: one look into the queue of each.
fn open(tx: &Transaction<'_>, max: usize, closed: &[i64]) -> rusqlite::Result<Vec<Claimable>> {
    let mut firsts = firsts_of(tx, None, max)?;
    let mut group = next_group(tx, i64::MIN)?;
    while let Some(no) = group {
        if !closed.contains(&no) {
            firsts.extend(firsts_of(tx, Some(no), max)?);
        }
        group = next_group(tx, no)?;
    }
    firsts.sort_unstable();
    let lane = "select no, name, next, fence from lanes where no = ?1";
    let read =
        |(_, _, no): &(i64, i64, i64)| tx.one(lane, [no], |row| Ok(claimable_lane(row, false)));
    firsts.iter().take(max).map(read).collect()
}

const FIRSTS_OF_GROUP: &str = "select urgent, next, no from lanes indexed by lanes_by_group
     where urgent is not null and group_no is ?1 order by urgent, next limit ?2";

/// The first lanes of a group in the queue: date of urgency, run, lane.
fn firsts_of(
    tx: &Transaction<'_>,
    group: Option<i64>,
    max: usize,
) -> rusqlite::Result<Vec<(i64, i64, i64)>> {
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    tx.prepare(FIRSTS_OF_GROUP)?
        .query_map(params![group, max], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

const NEXT_GROUP: &str = "select group_no from lanes indexed by lanes_by_group
     where urgent is not null and group_no > ?1 order by group_no limit 1";

/// The group after this one of which a lane stands in the queue.
fn next_group(tx: &Transaction<'_>, group: i64) -> rusqlite::Result<Option<i64>> {
    tx.first(NEXT_GROUP, [group], |row| row.get(0))
}

fn claimable_lane(row: &Row<'_>, interrupted: bool) -> Claimable {
    let no = row.get(0).unwrap_or_default();
    let unreadable =
        |error| UnreadableLane { lane: no, run: row.get(2).unwrap_or_default(), error };
    lane(row, no, interrupted).map_err(unreadable)
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
        "update lanes set running = 0, holder = ?2, due = null, urgent = null where no = ?1",
        params![lane, run],
    )
    .map(drop)
}

/// Returns when time alone next makes a lane claimable.
pub(super) fn next_due(tx: &Transaction<'_>) -> rusqlite::Result<Option<Timestamp>> {
    let next = "select due from lanes indexed by lanes_by_due
         where running = ?1 and due > ?2 and due is not null and urgent is null
         order by due limit 1";
    let due = |running: bool, after: Timestamp| {
        tx.first(next, params![running, Column(after)], |row| row.get(0).map(|Column(due)| due))
    };
    // A lane that waits although its due time has come waits to be promoted.
    let waits = due(false, Timestamp::MIN)?;
    Ok(due(true, tx.now)?.into_iter().chain(waits).min())
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
        "update lanes set fence = ?2, holder = ?3, running = 1, since = ?4, life = ?5, due = ?6,
             urgent = null
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
        "update lanes set running = 0, due = ?2, urgent = null where no = ?1",
        params![lane, due.map(Column)],
    )?;
    tx.news.set(tx.news.get() || due.is_some());
    Ok(())
}

/// The place of a lane in the queue that goes with its next run.
macro_rules! place {
    () => {
        concat!(
            "no, due, group_no, case when due <= ?2 then ",
            place_in_queue!("urgent", "due"),
            " end"
        )
    };
}

const RELEASE: &str = concat!(
    "update lanes set running = 0, holder = null, (next, due, group_no, urgent) = (select ",
    place!(),
    " from runs where lane = ?1 and state = 'ready' order by due, no limit 1)
     where no = ?1"
);

/// Ends the lane's lease and frees the lane for the first of its ready runs.
pub(super) fn release(tx: &Transaction<'_>, lane: i64) -> rusqlite::Result<()> {
    tx.execute(RELEASE, params![lane, Column(tx.now)])?;
    tell(tx, lane)
}

const LINE_UP: &str = concat!(
    "update lanes set (next, due, group_no, urgent) = (select ",
    place!(),
    " from runs where lane = ?1 and state = 'ready'
      and (lanes.holder is null or lanes.holder = no)
      order by due, no limit 1)
     where no = ?1 and running = 0"
);

/// Lets the lane stand in the queue as it should after its ready runs changed: for its holder,
/// or for the first of its ready runs if nobody holds it.
pub(super) fn line_up(tx: &Transaction<'_>, lane: i64) -> rusqlite::Result<()> {
    tx.execute(LINE_UP, params![lane, Column(tx.now)])?;
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
    use crate::sqlite::{claims, groups, operations, schema};

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
            let (lease_end, deadline) = (Timestamp::MAX, Monotonic::MAX);
            claims::claim(&tx, &worker, 1, &[], lease_end, deadline).unwrap().claims
        };
        for lane in ["busy", "parked"] {
            operations::offer(&tx, &runs(lane)).unwrap();
        }
        claim();
        let parked = claim().remove(0);
        let park = Finish::Park { why: "look".to_owned(), hold_lane: true, step: None };
        operations::finish(&tx, &parked.run, parked.fence, &park).unwrap();
        operations::offer(&tx, &[NewRun::new("free", "free", "")]).unwrap();

        let mut look = tx.prepare(READY).unwrap();
        assert!(look.exists([1]).unwrap());
        look.get_status(StatementStatus::VmStep)
    }

    /// The same for claims of one run that pass over a group with so many lanes at the head of the
    /// queue, of three groups.
    fn steps_to_pass_over_a_group(lanes: usize) -> i32 {
        let mut db = Connection::open_in_memory().unwrap();
        schema::create(&mut db).unwrap();
        let life = Life::begin(&db).unwrap();
        let tx = Transaction::new(&db, Timestamp::UNIX_EPOCH, life);
        let run = |id: &str, group: &str| NewRun::new(id, id, "").group(group);
        let head: Vec<_> = (0..lanes)
            .map(|n| run(&format!("{n}"), "closed").urgent(Timestamp::UNIX_EPOCH))
            .collect();
        operations::offer(&tx, &head).unwrap();
        operations::offer(&tx, &[run("a", "open"), run("b", "another"), run("c", "open")]).unwrap();
        let closed = groups::known(&tx, &["closed".into()]).unwrap();
        promote(&tx).unwrap();
        let found = claimable(&tx, 1, &closed).unwrap();
        assert_eq!(found[0].as_ref().unwrap_or_else(|_| unreachable!()).lane, "a".into());
        let looks =
            [FIRSTS_OF_GROUP, NEXT_GROUP, INTERRUPTED].map(|look| tx.prepare(look).unwrap());
        looks.iter().map(|look| look.get_status(StatementStatus::VmStep)).sum()
    }

    #[test]
    fn a_group_that_is_passed_over_costs_a_claim_nothing() {
        assert_eq!(steps_to_pass_over_a_group(2), steps_to_pass_over_a_group(2000));
    }

    #[test]
    fn a_backlog_behind_held_lanes_costs_a_claim_nothing() {
        assert_eq!(steps_to_find_a_lane(2), steps_to_find_a_lane(2000));
    }
}
