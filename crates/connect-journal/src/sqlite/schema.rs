//! The layout of the file: how to tell it, and how to bring it up to date.

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

/// Each brings the layout one number further. Never changed once released.
const MIGRATIONS: [&str; 7] = [
    include_str!("../../migrations/0001.sql"),
    include_str!("../../migrations/0002.sql"),
    include_str!("../../migrations/0003.sql"),
    include_str!("../../migrations/0004.sql"),
    include_str!("../../migrations/0005.sql"),
    include_str!("../../migrations/0006.sql"),
    include_str!("../../migrations/0007.sql"),
];

/// The newest layout this version knows.
pub(super) const NEWEST: u32 = MIGRATIONS.len() as u32;

/// The first layout that tells backups from journals.
const FIRST_WITH_BACKUPS: u32 = 4;

/// Marks a SQLite file as a journal: "JRNL".
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"JRNL");

/// The kind of a SQLite file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nobody's: there is nothing in it.
    Empty,
    /// A journal this version can use, once migrated.
    Known,
    /// A journal whose layout is newer.
    Newer(u32),
    /// The file of the application with this id.
    Foreign(u32),
}

pub(super) fn layout(connection: &Connection) -> rusqlite::Result<Layout> {
    let version = number(connection, "user_version")?;
    Ok(match number(connection, "application_id")? {
        APPLICATION_ID if version > NEWEST => Layout::Newer(version),
        APPLICATION_ID => Layout::Known,
        0 if version == 0 && is_empty(connection)? => Layout::Empty,
        other => Layout::Foreign(other),
    })
}

pub(super) fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<u32> {
    // SQLite keeps four bytes and shows them as a signed number.
    let signed: i32 = connection.pragma_query_value(None, pragma, |row| row.get(0))?;
    Ok(signed.cast_unsigned())
}

/// Returns whether the file is a backup, which nobody has restored.
pub(super) fn is_backup(connection: &Connection) -> rusqlite::Result<bool> {
    let is_one = "select exists (select 1 from restorations where at is null)";
    if number(connection, "user_version")? < FIRST_WITH_BACKUPS {
        return Ok(false);
    }
    connection.query_row(is_one, [], |row| row.get(0))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("select not exists (select 1 from sqlite_schema)", [], |row| row.get(0))
}

/// Creates the tables in an empty file.
pub(super) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&transaction, 0)?;
    transaction.commit()
}

/// Brings a journal of an older version up to date. Changes nothing in a file that is newer,
/// somebody else's or nobody's.
pub(super) fn update(connection: &mut Connection) -> rusqlite::Result<Layout> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let layout = layout(&transaction)?;
    let version = number(&transaction, "user_version")?;
    if layout == Layout::Known && version < NEWEST {
        migrate(&transaction, version)?;
        transaction.commit()?;
    }
    Ok(layout)
}

fn migrate(transaction: &Connection, version: u32) -> rusqlite::Result<()> {
    for migration in MIGRATIONS.iter().skip(version as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", NEWEST)
}

/// From now on each commit is on the disk when it returns.
pub(super) fn make_durable(connection: &Connection) -> rusqlite::Result<()> {
    /// More than there are processes that open a new file at the same moment.
    const TRIES: usize = 100;
    let switch = || connection.pragma_update(None, "journal_mode", "wal");
    let mut switched = switch();
    for _ in 0..TRIES {
        if !matches!(&switched, Err(error) if is_busy(error)) {
            break;
        }
        // The switch does not wait for others, but the beginning of a transaction does.
        connection.execute_batch("begin immediate; rollback")?;
        switched = switch();
    }
    switched?;
    connection.pragma_update(None, "synchronous", "full")?;
    // From here on the write-ahead log is there.
    connection.execute_batch("begin immediate; rollback")
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}
