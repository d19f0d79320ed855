//! Controls as rows.

use bytes::Bytes;
use rusqlite::{Connection, params};

use super::columns::{Column, get};
use super::transaction::{OperationError, Transaction};
use crate::control::Control;
use crate::control_check::check_room;
use crate::names::ControlName;

pub(super) fn set(
    tx: &Transaction<'_>,
    name: &ControlName,
    value: Option<&Bytes>,
    by: &str,
) -> Result<(), OperationError> {
    let others = "select count(*) from controls where name <> ?1";
    match value {
        Some(value) => {
            let Column(others) = tx.one(others, [name.as_str()], |row| row.get(0))?;
            check_room(others)?;
            tx.execute(
                "insert or replace into controls (name, value, who, at) values (?1, ?2, ?3, ?4)",
                params![name.as_str(), value.as_ref(), by, Column(tx.now)],
            )?;
        }
        None => {
            tx.execute("delete from controls where name = ?1", [name.as_str()])?;
        }
    }
    tx.news.set(true);
    Ok(())
}

pub(super) fn all(db: &Connection) -> rusqlite::Result<Vec<Control>> {
    db.prepare_cached("select name, value, who, at from controls order by name")?
        .query_map([], |row| {
            Ok(Control {
                name: row.get::<_, String>("name")?.into(),
                value: get(row, "value")?,
                by: row.get("who")?,
                at: get(row, "at")?,
            })
        })?
        .collect()
}
