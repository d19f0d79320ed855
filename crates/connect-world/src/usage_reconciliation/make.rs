//! Carrying a reconciliation out, and keeping it.

use std::collections::HashSet;

use connect_model::BillingRow;

use crate::actor::Actor;
use crate::denial::Denial;
use crate::state::State;
use crate::table::Record;
use crate::usage_chunk::make::records;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_file::sheet;
use crate::usage_reconciliation::record::Reconciliation;

/// Closes the records of a file that a sheet names, and returns the id of what is kept of it.
pub(crate) fn make(
    state: &mut State,
    who: &Actor,
    file: &UsageFileRecord,
    bills: &[BillingRow],
    note: Box<str>,
) -> Result<String, Denial> {
    sheet::reconcile(state, who, file, bills)?;
    let others = state.usage_reconciliations.iter().filter(|it| it.file == file.id);
    let reconciliation = Reconciliation {
        file: file.id.clone(),
        number: others.count() + 1,
        chunk: chunk(state, file, bills),
        records: bills.iter().map(|bill| bill.record_id.clone()).collect(),
        note,
        at: state.now,
        by: who.signature(),
    };
    let id = reconciliation.id();
    state.add(reconciliation);
    Ok(id)
}

/// Returns the chunk that all records of a sheet are of.
fn chunk(state: &State, file: &UsageFileRecord, bills: &[BillingRow]) -> Option<String> {
    let named: HashSet<&str> = bills.iter().map(|bill| &*bill.record_id).collect();
    let of_file = state.usage_chunks.iter().filter(|chunk| chunk.file == file.id);
    let mut touched = of_file.filter(|chunk| {
        records(state, chunk).any(|row| named.contains(&*row.record().row.record_id))
    });
    let first = touched.next()?;
    touched.next().is_none().then(|| first.id())
}
