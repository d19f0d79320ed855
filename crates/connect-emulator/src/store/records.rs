//! Records in the file.

use connect_world::Write;
use rusqlite::{Connection, params};

/// Keeps all records, or none.
pub(super) fn write<'w>(
    connection: &mut Connection,
    writes: impl Iterator<Item = &'w Write>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut keep = transaction.prepare_cached(
            "INSERT INTO record (kind, id, place, body) VALUES (?1, ?2, ?3, CAST(?4 AS TEXT))
             ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
        )?;
        let mut forget =
            transaction.prepare_cached("DELETE FROM record WHERE kind = ?1 AND id = ?2")?;
        for write in writes {
            match &write.body {
                Some(body) => keep.execute(params![write.kind, write.id, write.place, body])?,
                None => forget.execute(params![write.kind, write.id])?,
            };
        }
    }
    transaction.commit()
}
