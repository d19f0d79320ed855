//! The sheets of usage files: uploaded, checked, and brought back by the distributor.

use std::collections::HashMap;

use connect_model::lifecycle::usage_file::UsageFileOperation as Operation;
use connect_model::{BillingRow, UsageFileId, UsageFileStatus, UsageRecordStatus, UsageSheet};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::refusal_text;
use crate::state::State;
use crate::usage_file::categories::must_be_sound;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_file::turn::{close_file, turn_file};
use crate::usage_record::change::{blocks, close_approved, replace};
use crate::usage_record::check::{Checked, check};
use crate::usage_record::record::{Closing, UsageRecord};

/// Takes the sheet of a file in place of the one it has, and checks it.
pub(crate) fn upload(
    state: &mut State,
    who: &Actor,
    file: &UsageFileRecord,
    sheet: UsageSheet,
) -> Result<(), Denial> {
    must_be_sound(&sheet.categories)?;
    let categories = sheet.categories.clone();
    let checked = checked(state, file, sheet)?;
    let code = state.numbers.code();
    turn_file(state, who.signature(), &file.id, Operation::Upload, |file| {
        file.categories = categories;
        file.code = Some(code);
    });
    take(state, file, checked);
    Ok(())
}

/// Checks the records of a file once more: assets and items may have changed.
pub(crate) fn reprocess(
    state: &mut State,
    who: &Actor,
    file: &UsageFileRecord,
) -> Result<(), Denial> {
    turn_file(state, who.signature(), &file.id, Operation::Reprocess, |_| ());
    check_again(state, &file.id)
}

/// Checks the records of a file as the file is now.
pub(crate) fn check_again(state: &mut State, id: &UsageFileId) -> Result<(), Denial> {
    let file = state.usage_files.get(id.as_str()).cloned().ok_or_else(Denial::not_found)?;
    let checked = checked(state, &file, sheet_of(state, &file))?;
    take(state, &file, checked);
    Ok(())
}

fn checked(state: &State, file: &UsageFileRecord, sheet: UsageSheet) -> Result<Checked, Denial> {
    let product = state.shared.product(file.product.as_str()).ok_or_else(Denial::not_found)?;
    Ok(check(state, file, product, sheet))
}

/// Takes the records that were found, and says of the file whether all are right.
fn take(state: &mut State, file: &UsageFileRecord, checked: Checked) {
    let Checked { records, errors, invalid } = checked;
    replace(state, &file.id, records);
    state.change::<UsageFileRecord>(&file.id, |file| {
        file.status = match invalid {
            0 => UsageFileStatus::Ready,
            _ => UsageFileStatus::Invalid,
        };
        file.errors = errors;
    });
}

/// Closes the records of an accepted file that the distributor names. One wrong row, and none is
/// closed.
pub(crate) fn reconcile(
    state: &mut State,
    who: &Actor,
    file: &UsageFileRecord,
    bills: &[BillingRow],
) -> Result<(), Denial> {
    let held = records(state, file).map(|record| (&*record.row.record_id, &record.status));
    let mut left: HashMap<_, _> = held.collect();
    let mut closings = HashMap::with_capacity(bills.len());
    for (row, bill) in (1..).zip(bills) {
        let wrong = |why: &str| {
            Denial::invalid(format!("recon_file: Record {row}, {}: {why}", bill.record_id))
        };
        let status = left
            .remove(&*bill.record_id)
            .ok_or_else(|| wrong("The file has no such record, or the sheet has it twice."))?;
        if *status != UsageRecordStatus::Approved {
            return Err(wrong(&format!("It cannot be closed in status {status}.")));
        }
        if bill.external_billing_id.is_empty() {
            return Err(wrong(&format!("external_billing_id: {}", refusal_text::REQUIRED)));
        }
        let closing = Closing {
            billing_id: bill.external_billing_id.clone(),
            billing_note: bill.external_billing_note.clone(),
            ..Closing::plain(state.now, who.signature())
        };
        closings.insert(&*bill.record_id, closing);
    }
    close_approved(state, &file.id, |record| closings.get(&*record.row.record_id));
    close_file(state, who.signature(), &file.id);
    Ok(())
}

/// Returns the sheet of a file, as it came.
pub(crate) fn sheet_of(state: &State, file: &UsageFileRecord) -> UsageSheet {
    let records = records(state, file).map(|record| record.row.clone()).collect();
    UsageSheet { records, categories: file.categories.clone() }
}

/// Returns the records of a file, in the order of its sheet.
pub(crate) fn records<'w>(
    state: &'w State,
    file: &UsageFileRecord,
) -> impl Iterator<Item = &'w UsageRecord> + use<'w> {
    let blocks = blocks(state, &file.id).into_iter();
    blocks.filter_map(|id| state.usage_records.get(&id)).flat_map(|block| &block.records)
}
