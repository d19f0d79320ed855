//! Changes of the records of a file, which keep its tally.

use connect_model::{UsageFileId, UsageRecordStatus};

use crate::state::State;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_record::record::{Closing, RecordPlace, UsageBlock, UsageRecord};
use crate::usage_record::tally::Tally;

/// Returns the ids of the blocks of a file.
pub(crate) fn blocks(state: &State, file: &UsageFileId) -> Vec<String> {
    let tally = state.usage_files.get(file.as_str()).map_or(0, |file| file.tally.all());
    UsageBlock::ids(file, tally).collect()
}

/// Replaces the records of a file.
pub(crate) fn replace(state: &mut State, file: &UsageFileId, records: Vec<UsageRecord>) {
    let before = blocks(state, file);
    let mut tally = Tally::default();
    records.iter().for_each(|record| tally.add(record));
    let now = UsageBlock::cut(file, records);
    before.iter().skip(now.len()).for_each(|block| state.remove::<UsageBlock>(block));
    now.into_iter().for_each(|block| state.put(block));
    state.change::<UsageFileRecord>(file, |file| file.tally = tally);
}

/// Takes all records of a file that are in one status to another.
pub(crate) fn turn_all(
    state: &mut State,
    file: &UsageFileId,
    from: &UsageRecordStatus,
    to: &UsageRecordStatus,
) {
    let turn = |record: &mut UsageRecord| record.status = to.clone();
    change_where(state, file, |record| record.status == *from, turn);
}

/// Closes those of a file's approved records for which there is an end.
pub(crate) fn close_approved<'c>(
    state: &mut State,
    file: &UsageFileId,
    closing: impl Fn(&UsageRecord) -> Option<&'c Closing>,
) {
    let closing = |record: &UsageRecord| {
        closing(record).filter(|_| record.status == UsageRecordStatus::Approved)
    };
    let is_closed = |record: &UsageRecord| closing(record).is_some();
    change_where(state, file, is_closed, |record| {
        if let Some(closing) = closing(record) {
            record.close(closing.clone());
        }
    });
}

/// Changes the records of a file that are wanted. A block is written once, and so is the file.
fn change_where(
    state: &mut State,
    file: &UsageFileId,
    wanted: impl Fn(&UsageRecord) -> bool,
    change: impl Fn(&mut UsageRecord),
) {
    let before = tally(state, file);
    let mut tally = before;
    for id in blocks(state, file) {
        let block = state.usage_records.get(&id);
        if !block.is_some_and(|block| block.records.iter().any(&wanted)) {
            continue;
        }
        state.change::<UsageBlock>(&id, |block| {
            for record in block.records.iter_mut().filter(|record| wanted(record)) {
                tally.take(record);
                change(record);
                tally.add(record);
            }
        });
    }
    if tally != before {
        state.change::<UsageFileRecord>(file, |file| file.tally = tally);
    }
}

/// Changes one record of a file.
pub(crate) fn change_one(
    state: &mut State,
    file: &UsageFileId,
    place: &RecordPlace,
    change: impl FnOnce(&mut UsageRecord),
) {
    let mut tally = tally(state, file);
    state.change::<UsageBlock>(&place.block, |block| {
        if let Some(record) = block.records.get_mut(place.at) {
            tally.take(record);
            change(record);
            tally.add(record);
        }
    });
    state.change::<UsageFileRecord>(file, |file| file.tally = tally);
}

fn tally(state: &State, file: &UsageFileId) -> Tally {
    state.usage_files.get(file.as_str()).map_or_else(Tally::default, |file| file.tally)
}
