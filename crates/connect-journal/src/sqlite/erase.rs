//! Erasing what is known of a customer. What has happened stays; what it was about goes.

use std::path::Path;

use rusqlite::{OpenFlags, params};

use super::columns::Column;
use super::connect::connect;
use super::events;
use super::open_error::OpenError;
use super::transaction::{OperationError, Transaction};
use crate::error::JournalError;
use crate::history::Fact;
use crate::names::{Lane, RunId};
use crate::run::RunState;

/// The runs whose data is to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// This one.
    Run(RunId),
    /// All of this lane.
    Lane(Lane),
}

/// The reasons for which data is not erased, or traces of it may be left.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EraseError {
    /// There is no such run.
    #[error("there is no run of `{0}`; list the runs to find it")]
    Nothing(String),
    /// Work on some of the runs may go on, which takes what would be erased. Nothing was erased.
    #[error(
        "work on these runs may go on, so nothing was erased: {}; bring their requests to an end first",
        told(.0)
    )]
    Open(Vec<(RunId, RunState)>),
    /// The data is erased, but what the file held before is still in parts of it that are free.
    #[error("erased, but traces may be left in free parts of the file; erase again")]
    Traces {
        /// The error of SQLite.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The journal does not answer.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

fn told(open: &[(RunId, RunState)]) -> String {
    open.iter().map(|(run, state)| format!("{run} ({state})")).collect::<Vec<_>>().join(", ")
}

impl EraseError {
    /// A name that stays the same over releases, for logs and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing(_) => "JRN_ERASE_NOTHING",
            Self::Open(_) => "JRN_ERASE_OPEN",
            Self::Traces { .. } => "JRN_ERASE_TRACES",
            Self::Journal(error) => error.code(),
        }
    }
}

/// Replaces what stands in the rows of these runs. Returns which ones they are.
pub(super) fn erase(
    tx: &Transaction<'_>,
    what: &Erasure,
    by: &str,
) -> Result<Result<Vec<RunId>, EraseError>, OperationError> {
    let (column, name) = match what {
        Erasure::Run(run) => ("runs.id", run.as_str()),
        Erasure::Lane(lane) => ("lanes.name", lane.as_str()),
    };
    let runs = format!(
        "select runs.no, runs.id, runs.state from runs join lanes on lanes.no = runs.lane
         where {column} = ?1 order by runs.id"
    );
    let found: Vec<(i64, RunId, RunState)> = tx
        .prepare(&runs)?
        .query_map([name], |row| {
            let Column(state) = row.get(2)?;
            Ok((row.get(0)?, row.get::<_, String>(1)?.into(), state))
        })?
        .collect::<rusqlite::Result<_>>()?;
    if found.is_empty() {
        return Ok(Err(EraseError::Nothing(name.to_owned())));
    }
    let open = found.iter().filter(|(_, _, state)| !state.is_over());
    let open: Vec<_> = open.map(|(_, run, state)| (run.clone(), *state)).collect();
    if !open.is_empty() {
        return Ok(Err(EraseError::Open(open)));
    }
    for (no, ..) in &found {
        erase_run(tx, *no, by)?;
    }
    Ok(Ok(found.into_iter().map(|(_, run, _)| run).collect()))
}

/// A run whose data was erased before is left as it is, but for notes that are there all the same.
fn erase_run(tx: &Transaction<'_>, run: i64, by: &str) -> rusqlite::Result<()> {
    tx.execute("delete from attempt_notes where run = ?1", [run])?;
    let erased = "select 1 from events where run = ?1 and kind = 'erased'
         and seq = (select max(seq) from events where run = ?1)";
    if tx.prepare(erased)?.exists([run])? {
        return Ok(());
    }
    let fact = Fact::Erased { by: by.to_owned() };
    tx.execute(
        "update events set body = iif(body is null, null, x''),
         why = iif(why is null, null, 'erased') where run = ?1",
        [run],
    )?;
    tx.execute(
        "update runs set payload = x'', outcome = null, why = ?2 where no = ?1",
        params![run, crate::history::erased(by)],
    )?;
    events::append(tx, run, &fact)
}

/// Writes the file anew, without what was in it before, and empties its log.
pub(super) fn wipe(file: &Path) -> Result<(), OpenError> {
    let db = connect(file, file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let sqlite = |error| OpenError::sqlite(file, error);
    db.execute_batch("vacuum").map_err(sqlite)?;
    let is_busy: bool =
        db.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0)).map_err(sqlite)?;
    match is_busy {
        true => Err(OpenError::unusable(file, "somebody reads it without end")),
        false => Ok(()),
    }
}
