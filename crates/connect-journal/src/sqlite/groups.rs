//! Groups, by their numbers.

use super::transaction::Transaction;
use crate::names::Group;

/// The number of the group of this name, which is created when it is new.
pub(super) fn number(tx: &Transaction<'_>, group: Option<&Group>) -> rusqlite::Result<Option<i64>> {
    let Some(group) = group else { return Ok(None) };
    if let Some(no) = find(tx, group)? {
        return Ok(Some(no));
    }
    tx.execute("insert into groups (name) values (?1)", [group.as_str()])?;
    Ok(Some(tx.db.last_insert_rowid()))
}

/// The numbers of those groups that some run belongs to.
pub(super) fn known(tx: &Transaction<'_>, groups: &[Group]) -> rusqlite::Result<Vec<i64>> {
    groups.iter().filter_map(|group| find(tx, group).transpose()).collect()
}

fn find(tx: &Transaction<'_>, group: &Group) -> rusqlite::Result<Option<i64>> {
    tx.first("select no from groups where name = ?1", [group.as_str()], |row| row.get(0))
}

/// The name of the group of this number.
pub(super) fn name(tx: &Transaction<'_>, no: Option<i64>) -> rusqlite::Result<Option<Group>> {
    let Some(no) = no else { return Ok(None) };
    let name: String = tx.one("select name from groups where no = ?1", [no], |row| row.get(0))?;
    Ok(Some(name.into()))
}
