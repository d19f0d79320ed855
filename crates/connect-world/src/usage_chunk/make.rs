//! Making the chunks of a file when it is accepted, and what belongs to them.

use std::collections::BTreeSet;

use connect_model::{HubId, UsageFileId};

use crate::state::State;
use crate::usage_chunk::record::UsageChunk;
use crate::usage_record::filters::UsageRecordRow;
use crate::usage_record::listed::of_file;

/// Makes a chunk for each hub that the file's records are about. Trials have none.
pub(crate) fn make(state: &mut State, id: &UsageFileId) {
    let Some(file) = state.usage_files.get(id.as_str()).cloned() else { return };
    let hubs: BTreeSet<HubId> = of_file(state, &file).filter_map(|row| hub(&row)).collect();
    let created = state.now;
    for (number, hub) in (1..).zip(hubs) {
        let (file, external_id) = (id.clone(), Box::default());
        state.put(UsageChunk { file, number, hub, external_id, created, closed: None });
    }
}

/// Returns the hub that a record is about.
fn hub(row: &UsageRecordRow) -> Option<HubId> {
    row.asset.as_ref()?.hub_id().map(HubId::from)
}

/// Returns the records of a chunk, in the order of the file's sheet.
pub(crate) fn records<'w>(
    state: &'w State,
    chunk: &'w UsageChunk,
) -> impl Iterator<Item = UsageRecordRow> + 'w {
    let file = state.usage_files.get(chunk.file.as_str()).into_iter();
    let records = file.flat_map(|file| of_file(state, file));
    records.filter(|row| hub(row).as_ref() == Some(&chunk.hub))
}
