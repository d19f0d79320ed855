//! Questions, answered on the reading connection.

use std::ops::Range;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::columns::{Column, clamped, get, get_opt};
use super::error::{is_unreadable, unreadable_run};
use super::events;
use crate::history::HistoryEntry;
use crate::names::{Group, Lane, RunId, WorkerId};
use crate::run::{Counts, Note, RunFilter, RunState, RunView};

pub(super) fn history(
    db: &Connection,
    run: &RunId,
    range: &Range<u64>,
) -> rusqlite::Result<Vec<HistoryEntry>> {
    let known = "select runs.no, lanes.name from runs join lanes on lanes.no = runs.lane
         where runs.id = ?1";
    let known = db
        .prepare_cached(known)?
        .query_row([run.as_str()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((run, lane)) = known else { return Ok(Vec::new()) };
    let lane = Lane::from(lane);
    db.prepare_cached(
        "select *, (select name from groups where no = group_no) as group_name
         from events where run = ?1 and seq >= ?2 and seq < ?3 order by seq",
    )?
    .query_map(params![run, clamped(range.start), clamped(range.end)], |row| {
        events::event(row, &lane)
    })?
    .collect()
}

pub(super) fn run(db: &Connection, run: &RunId) -> rusqlite::Result<Option<RunView>> {
    views(db, " where runs.id = ?1", &[&run.as_str()], |row| view(db, row))
        .map(|mut views| views.pop())
}

pub(super) fn runs(db: &Connection, filter: &RunFilter) -> rusqlite::Result<Vec<RunView>> {
    let state = filter.state.map(of_state);
    let lane = filter.lane.as_ref().map(Lane::as_str);
    let after = filter.after.as_ref().map(RunId::as_str);
    let before = filter.ended_before.map(Column);
    // Only the conditions that are asked for, so that SQLite can choose an index for them.
    let conditions = [
        state.as_deref(),
        lane.is_some().then_some("lanes.name = ?1"),
        after.is_some().then_some("runs.id > ?2"),
        before.is_some().then_some("runs.state in ('done', 'dead') and runs.since < ?3"),
        Some("true"),
    ];
    let conditions: Vec<_> = conditions.into_iter().flatten().collect();
    let which = format!(" where {} order by runs.id limit ?4", conditions.join(" and "));
    let limit = clamped(filter.limit.min(RunFilter::MOST) as u64);
    views(db, &which, &[&lane, &after, &before, &limit], |row| match view(db, row) {
        Err(error) if is_unreadable(&error) => what_can_be_read(row, &error),
        view => view,
    })
}

/// In words that let SQLite use the index of the runs that are not done.
fn of_state(state: RunState) -> String {
    match state {
        RunState::Done => "runs.state = 'done'".to_owned(),
        other => format!("runs.state = '{}' and runs.state <> 'done'", other.as_str()),
    }
}

fn views(
    db: &Connection,
    which: &str,
    parameters: &[&dyn ToSql],
    view: impl Fn(&Row<'_>) -> rusqlite::Result<RunView>,
) -> rusqlite::Result<Vec<RunView>> {
    let views = "select runs.*, lanes.name, lanes.holder is runs.no as holds_lane,
             (select name from groups where no = runs.group_no) as group_name
         from runs join lanes on lanes.no = runs.lane"
        .to_owned()
        + which;
    db.prepare_cached(&views)?.query_map(parameters, view)?.collect()
}

fn view(db: &Connection, row: &Row<'_>) -> rusqlite::Result<RunView> {
    Ok(RunView {
        id: row.get::<_, String>("id")?.into(),
        lane: row.get::<_, String>("name")?.into(),
        state: get(row, "state")?,
        due: get_opt(row, "due")?,
        urgent: get_opt(row, "urgent")?,
        group: row.get::<_, Option<String>>("group_name")?.map(Group::from),
        attempt: row.get("attempt")?,
        failures: row.get("failures")?,
        fence: get(row, "fence")?,
        worker: row.get::<_, Option<String>>("worker")?.map(WorkerId::from),
        holds_lane: row.get("holds_lane")?,
        payload: get(row, "payload")?,
        steps: events::steps(db, row.get("no")?)?,
        note: note(row)?,
    })
}

/// A run in a list, though some of it cannot be read: the others of the list are none the worse.
fn what_can_be_read(row: &Row<'_>, error: &rusqlite::Error) -> rusqlite::Result<RunView> {
    let text = |index: &str| -> rusqlite::Result<String> {
        Ok(String::from_utf8_lossy(row.get_ref(index)?.as_bytes()?).into_owned())
    };
    Ok(RunView {
        id: text("id")?.into(),
        lane: text("name")?.into(),
        state: get(row, "state").unwrap_or(RunState::Parked),
        due: get_opt(row, "due").unwrap_or_default(),
        urgent: get_opt(row, "urgent").unwrap_or_default(),
        group: row.get::<_, Option<String>>("group_name").unwrap_or_default().map(Group::from),
        attempt: row.get("attempt").unwrap_or_default(),
        failures: row.get("failures").unwrap_or_default(),
        fence: get(row, "fence").unwrap_or_default(),
        worker: row.get::<_, Option<String>>("worker").unwrap_or_default().map(WorkerId::from),
        holds_lane: row.get("holds_lane")?,
        payload: get(row, "payload").unwrap_or_default(),
        steps: Vec::new(),
        note: Some(Note::Why(unreadable_run(error))),
    })
}

fn note(row: &Row<'_>) -> rusqlite::Result<Option<Note>> {
    let why = row.get::<_, Option<String>>("why")?.map(Note::Why);
    Ok(why.or(get_opt(row, "outcome")?.map(Note::Outcome)))
}

/// Those that are done are told by the others, because no index has them apart.
const BY_STATE: &str = "select state, count(*) from runs where state <> 'done' group by state
     union all
     select 'done', (select count(*) from runs) - (select count(*) from runs where state <> 'done')";

pub(super) fn counts(db: &Connection, now: Timestamp) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    let mut by_state = db.prepare_cached(BY_STATE)?;
    let mut rows = by_state.query([])?;
    while let Some(row) = rows.next()? {
        // Whatever else its state may say, the run needs a person.
        let state = row.get(0).map_or(RunState::Parked, |Column(state)| state);
        let Column(count): Column<u64> = row.get(1)?;
        *counts.of(state) += count;
    }
    let (later, next_ready) = waiting(db, now)?;
    counts.oldest_due = oldest_due(db, now)?;
    counts.ready_now -= later;
    counts.ready_later = later;
    counts.next_due = next_ready.into_iter().chain(next_lease_end(db, now)?).min();
    Ok(counts)
}

fn waiting(db: &Connection, now: Timestamp) -> rusqlite::Result<(u64, Option<Timestamp>)> {
    db.prepare_cached(
        "select count(*) as runs, min(due) as due from runs where state = 'ready' and due > ?1",
    )?
    .query_row([Column(now)], |row| Ok((get(row, "runs")?, get_opt(row, "due")?)))
}

fn oldest_due(db: &Connection, now: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    db.prepare_cached("select min(due) as due from runs where state = 'ready' and due <= ?1")?
        .query_row([Column(now)], |row| get_opt(row, "due"))
}

fn next_lease_end(db: &Connection, now: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    db.prepare_cached(
        "select min(due) as due from lanes where running = 1 and urgent is null and due > ?1",
    )?
    .query_row([Column(now)], |row| get_opt(row, "due"))
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::sqlite::schema;

    /// SQLite's own measure of work, for the parked ones of a journal with so many runs that are
    /// done.
    fn steps_to_list_those_that_are_parked(done: usize) -> i32 {
        let mut db = Connection::open_in_memory().unwrap();
        schema::create(&mut db).unwrap();
        db.execute_batch("insert into lanes (no, name) values (1, 'lane')").unwrap();
        let add = "insert into runs (id, lane, payload, state) values (?1, 1, x'', ?2)";
        for n in 0..done {
            db.execute(add, params![format!("{n:05}"), "done"]).unwrap();
        }
        db.execute(add, params!["a", "parked"]).unwrap();
        let which = format!("select id from runs where {} order by id", of_state(RunState::Parked));
        let mut parked = db.prepare(&which).unwrap();
        assert!(parked.exists([]).unwrap());
        parked.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn a_list_of_the_runs_in_a_state_costs_nothing_for_those_that_are_done() {
        assert_eq!(
            steps_to_list_those_that_are_parked(2),
            steps_to_list_those_that_are_parked(2000)
        );
    }
}
