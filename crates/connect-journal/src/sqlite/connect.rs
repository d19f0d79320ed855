//! Connections to a file, all set up alike.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::open_error::OpenError;

/// The longest wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connects to `file`, which SQLite is to know as `name`.
pub(super) fn connect(file: &Path, name: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    let open = || {
        let connection =
            Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        // Otherwise SQLite plans a cached statement anew whenever its parameters change.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    open().map_err(|error| OpenError::sqlite(file, error))
}
