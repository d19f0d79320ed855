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
    closing: Option<&Closing>,
) {
    for id in blocks(state, file) {
        let block = state.usage_records.get(&id);
        if block.is_none_or(|block| block.records.iter().all(|record| record.status != *from)) {
            continue;
        }
        let mut tally = tally(state, file);
        state.change::<UsageBlock>(&id, |block| {
            for record in block.records.iter_mut().filter(|record| record.status == *from) {
                turn_record(&mut tally, record, to, closing);
            }
        });
        state.change::<UsageFileRecord>(file, |file| file.tally = tally);
    }
}

/// Takes one record of a file to a status.
pub(crate) fn turn(
    state: &mut State,
    file: &UsageFileId,
    place: &RecordPlace,
    to: &UsageRecordStatus,
    closing: Option<&Closing>,
) {
    let mut tally = tally(state, file);
    state.change::<UsageBlock>(&place.block, |block| {
        if let Some(record) = block.records.get_mut(place.at) {
            turn_record(&mut tally, record, to, closing);
        }
    });
    state.change::<UsageFileRecord>(file, |file| file.tally = tally);
}

fn turn_record(
    tally: &mut Tally,
    record: &mut UsageRecord,
    to: &UsageRecordStatus,
    closing: Option<&Closing>,
) {
    tally.take(record);
    record.status = to.clone();
    record.closing = closing.cloned().map(Box::new).or(record.closing.take());
    tally.add(record);
}

fn tally(state: &State, file: &UsageFileId) -> Tally {
    state.usage_files.get(file.as_str()).map_or_else(Tally::default, |file| file.tally)
}
